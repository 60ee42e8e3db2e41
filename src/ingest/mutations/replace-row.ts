/** A row written whole, by its key: made if it is new, else every field that is left out goes back to nothing or its default. */
import type { Query } from '../../database/session.ts';
import { AppError } from '../../kernel/errors.ts';
import type { JsonValue } from '../../kernel/json.ts';
import { readTable } from '../table.ts';
import type { Given } from './check.ts';
import { collectFaults } from './faults.ts';
import type { Mutable } from './mutable.ts';
import { lockedRow, type Precondition, requirePrecondition } from './precondition.ts';
import { createRow, type HandWrite, updateRow, type Written } from './write-rows.ts';

/**
 * Makes or replaces one row. `record` names its fields by columns.
 * @throws AppError BAD_USER_INPUT, CONFLICT; HttpError 412
 */
export async function replaceRow(
  write: HandWrite,
  mutable: Mutable,
  asked: { readonly key: string; readonly record: Given; readonly precondition: Precondition },
): Promise<Written> {
  const { keyColumn } = mutable;
  const { record, precondition } = asked;
  const key = keyIn(mutable, asked.key) ?? asked.key;
  const named = record[keyColumn] ?? undefined;
  if (named !== undefined && named !== key && keyIn(mutable, named) !== key) {
    const path = `input.${keyColumn}`;
    const message = `The address names the row ${key}: leave ${keyColumn} out, or give the same`;
    throw new AppError('BAD_USER_INPUT', message, { path, faults: [{ path, code: 'INVALID_ID', message }] });
  }
  const row = await lockedRow(write, mutable, key, true);
  requirePrecondition(mutable, key, row, precondition);
  if (row === undefined) {
    // Said to be nothing: what files said of a row that was deleted fills what a new one does not give.
    const nothing = Object.fromEntries(mutable.fields.map(({ column }) => [column, null]));
    return { key: await createRow(write, mutable, { ...nothing, ...record, [keyColumn]: key }), outcome: 'created' };
  }
  const { [keyColumn]: _key, ...values } = record;
  const patch = { ...(await leftOut(write, mutable, values)), ...values };
  const changed = await updateRow(write, mutable, { key, patch });
  return { key, outcome: changed ? 'updated' : 'unchanged' };
}

/** The key in its full form, as a row that is made gets it: Video_19 is Video_019. Undefined for what is no key. */
function keyIn({ check, keyColumn }: Mutable, given: unknown): string | undefined {
  const key = check({ [keyColumn]: given }, '', collectFaults()).values[keyColumn];
  return typeof key === 'string' ? key : undefined;
}

/**
 * What stands for the fields that a whole row leaves out. A moment whose default is the present one stays: it says when the
 * row came to be, and the same request sent twice must leave the same row.
 */
async function leftOut(
  { client, query }: HandWrite,
  { table, key, fields }: Mutable,
  given: Given,
): Promise<Record<string, JsonValue>> {
  const absent = fields.filter(({ column }) => column !== key.column && (given[column] ?? null) === null);
  const values: Record<string, JsonValue> = {};
  for (const { column, clearable } of absent) if (clearable) values[column] = null;
  const kept = absent.filter(({ clearable, reads }) => !clearable && reads.kind !== 'dateTime');
  if (kept.length === 0) return values;
  const { columns } = await readTable(client, table);
  const defaults = kept.flatMap(({ column }) => {
    const sql = columns.get(column)?.default ?? null;
    return sql === null ? [] : [{ column, sql }];
  });
  // What has no default must be given: emptying it is refused, and the refusal names it.
  for (const { column } of kept) values[column] = null;
  return { ...values, ...(await constants(query, table, defaults)) };
}

/** The values of defaults, which the table's own definition writes as SQL. */
async function constants(
  query: Query,
  table: string,
  defaults: readonly { readonly column: string; readonly sql: string }[],
): Promise<Record<string, JsonValue>> {
  if (defaults.length === 0) return {};
  const pairs = defaults.map(({ column, sql }) => `'${column}', ${sql}`).join(', ');
  const [row] = await query<{ value: Record<string, JsonValue> }>(
    `defaults of ${table}`,
    `SELECT jsonb_build_object(${pairs}) AS value`,
  );
  return row?.value ?? {};
}
