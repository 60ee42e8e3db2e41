/**
 * The process that reads one Parquet or DuckDB file and prints its rows, a JSON object a line. Their libraries trust what a
 * file says of itself, and one of them is native: a hostile file can take this process down, never the server.
 *
 * Lines that start with `!` are no rows: `!{"names":[…]}` comes first, `!{"end":12}` or `!{"error":{…}}` last.
 */
import { once } from 'node:events';
import { duckdbRows } from './duckdb-rows.ts';
import { parquetRows } from './parquet-rows.ts';
import type { ColumnarRows } from './rows.ts';

const [format = '', path = '', size = '', table = ''] = process.argv.slice(2);

async function print(text: string): Promise<void> {
  if (!process.stdout.write(text)) await once(process.stdout, 'drain');
}

function open(): Promise<ColumnarRows> {
  return format === 'duckdb' ? duckdbRows(path, table) : parquetRows(path, Number(size));
}

try {
  const { names, batches } = await open();
  await print(`!${JSON.stringify({ names })}\n`);
  let rows = 0;
  for await (const batch of batches) {
    await print(`${batch.join('\n')}\n`);
    rows += batch.length;
  }
  await print(`!${JSON.stringify({ end: rows })}\n`);
} catch (thrown) {
  const { code, message, hint } = { code: undefined, hint: undefined, message: String(thrown), ...fault(thrown) };
  await print(`!${JSON.stringify({ error: { code, message, hint } })}\n`);
}

function fault(thrown: unknown): { code?: unknown; hint?: unknown; message?: string } {
  if (!(thrown instanceof Error)) return {};
  return {
    message: thrown.message,
    ...('code' in thrown && { code: thrown.code }),
    ...('hint' in thrown && { hint: thrown.hint }),
  };
}
