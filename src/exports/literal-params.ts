/** Parameters for COPY, which takes none: each value stands in the text as a literal, cast as a parameter would be. */
import pg from 'pg';
import type { Params } from '../graphql/params.ts';
import { AppError } from '../kernel/errors.ts';
import { textFault } from '../kernel/text-fault.ts';

/** Values as literals. @throws AppError BAD_USER_INPUT for text that the server has no way to hold */
export function literalParams(): Params {
  return { values: [], add: (value, type) => `${literal(value)}::${type}` };
}

/** A value as an SQL literal. */
export function literal(value: unknown): string {
  if (value === null || value === undefined) return 'NULL';
  if (Array.isArray(value)) return quoted(arrayText(value));
  return quoted(textOf(value));
}

function quoted(text: string): string {
  const fault = textFault(text);
  // A NUL would end the statement in the middle.
  if (fault !== undefined) throw new AppError('BAD_USER_INPUT', fault, { path: 'where' });
  return pg.escapeLiteral(text);
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value instanceof Date) return value.toISOString();
  if (typeof value === 'object') return JSON.stringify(value);
  return String(value);
}

/** PostgreSQL's text of an array. */
function arrayText(values: readonly unknown[]): string {
  const items = values.map((value: unknown): string => {
    if (value === null || value === undefined) return 'NULL';
    return Array.isArray(value) ? arrayText(value) : `"${textOf(value).replace(/["\\]/g, '\\$&')}"`;
  });
  return `{${items.join(',')}}`;
}
