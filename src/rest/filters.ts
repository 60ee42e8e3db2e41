/** Conditions of a query such as `status=active&created_date.gte=2025-11-01` as the declaration's own `where`. */
import Type, { type TSchema } from 'typebox';
import type { FieldKind, FieldReads } from '../graphql/entity.ts';
import { operatorsOf } from '../graphql/operators.ts';
import type { RestEntity } from './entity.ts';
import { instantOf, jsonOf } from './given-values.ts';
import { plain, shapeOf } from './schemas.ts';

interface Suffix {
  /** After the field's name, such as `.gte`; nothing for being equal. */
  readonly name: string;
  /** The operator of `where`, and of several values the one for these. */
  readonly operator: string;
  readonly several?: string;
  readonly words: string;
}

const SUFFIXES: readonly Suffix[] = [
  { name: '', operator: 'equals', several: 'in', words: 'Is this; given several times, is one of them.' },
  {
    name: '.not',
    operator: 'notEquals',
    several: 'notIn',
    words: 'Is another, or has none; given several times, is none of them.',
  },
  { name: '.gt', operator: 'gt', words: 'Is more than this, or later.' },
  { name: '.gte', operator: 'gte', words: 'Is this or more, or later.' },
  { name: '.lt', operator: 'lt', words: 'Is less than this, or earlier.' },
  { name: '.lte', operator: 'lte', words: 'Is this or less, or earlier.' },
  { name: '.contains', operator: 'contains', words: 'Holds this; upper and lower case are alike.' },
  { name: '.is_null', operator: 'isNull', words: 'True: has no value; false: has one.' },
];

/** Of JSON only these: what it is compared with is no text. */
const OF_JSON = new Set(['contains', 'isNull']);
/** A list of more belongs into several requests. */
const MOST_VALUES = 100;

function suffixesOf(field: FieldReads): readonly Suffix[] {
  const operators = new Set(operatorsOf(field).map(({ name }) => name));
  return SUFFIXES.filter(({ operator }) => operators.has(operator) && (field.kind !== 'json' || OF_JSON.has(operator)));
}

/** The parameters by which a list of the type is filtered, by name. */
export function filterSchemas({ fields, reads, one }: RestEntity): Record<string, TSchema> {
  const schemas: Record<string, TSchema> = {};
  for (const { name, reads: field, declared } of fields.values()) {
    if (declared === undefined) continue;
    for (const suffix of suffixesOf(field)) {
      const place = `${name}${suffix.name}`;
      schemas[place] = Type.Optional(plain({ ...parameter(field, suffix), $id: `${one}.${place}` }));
    }
  }
  for (const [name, { values, description }] of Object.entries(reads.conditions ?? {})) {
    schemas[name] = Type.Optional(
      plain({
        ...{ $id: `${one}.${name}`, type: 'array', description },
        ...{ items: { type: 'string', enum: values.values }, maxItems: MOST_VALUES },
      }),
    );
  }
  return schemas;
}

function parameter(field: FieldReads, { operator, several, words }: Suffix): Readonly<Record<string, unknown>> {
  const description = `${field.description} ${words}`;
  if (operator === 'isNull') return { type: 'boolean', description };
  const example = TEXTS[field.kind];
  const items =
    example === undefined ? shapeOf({ ...field, nullable: false }) : { type: 'string', examples: [example] };
  if (several === undefined) return { ...items, description };
  return { type: 'array', items, minItems: 1, maxItems: MOST_VALUES, description };
}

/** What is read here, by example: a date alone will do, and JSON comes as text. */
const TEXTS: Partial<Record<FieldKind, string>> = { dateTime: '2025-11-20', json: '{"source":"form"}' };

/**
 * What of a checked query are conditions, as `where` of the declaration; undefined for none.
 * @throws AppError BAD_USER_INPUT for a date that there is not, or what is no JSON
 */
export function readFilters(
  entity: RestEntity,
  query: Readonly<Record<string, unknown>>,
): Record<string, unknown> | undefined {
  const where: Record<string, Record<string, unknown>> = {};
  for (const { name, reads, declared } of entity.fields.values()) {
    if (declared === undefined) continue;
    for (const suffix of suffixesOf(reads)) {
      const place = `${name}${suffix.name}`;
      const given = query[place];
      if (given === undefined) continue;
      const values = (Array.isArray(given) ? given : [given]).map((value: unknown) =>
        typedValue(reads.kind, value, place),
      );
      const [operator, value] =
        suffix.several !== undefined && values.length > 1 ? [suffix.several, values] : [suffix.operator, values[0]];
      where[declared] = { ...where[declared], [operator]: value };
    }
  }
  for (const name of Object.keys(entity.reads.conditions ?? {})) {
    if (query[name] !== undefined) where[name] = { in: query[name] };
  }
  return Object.keys(where).length === 0 ? undefined : where;
}

function typedValue(kind: FieldKind, value: unknown, place: string): unknown {
  if (typeof value === 'boolean') return value;
  if (kind === 'dateTime') return instantOf(value, place);
  if (kind === 'bigint' && typeof value === 'number') return BigInt(value);
  return kind === 'json' ? jsonOf(value, place) : value;
}
