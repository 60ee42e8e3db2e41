/** How each column of a source is written as JSON: what its type in the database says, as the database itself does it. */

import { identifier } from '../database/copy.ts';
import type { CopySession } from '../database/copy-session.ts';
import type { ExportSource } from './source.ts';

/** What COPY's text of a value becomes: a string, a moment of ISO 8601, a number as it is, one that may be none, or JSON as it is. */
export type JsonForm = 'text' | 'moment' | 'number' | 'float' | 'boolean' | 'json';

export interface JsonColumn {
  readonly name: string;
  readonly form: JsonForm;
  readonly sql: string;
}

/** PostgreSQL's own numbers of its types. */
const FORMS: Readonly<Record<number, JsonForm>> = {
  16: 'boolean',
  20: 'number',
  21: 'number',
  23: 'number',
  25: 'text',
  114: 'json',
  700: 'float',
  701: 'float',
  1043: 'text',
  1184: 'moment',
  1700: 'float',
  2950: 'text',
  3802: 'json',
};

/** The columns with their forms, of types that have none of their own as the database makes JSON of them. */
export async function jsonColumns(
  { client }: Pick<CopySession, 'client'>,
  { columns, select }: Pick<ExportSource, 'columns' | 'select'>,
): Promise<JsonColumn[]> {
  const list = columns.map(({ sql, name }) => `${sql} AS ${identifier(name)}`).join(', ');
  const { fields } = await client.query(`SELECT * FROM (${select(list)}) r LIMIT 0`);
  return columns.map(({ name, sql }, index) => {
    const form = FORMS[fields[index]?.dataTypeID ?? 0];
    return form === undefined ? { name, form: 'json', sql: `to_json(${sql})` } : { name, form, sql };
  });
}
