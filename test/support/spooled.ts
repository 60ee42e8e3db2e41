/** Files for readers, made in a folder of the test's own. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { RawRecord } from '../../src/ingest/dataset.ts';
import type { ReadOptions } from '../../src/ingest/read/reader.ts';
import { formatOf, readerFor } from '../../src/ingest/read/readers.ts';
import { detectEncoding, fileFacts, readSpan, type SpooledFile } from '../../src/ingest/read/source.ts';

/** A file that is gone when the test is over. */
export async function spooled(name: string, content: string | Uint8Array): Promise<SpooledFile> {
  const folder = await mkdtemp(join(tmpdir(), 'cairn-read-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return await writeSpooled(folder, name, content);
}

export async function writeSpooled(folder: string, name: string, content: string | Uint8Array): Promise<SpooledFile> {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  await writeFile(join(folder, name), bytes);
  return { path: join(folder, name), facts: fileFacts(name, new Date(0)), size: bytes.length };
}

/** Every record of a file, read as its extension says, in the encoding that is detected. */
export async function readAll(file: SpooledFile, options: Partial<ReadOptions> = {}): Promise<RawRecord[]> {
  const format = formatOf(file.facts.extension);
  if (format === undefined) throw new Error(`No reader for ${file.facts.name}`);
  const reader = readerFor(format);
  const encoding = options.encoding ?? (reader.isText ? await detectEncoding(file) : 'utf-8');
  const records: RawRecord[] = [];
  for await (const batch of reader.read(file, { ...options, encoding })) records.push(...batch);
  return records;
}

/** The original text of each record. */
export async function originals(file: SpooledFile, records: readonly RawRecord[]): Promise<string[]> {
  return await Promise.all(records.map(async ({ raw }) => (await readSpan(file, raw)).toString()));
}
