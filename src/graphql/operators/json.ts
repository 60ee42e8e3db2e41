/** What stands at a path inside JSON. An index on the whole document serves the paths that name keys only. */
import type { JsonValue } from '../../kernel/json.ts';
import { type Operand, type Operator, readFlag, refused } from './operator.ts';

/** Deeper documents are refused where they enter. */
const LONGEST_PATH = 64;

function readPath({ beside, at }: Operand): readonly string[] {
  const path = beside['path'] ?? [];
  const where = at.replace(/[^.]*$/, 'path');
  if (!Array.isArray(path)) throw refused(where, 'takes a list of names');
  if (path.length > LONGEST_PATH) throw refused(where, `takes ${LONGEST_PATH} names at most`);
  return path.map((name: unknown) => {
    if (typeof name === 'string') return name.normalize('NFC');
    throw refused(where, 'takes a list of names');
  });
}

/** A place in a list as it is written: from 0, or from the end. Such a name may be a key as well. */
const PLACE = /^(?:0|-?[1-9]\d*)$/;
/** What PostgreSQL reads as a place beside that, such as "+0", "-0" and "01": a key is meant, and no place. */
const LIKE_A_PLACE = /^[ \t\n\v\f\r]*[+-]?\d+$/;

/** The JSON at the path as SQL: NULL where there is none. */
function valueAt({ column, params }: Operand, path: readonly string[]): string {
  if (path.length === 0) return column;
  if (path.every((name) => PLACE.test(name) || !LIKE_A_PLACE.test(name)))
    return `(${column} #> ${params.add(path, 'text[]')})`;
  // An arrow to a text finds keys alone.
  return path.reduce(
    (value, name) =>
      `(${value} ${PLACE.test(name) ? `#> ${params.add([name], 'text[]')}` : `-> ${params.add(name, 'text')}`})`,
    column,
  );
}

const json = ({ params }: Operand, value: JsonValue): string => params.add(JSON.stringify(value), 'jsonb');

/** A document that holds nothing but the value at the path. */
const documentOf = (path: readonly string[], value: JsonValue): JsonValue =>
  path.reduceRight<JsonValue>((inner, name) => ({ [name]: inner }), value);

/** A number in a path may be a key or a place in a list, and is then no part of one document. */
const namesKeysOnly = (path: readonly string[]): boolean => !path.some((name) => PLACE.test(name));

/** A condition that follows from the exact one and that the index on the whole document serves. */
function indexed(operand: Operand, path: readonly string[], values: readonly JsonValue[]): string[] {
  if (!namesKeysOnly(path)) return [];
  const alternatives = values.map((value) => `${operand.column} @> ${json(operand, documentOf(path, value))}`);
  return [`(${alternatives.join(' OR ')})`];
}

function readJson({ value, at }: Operand): JsonValue {
  if (value === undefined) throw refused(at, 'takes JSON');
  // The scalar has checked it: what is typed unknown here is JSON.
  return JSON.parse(JSON.stringify(value));
}

const exists: Operator = {
  name: 'exists',
  takes: 'flag',
  description: 'True: something stands at `path`, a null included; false: nothing does.',
  example: () => 'true',
  sql: (operand) => `${valueAt(operand, readPath(operand))} IS ${readFlag(operand) ? 'NOT ' : ''}NULL`,
};

const equals: Operator = {
  name: 'equals',
  takes: 'json',
  description: 'What stands at `path` is exactly this; null finds a null that stands there.',
  example: () => '"UA"',
  sql: (operand) => {
    const path = readPath(operand);
    const value = readJson(operand);
    const exact = `${valueAt(operand, path)} = ${json(operand, value)}`;
    return [...indexed(operand, path, [value]), exact].join(' AND ');
  },
};

const contains: Operator = {
  name: 'contains',
  takes: 'json',
  description:
    'What stands at `path` contains this: an object these keys with what they contain, a list these values in any order.',
  example: () => '["glif"]',
  sql: (operand) => {
    const path = readPath(operand);
    const value = readJson(operand);
    const exact = `${valueAt(operand, path)} @> ${json(operand, value)}`;
    if (path.length === 0) return exact;
    // A list contains its bare values, but only at the top of what is compared.
    const forms: JsonValue[] = typeof value === 'object' && value !== null ? [value] : [value, [value]];
    return [...indexed(operand, path, forms), exact].join(' AND ');
  },
};

const isNull: Operator = {
  name: 'isNull',
  takes: 'flag',
  description: 'True: nothing stands at `path`, or a null; false: a value does.',
  example: () => 'true',
  sql: (operand) => {
    const value = valueAt(operand, readPath(operand));
    return `coalesce(${value}, 'null') ${readFlag(operand) ? '=' : '<>'} 'null'::jsonb`;
  },
};

export const JSON_OPERATORS: readonly Operator[] = [exists, equals, contains, isNull];
