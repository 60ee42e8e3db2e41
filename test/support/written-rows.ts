/** Rows written into a file by a format of exports, and files read back. */
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { ExportColumn, ExportRows, RowFormat } from '../../src/exports/format.ts';
import { fileFacts, type SpooledFile } from '../../src/ingest/read/source.ts';

export type Row = readonly (string | null)[];

/** Columns by name and kind; all but the first may be NULL. */
export function columnsOf(kinds: Readonly<Record<string, ExportColumn['kind']>>): ExportColumn[] {
  return Object.entries(kinds).map(([name, kind], index) => ({ name, kind, nullable: index > 0 }));
}

/** The rows in batches of two; `ended` says that whoever read them let go. */
export function rowsOf(columns: readonly ExportColumn[], rows: Iterable<Row>): ExportRows & { ended: boolean } {
  async function* batches(): AsyncGenerator<readonly Row[]> {
    try {
      let batch: Row[] = [];
      for (const row of rows) {
        batch.push(row);
        if (batch.length < 2) continue;
        yield batch;
        // Rows of a database come by way of the event loop: signals are heard between them.
        await new Promise((resolve) => setImmediate(resolve));
        batch = [];
      }
      yield batch;
    } finally {
      given.ended = true;
    }
  }
  const given = { columns, batches: batches(), ended: false };
  return given;
}

/** Writes the rows of `videos`; the file is gone when the test is over. */
export async function written(
  format: Pick<RowFormat, 'extension' | 'write'>,
  columns: readonly ExportColumn[],
  rows: Iterable<Row>,
): Promise<SpooledFile> {
  const folder = await mkdtemp(join(tmpdir(), 'cairn-written-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const name = `videos.export${format.extension}`;
  const path = join(folder, name);
  await format.write(rowsOf(columns, rows), createWriteStream(path), { name: 'videos' });
  return { path, facts: fileFacts(name, new Date(0)), size: (await stat(path)).size };
}
