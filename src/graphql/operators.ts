/** What can be asked of a field in `where`, by the field's kind: one table for the inputs, the SQL and the documentation. */
import { AppError } from '../kernel/errors.ts';
import type { FieldKind, FieldReads } from './entity.ts';
import type { Params } from './params.ts';
import { SQL_TYPE } from './values.ts';

export interface Operator {
  readonly name: string;
  /** What it takes: one value of the field's type, or a list of them. */
  readonly takes: 'value' | 'list';
  readonly description: string;
  readonly sql: (column: string, value: unknown, kind: FieldKind, params: Params) => string;
}

/** Longer lists belong into a table, not into a question. */
const MOST_LISTED = 1_000;

const equals: Operator = {
  name: 'equals',
  takes: 'value',
  description: 'Is this value; null finds what has none.',
  sql: (column, value, kind, params) =>
    value === null ? `${column} IS NULL` : `${column} = ${params.add(normal(value), SQL_TYPE[kind])}`,
};

const isIn: Operator = {
  name: 'in',
  takes: 'list',
  description: 'Is one of these values; an empty list finds nothing.',
  sql: (column, value, kind, params) => {
    if (!Array.isArray(value)) throw badFilter('`in` takes a list');
    if (value.length > MOST_LISTED) throw badFilter(`\`in\` takes ${MOST_LISTED} values at most`);
    return `${column} = ANY(${params.add(value.map(normal), `${SQL_TYPE[kind]}[]`)})`;
  },
};

const contains: Operator = {
  name: 'contains',
  takes: 'value',
  description: 'Holds this text, upper and lower case alike.',
  sql: (column, value, _kind, params) => {
    if (typeof value !== 'string') throw badFilter('`contains` takes a text');
    return `${column} ILIKE ${params.add(`%${literally(value.normalize('NFC'))}%`, 'text')}`;
  },
};

const EXACT = [equals, isIn];

const BY_KIND: Record<FieldKind, readonly Operator[]> = {
  id: EXACT,
  uuid: EXACT,
  enumeration: EXACT,
  text: [contains],
  boolean: [],
  integer: [],
  bigint: [],
  float: [],
  dateTime: [],
  json: [],
};

/** The operators that `where` offers on a field; none when it is not filtered by. */
export const operatorsOf = (field: FieldReads): readonly Operator[] => (field.filter ? BY_KIND[field.kind] : []);

/** Text is kept composed, so that an accent matches however it was typed. */
const normal = (value: unknown): unknown => (typeof value === 'string' ? value.normalize('NFC') : value);

/** The characters that LIKE reads as patterns, as themselves. */
const literally = (text: string): string => text.replace(/[\\%_]/g, '\\$&');

const badFilter = (message: string): AppError => new AppError('BAD_USER_INPUT', message, { path: 'where' });
