/** Memory stays flat, whatever the file's size: shown in a process whose heap is far smaller than its file. */
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { useTestDatabase } from '../support/database.ts';
import { leftovers, makeFolder } from '../support/import-folder.ts';

const database = await useTestDatabase();
const MEGABYTE = 1024 * 1024;

/** A file of `rows` lines; every thousandth is out of range, and so a reject. */
async function writeLarge(name: string, rows: number, width: number): Promise<{ file: string; bytes: number }> {
  const file = join(await makeFolder(), name);
  const out = createWriteStream(file);
  const filler = 'says who, '.repeat(Math.ceil(width / 10));
  out.write('video_id,source_url,title,phase,level,said\n');
  for (let n = 0; n < rows; n += 1) {
    const line = `v${n},https://x.org/${n},Title ${n},${n % 1000 === 999 ? 9 : 1},${n % 7},"${filler}${n}"\n`;
    if (!out.write(line)) await once(out, 'drain');
  }
  out.end();
  await once(out, 'close');
  return { file, bytes: out.bytesWritten };
}

test('200 MB go in with a heap of 150 MB', { timeout: 180_000 }, async () => {
  const rows = 25_000;
  const { file, bytes } = await writeLarge('large.csv', rows, 8000);
  expect(bytes).toBeGreaterThan(190 * MEGABYTE);
  const child = join(import.meta.dirname, '../support/import-child.ts');
  const { stdout } = await promisify(execFile)(process.execPath, [
    '--max-old-space-size=150',
    child,
    file,
    database.apiUrl,
  ]);
  const result: Record<string, unknown> = JSON.parse(stdout);
  expect(result).toMatchObject({ status: 'imported', read: rows, inserted: rows - 25, rejected: 25, error: null });
  // Beside the heap: buffers of the file and of the connection, and Node itself.
  expect(result['peak']).toBeLessThan(420 * MEGABYTE);
  expect(await leftovers(database.owner)).toEqual([]);
});
