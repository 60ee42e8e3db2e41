/** A property of a page as a plain value: what stands in its front matter, in a table's CSV and in its JSON. */
import { type Page, textOf } from './objects.ts';

export type PlainValue =
  | string
  | number
  | boolean
  | null
  | readonly PlainValue[]
  | { readonly [key: string]: PlainValue };

type Property = Page['properties'][string];
type Of<Type extends Property['type']> = Extract<Property, { type: Type }>;
/** What a rollup gathers: properties without ids. */
type Member = Extract<Of<'rollup'>['rollup'], { type: 'array' }>['array'][number];

/** Null where it is empty, or where it is of a kind that holds no value (a button). */
export function propertyValue(property: Property | Member): PlainValue {
  switch (property.type) {
    case 'title':
      return textOf(property.title) || null;
    case 'rich_text':
      return textOf(property.rich_text) || null;
    case 'select':
      return property.select?.name ?? null;
    case 'status':
      return property.status?.name ?? null;
    case 'multi_select':
      return property.multi_select.map(({ name }) => name);
    case 'date':
      return dateValue(property.date);
    case 'people':
      return property.people.map(nameOf);
    case 'relation':
      return property.relation.map(({ id }) => id);
    case 'files':
      return property.files.map(({ name }) => name);
    case 'formula':
      return formulaValue(property.formula);
    case 'rollup':
      return rollupValue(property.rollup);
    case 'created_by':
      return nameOf(property.created_by);
    case 'last_edited_by':
      return nameOf(property.last_edited_by);
    case 'unique_id':
      return [property.unique_id.prefix, property.unique_id.number].filter((part) => part !== null).join('-') || null;
    case 'verification':
      return property.verification?.state ?? null;
    case 'place':
      return property.place === null ? null : JSON.stringify(property.place);
    case 'number':
    case 'checkbox':
    case 'url':
    case 'email':
    case 'phone_number':
    case 'created_time':
    case 'last_edited_time':
      return scalar(Reflect.get(property, property.type));
    default:
      return null;
  }
}

/** All properties but the title, by the names that people gave them. */
export function propertiesOf(page: Page): { readonly [name: string]: PlainValue } {
  const named = Object.entries(page.properties).filter(([, property]) => property.type !== 'title');
  return Object.fromEntries(named.map(([name, property]) => [name, propertyValue(property)]));
}

/** A day as it is, and a span as its two ends. */
function dateValue(date: Of<'date'>['date']): PlainValue {
  if (date === null) return null;
  return date.end === null ? date.start : { start: date.start, end: date.end };
}

function formulaValue(formula: Of<'formula'>['formula']): PlainValue {
  return formula.type === 'date' ? dateValue(formula.date) : scalar(Reflect.get(formula, formula.type));
}

function rollupValue(rollup: Of<'rollup'>['rollup']): PlainValue {
  if (rollup.type === 'date') return dateValue(rollup.date);
  if (rollup.type !== 'array') return scalar(Reflect.get(rollup, rollup.type));
  return rollup.array.map(propertyValue);
}

function nameOf(somebody: object): string {
  const name: unknown = Reflect.get(somebody, 'name');
  return typeof name === 'string' && name !== '' ? name : String(Reflect.get(somebody, 'id'));
}

function scalar(value: unknown): PlainValue {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null;
}
