/** JSON Merge Patch (RFC 7396) of the columns that hold JSON: an object is merged, null takes a name away. */
import { identifier } from '../../database/copy.ts';
import { emptyObject, isJsonObject, type JsonValue, type MutableJsonObject } from '../../kernel/json.ts';
import type { Given } from './check.ts';
import type { Mutable } from './mutable.ts';
import type { HandWrite } from './write-rows.ts';

/** What `patch` makes of `target`. */
export function merged(target: JsonValue, patch: JsonValue): JsonValue {
  if (!isJsonObject(patch)) return patch;
  const result: MutableJsonObject = Object.assign(emptyObject(), isJsonObject(target) ? target : {});
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) delete result[name];
    else result[name] = merged(result[name] ?? null, value);
  }
  return result;
}

/** The patch with its objects merged into what the row, which the caller has locked, holds of them. */
export async function mergedPatch(write: HandWrite, mutable: Mutable, key: string, patch: Given): Promise<Given> {
  const columns = mutable.fields
    .filter(({ column, reads }) => reads.kind === 'json' && isJsonObject(patch[column]))
    .map(({ column }) => column);
  if (columns.length === 0) return patch;
  const { table, keyColumn } = mutable;
  const [row] = await write.query<Record<string, JsonValue>>(
    `JSON of ${table}`,
    `SELECT ${columns.map((column) => `t.${identifier(column)}`).join(', ')} FROM ${table} t WHERE t.${keyColumn} = $1`,
    [key],
  );
  const whole = columns.flatMap((column): [string, JsonValue][] => {
    const value = patch[column];
    return isJsonObject(value) ? [[column, merged(row?.[column] ?? null, value)]] : [];
  });
  return { ...patch, ...Object.fromEntries(whole) };
}
