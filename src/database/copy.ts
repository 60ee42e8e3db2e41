/** COPY in the text format: how rows are streamed into a table. */
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';

const SPECIAL = /[\\\t\n\r]/;
const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };

/** One value as COPY's text format writes it; null is `\N`. Text must hold no NUL: the server has no way to store one. */
export function copyText(value: string | number | bigint | boolean | null): string {
  if (value === null) return '\\N';
  if (typeof value !== 'string') return String(value);
  return SPECIAL.test(value) ? value.replace(/[\\\t\n\r]/g, (character) => ESCAPES[character] ?? character) : value;
}

/** A quoted identifier. */
export function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/**
 * Sends lines (each ends in a newline) to `table`. A column list keeps the file's order independent of the table's.
 * @throws the driver's DatabaseError of the first line that the table refuses; nothing of the call is then kept.
 */
export async function copyLines(
  client: pg.ClientBase,
  table: string,
  columns: readonly string[],
  lines: readonly string[],
): Promise<void> {
  const sql = `COPY ${identifier(table)} (${columns.map(identifier).join(', ')}) FROM STDIN`;
  await pipeline(Readable.from([Buffer.from(lines.join(''))]), client.query(copyFrom(sql)));
}
