/** Importing a batch of records that a script sends: a file of JSON lines that nobody had to write. */
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Actor } from '../kernel/actor.ts';
import type { JsonValue } from '../kernel/json.ts';
import { type ImportResult, type Ingest, importMatched } from './import-file.ts';
import { datasetNamed, rank } from './match.ts';

export interface RecordsRequest {
  readonly dataset: string;
  /** What is no object is a reject, as in a file. */
  readonly records: readonly JsonValue[];
  readonly actor: Actor;
  /** Chosen by a caller that may ask again. */
  readonly importId?: string | undefined;
  /** Tells of each record what became of it, unless there are more than so many. */
  readonly tellUpTo?: number | undefined;
}

/** What names of the folders begin with in which records wait to be read. */
const FOLDER = 'cairn-records-';
/** Milliseconds; no batch of records is imported for longer. */
const LEFT_AFTER = 24 * 60 * 60_000;

/** Removes the records of processes that were killed while they imported them. */
export async function removeLeftRecords(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    if (!name.startsWith(FOLDER)) continue;
    const path = join(tmpdir(), name);
    const found = await stat(path).catch(() => undefined);
    const isOurs = found?.uid === process.getuid?.();
    if (found !== undefined && isOurs && Date.now() - found.mtimeMs > LEFT_AFTER)
      await rm(path, { recursive: true, force: true });
  }
}

/**
 * Takes the records into the dataset as one import, by its own rules; a line of a reject is the record's place, from 1.
 * @throws AppError DATASET_UNKNOWN, DATABASE_UNREACHABLE
 */
export async function importRecords(
  ingest: Ingest,
  { dataset, records, actor, importId, tellUpTo }: RecordsRequest,
): Promise<ImportResult> {
  const declared = datasetNamed(ingest, dataset);
  const folder = await mkdtemp(join(tmpdir(), FOLDER));
  try {
    const file = join(folder, 'records.jsonl');
    // A batch of none is a batch; a file of no lines is a fault.
    const text = records.length === 0 ? '[]' : records.map((record) => `${JSON.stringify(record)}\n`).join('');
    await writeFile(file, text, { mode: 0o600 });
    const format = records.length === 0 ? ('json' as const) : ('jsonl' as const);
    const match = { dataset: declared, pattern: { pattern: '**', format }, authority: rank(declared, 0) };
    const path = `records/${declared.name}.jsonl`;
    const request = { file, path, actor, modifiedAt: new Date(), whole: false, importId, tellUpTo };
    return await importMatched(ingest, request, match);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
