/**
 * Small files inside one transaction, in their order. Those that stand side by side, are of one dataset and speak of rows of
 * their own are merged as one; every other has the steps of a file for itself. Each has a savepoint, or shares one: a bad one
 * fails alone.
 */
import type pg from 'pg';
import { isTransient } from '../database/errors.ts';
import { SHARED } from './authority.ts';
import { completeImport, type ImportCounts } from './journal.ts';
import { completeImports } from './journal-many.ts';
import { TOUCHED } from './mentions.ts';
import { mergeRun } from './merge-many.ts';
import { readerOf } from './read-file.ts';
import type { Registry } from './registry.ts';
import { cleared, openShared, type Shared } from './shared.ts';
import type { SmallContents, SmallFile } from './small-file.ts';
import { takeIn } from './take-in.ts';
import { openTransforming } from './transform/transform.ts';

type PlainFile = SmallFile & { readonly contents: SmallContents };

/** What only some imports make, and the next must not find. */
const LEFT = [TOUCHED, SHARED, 'repeats'];

/**
 * Takes the files in and completes their lines, up to the first that must be taken in alone, of which nothing is kept. Returns
 * the counts by import. The caller holds all locks.
 * @throws where the transaction itself cannot go on
 */
export async function takeInMany(
  client: pg.ClientBase,
  registry: Registry,
  files: readonly SmallFile[],
): Promise<ReadonlyMap<string, ImportCounts>> {
  const taken = new Map<string, ImportCounts>();
  const shared = openShared(true);
  for (const run of runsOf(files)) if (!(await takeRun(client, registry, run, shared, taken))) break;
  return taken;
}

/** Cuts files into runs that one merge may take in: of one dataset, no key twice. Others stand alone. */
function runsOf(files: readonly SmallFile[]): SmallFile[][] {
  const runs: SmallFile[][] = [];
  let keys = new Set<string>();
  let last: SmallFile | undefined;
  for (const file of files) {
    const fits =
      isPlain(file) &&
      last !== undefined &&
      isPlain(last) &&
      last.match.dataset === file.match.dataset &&
      [...file.contents.keys].every((key) => !keys.has(key));
    if (fits) runs.at(-1)?.push(file);
    else {
      runs.push([file]);
      keys = new Set();
    }
    for (const key of file.contents?.keys ?? []) keys.add(key);
    last = file;
  }
  return runs;
}

function isPlain(file: SmallFile): file is PlainFile {
  return file.contents !== undefined;
}

/** Returns whether all of the run went in. */
async function takeRun(
  client: pg.ClientBase,
  registry: Registry,
  run: readonly SmallFile[],
  shared: Shared,
  taken: Map<string, ImportCounts>,
): Promise<boolean> {
  const [first] = run;
  if (first === undefined) return true;
  const inTurn = async (parts: readonly SmallFile[][]): Promise<boolean> => {
    for (const part of parts) if (!(await takeRun(client, registry, part, shared, taken))) return false;
    return true;
  };
  const plain = run.filter(isPlain);
  if (run.length === 1 || plain.length < run.length) {
    // Not kept where it fails: alone it finds out which of its records it is, or tells of it.
    const counts = await savepoint(client, shared, first.importId, () => takeOne(client, registry, first, shared));
    if (counts !== undefined) taken.set(first.importId, counts);
    return counts !== undefined;
  }
  const outcome = await savepoint(client, shared, 'origin', async () => {
    const outcome = await mergeRun(client, registry, first.match.dataset, plain, shared);
    if ('counts' in outcome) await completeRun(client, plain, outcome.counts);
    return outcome;
  });
  if (outcome === undefined) {
    const half = run.length >> 1;
    return inTurn([run.slice(0, half), run.slice(half)]);
  }
  if ('alone' in outcome) return inTurn(partsOf(run, outcome.alone));
  for (const [importId, counts] of outcome.counts) taken.set(importId, counts);
  return true;
}

/** The run in its order, cut around the files that must go alone. */
function partsOf(run: readonly SmallFile[], alone: ReadonlySet<string>): SmallFile[][] {
  const parts: SmallFile[][] = [[]];
  for (const file of run) {
    if (alone.has(file.importId)) parts.push([file], []);
    else parts.at(-1)?.push(file);
  }
  return parts;
}

/**
 * Does `work` in a savepoint, and undoes it where a file or one of its records is at fault: then the answer is undefined.
 * `importId` is whose changes the change log is told of.
 */
async function savepoint<T>(
  client: pg.ClientBase,
  shared: Shared,
  importId: string,
  work: () => Promise<T>,
): Promise<T | undefined> {
  // The staging tables of what is rolled back go with it, and are made again.
  const before = new Map(shared.made);
  await client.query(
    `SAVEPOINT file; SELECT set_config('cairn.import_id', ${client.escapeLiteral(importId)}, true); ${cleared(shared, LEFT)}`,
  );
  try {
    const result = await work();
    await client.query('RELEASE SAVEPOINT file');
    return result;
  } catch (thrown) {
    if (isTransient(thrown)) throw thrown;
    shared.made.clear();
    for (const [name, sql] of before) shared.made.set(name, sql);
    await client.query('ROLLBACK TO SAVEPOINT file; RELEASE SAVEPOINT file');
    return undefined;
  }
}

async function completeRun(
  client: pg.ClientBase,
  run: readonly PlainFile[],
  counts: ReadonlyMap<string, ImportCounts>,
): Promise<void> {
  const ended = run.flatMap(({ importId, contents, request, file }) => {
    const own = counts.get(importId);
    if (own === undefined) return [];
    const { read, rejected } = own;
    request.onProgress?.({ bytesRead: file.size, bytesTotal: file.size, read, rejected });
    return [{ importId, counts: own, notes: contents.notes }];
  });
  await completeImports(client, ended);
}

/** One file by all steps. */
async function takeOne(
  client: pg.ClientBase,
  registry: Registry,
  { importId, path, match, file, request }: SmallFile,
  shared: Shared,
): Promise<ImportCounts> {
  const { dataset, pattern, authority } = match;
  const encoding = readerOf(pattern, file.facts).isText ? file.encoding() : 'utf-8';
  const statement = { importId, dataset: dataset.name, path, authority, modifiedAt: file.facts.modifiedAt };
  const progress = {
    bytes: () => undefined,
    records: (read: number, rejected: number) =>
      request.onProgress?.({ bytesRead: file.size, bytesTotal: file.size, read, rejected }),
    stop: async () => undefined,
  };
  const transform = pattern.exported === true ? undefined : request.transform;
  const transforming = transform && openTransforming(transform);
  const { whole } = request;
  const input = { registry, dataset, pattern, file, encoding, progress, statement, shared, transforming, whole };
  const { counts, notes } = await takeIn(client, input);
  // Here, and not for all files at the end: the next file may ask what its neighbours said last.
  await completeImport(client, importId, counts, notes);
  return counts;
}
