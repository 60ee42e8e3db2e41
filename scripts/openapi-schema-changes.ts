/** What a changed JSON Schema breaks: for who sends values of it, or for who reads them. */
import { isJsonObject } from '../src/kernel/json.ts';
import type { ApiChange } from './changelog.ts';

/** `in` for what clients send, `out` for what they read. */
export type Direction = 'in' | 'out';

export interface SchemaComparison {
  /** Compares a place of the released API with the same of the current one. */
  readonly compare: (place: string, before: unknown, after: unknown, direction: Direction) => void;
}

type Schema = Readonly<Record<string, unknown>>;

/** Compares schemas of two documents; what breaks goes to `tell`. Named schemas are compared once for each direction. */
export function compareSchemas(
  released: unknown,
  current: unknown,
  tell: (change: ApiChange) => void,
): SchemaComparison {
  const compared = new Set<string>();
  const compare: SchemaComparison['compare'] = (place, before, after, direction) => {
    const [name, nameNow] = [nameOf(before), nameOf(after)];
    const resolved = { before: resolve(released, before), after: resolve(current, after) };
    if (name === undefined || name !== nameNow)
      return compareResolved(place, resolved.before, resolved.after, direction);
    const key = `${direction} ${name}`;
    if (compared.has(key)) return;
    compared.add(key);
    compareResolved(`REST ${name}`, resolved.before, resolved.after, direction);
  };
  const compareResolved = (place: string, before: Schema, after: Schema, direction: Direction): void => {
    const say = (description: string, coordinate = place): void => tell({ coordinate, description });
    compareTypes(before, after, direction, say);
    compareValues(before, after, direction, say);
    if (direction === 'in') compareBounds(before, after, say);
    const [required, requiredNow] = [listOf(before['required']), listOf(after['required'])];
    const [properties, propertiesNow] = [partsOf(before['properties']), partsOf(after['properties'])];
    for (const [property, schema] of Object.entries(properties)) {
      const inner = `${place}.${property}`;
      const now = propertiesNow[property];
      if (now === undefined) say('was taken away.', inner);
      else compare(inner, schema, now, direction);
      if (direction === 'out' && now !== undefined && required.includes(property) && !requiredNow.includes(property)) {
        say('may be missing now.', inner);
      }
    }
    if (direction === 'in') {
      for (const property of requiredNow) {
        if (!required.includes(property)) say('must be given now.', `${place}.${property}`);
      }
    }
    if (before['items'] !== undefined) compare(`${place}[]`, before['items'], after['items'] ?? {}, direction);
    compareBranches(place, before, after, direction, compare, say);
  };
  return { compare };
}

const nameOf = (schema: unknown): string | undefined => {
  const ref = isJsonObject(schema) ? schema['$ref'] : undefined;
  return typeof ref === 'string' ? ref.slice(ref.lastIndexOf('/') + 1) : undefined;
};

/** What a reference leads to, or the thing itself. */
export function resolve(document: unknown, value: unknown): Schema {
  const ref = isJsonObject(value) ? value['$ref'] : undefined;
  if (typeof ref !== 'string') return isJsonObject(value) ? value : {};
  let found: unknown = document;
  for (const step of ref.split('/').slice(1)) found = isJsonObject(found) ? found[step] : undefined;
  return isJsonObject(found) ? found : {};
}

const listOf = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);
const partsOf = (value: unknown): Schema => (isJsonObject(value) ? value : {});

/** Undefined for any type. */
function typesOf({ type }: Schema): string[] | undefined {
  return type === undefined ? undefined : Array.isArray(type) ? type.map(String) : [String(type)];
}

const includes = (types: readonly string[] | undefined, type: string): boolean =>
  types === undefined || types.includes(type) || (type === 'integer' && types.includes('number'));

function compareTypes(before: Schema, after: Schema, direction: Direction, say: (what: string) => void): void {
  const [narrow, wide] = direction === 'in' ? [before, after] : [after, before];
  const [types, wanted] = [typesOf(narrow), typesOf(wide)];
  const isSafe = types === undefined ? wanted === undefined : types.every((type) => includes(wanted, type));
  if (!isSafe)
    say(`was ${typesOf(before)?.join(' or ') ?? 'anything'}, is ${typesOf(after)?.join(' or ') ?? 'anything'}.`);
  if (before['format'] !== after['format'] && (direction === 'out' || after['format'] !== undefined)) {
    say(`has another format: ${String(after['format'] ?? 'none')}.`);
  }
}

const valuesOf = (schema: Schema): readonly unknown[] | undefined => {
  if (schema['const'] !== undefined) return [schema['const']];
  return Array.isArray(schema['enum']) ? schema['enum'] : undefined;
};

/** A value that is new breaks nobody who bears with values that they do not know. */
function compareValues(before: Schema, after: Schema, direction: Direction, say: (what: string) => void): void {
  const [values, now] = [valuesOf(before), valuesOf(after)];
  if (now === undefined) return;
  if (values === undefined && direction === 'in') say(`takes only ${now.join(', ')} now.`);
  const gone = (values ?? []).filter((value) => !now.includes(value));
  if (gone.length > 0) say(`has no ${gone.join(', ')} any more.`);
}

const UPPER = ['maximum', 'exclusiveMaximum', 'maxLength', 'maxItems', 'maxProperties'];
const LOWER = ['minimum', 'exclusiveMinimum', 'minLength', 'minItems', 'minProperties'];

function compareBounds(before: Schema, after: Schema, say: (what: string) => void): void {
  for (const name of [...UPPER, ...LOWER]) {
    const [was, is] = [before[name], after[name]];
    if (typeof is !== 'number') continue;
    const isTighter = typeof was !== 'number' || (UPPER.includes(name) ? is < was : is > was);
    if (isTighter) say(`has a tighter ${name}: ${is}.`);
  }
  if (after['pattern'] !== undefined && after['pattern'] !== before['pattern']) say('must fit another pattern.');
  if (before['additionalProperties'] !== false && after['additionalProperties'] === false && before['properties']) {
    say('takes no further names.');
  }
}

function compareBranches(
  place: string,
  before: Schema,
  after: Schema,
  direction: Direction,
  compare: SchemaComparison['compare'],
  say: (what: string) => void,
): void {
  for (const keyword of ['anyOf', 'oneOf', 'allOf']) {
    const [was, is] = [before[keyword], after[keyword]];
    if (!Array.isArray(was) && !Array.isArray(is)) continue;
    const [branches, now] = [Array.isArray(was) ? was : [before], Array.isArray(is) ? is : [after]];
    const isNarrower = keyword === 'allOf' ? now.length > branches.length : now.length < branches.length;
    if (branches.length === now.length) {
      for (const [index, branch] of branches.entries()) compare(place, branch, now[index], direction);
    } else if (isNarrower === (direction === 'in')) say('is one of other things than before.');
  }
}
