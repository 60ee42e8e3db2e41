/**
 * Small files of a folder, many in one transaction: a file of ten lines costs less than the transaction, the locks and the
 * staging tables that it would have alone. Each keeps its own line, origins, rejects and changes, and a bad one fails alone.
 */

import { lockNames } from '../database/locks.ts';
import { type WriteSession, writeSession } from '../database/session.ts';
import { tryAgain } from '../database/try-again.ts';
import { crashPoint } from '../kernel/crash-point.ts';
import { type ImportResult, type Ingest, importBegun, importsSeen, recordFailure } from './import-file.ts';
import { faultOf, type ImportStatus, NO_COUNTS, tellProgress } from './journal.ts';
import { beginImports, type Candidate, lockImports } from './journal-many.ts';
import type { GroupMember, ReadGroup } from './read-ahead.ts';
import { closeRejects } from './rejects.ts';
import { locksOf } from './relations.ts';
import type { SmallFile } from './small-file.ts';
import { takeInMany } from './take-in-many.ts';

type Outcomes = Map<GroupMember, ImportResult>;

/** A file alone gains nothing. */
const LEAST_FILES = 2;

/**
 * Takes small files in together. Files that are missing from the outcomes are for {@link importMatched}: they could not be
 * read even once.
 * @throws AppError DATABASE_UNREACHABLE
 */
export async function importGroup(ingest: Ingest, { unchanged, changed }: ReadGroup): Promise<Outcomes> {
  const outcomes: Outcomes = new Map();
  const [first] = [...unchanged, ...changed];
  if (first === undefined || unchanged.length + changed.length < LEAST_FILES) return outcomes;
  const { actor } = first.request;
  const patiently = <T>(work: () => Promise<T>): Promise<T> => tryAgain(ingest.log, { files: changed.length }, work);
  const { write } = ingest.database;
  await patiently(() => beginImports(write, unchanged, actor, 'unchanged'));
  await patiently(() => beginImports(write, changed, actor, 'running'));
  for (const one of unchanged) outcomes.set(one.member, await told(one, async () => resultOf(one, 'unchanged')));
  for (const _ of changed) crashPoint('import.begun');
  const waiting = changed.map((one) => {
    const { promise, resolve, reject } = Promise.withResolvers<ImportResult>();
    return { one, resolve, reject, seen: told(one, () => promise) };
  });
  let failure: unknown;
  let together = true;
  for (let rest = waiting; rest.length > 0; ) {
    const files = together && failure === undefined ? rest.map(({ one }) => one) : [];
    const taken = await takeInTogether(ingest, files).catch((err: unknown) => {
      // Whatever it was, each file meets it alone, tries again where that helps, and tells of it.
      ingest.log.warn({ err, files: files.length }, 'files that could not be taken in together go in one by one');
      together = false;
      return new Map<string, ImportResult>();
    });
    // The one that stopped the others goes alone, and before those that come after it.
    for (const { one, resolve, reject, seen } of rest.slice(0, taken.size + 1)) {
      const result = taken.get(one.importId);
      const alone = (): Promise<ImportResult> =>
        importBegun(ingest, one.request, one.match, one.file, one.importId, true);
      if (failure !== undefined) {
        await recordFailure(ingest, one.importId, faultOf(failure));
        reject(failure);
      } else await (result === undefined ? alone() : Promise.resolve(result)).then(resolve, reject);
      await seen.then(
        (outcome) => outcomes.set(one.member, outcome),
        (thrown: unknown) => {
          failure = thrown;
        },
      );
    }
    rest = rest.slice(taken.size + 1);
  }
  if (failure !== undefined) throw failure;
  return outcomes;
}

function told({ match, path, importId }: Candidate, work: () => Promise<ImportResult>): Promise<ImportResult> {
  return importsSeen.observe({ dataset: match.dataset.name, path, importId }, work);
}

function resultOf({ importId, path, match }: Candidate, status: ImportStatus): ImportResult {
  return { importId, path, dataset: match.dataset.name, status, dryRun: false, ...NO_COUNTS, error: null };
}

/**
 * One transaction for the files up to the first that must be taken in alone.
 * @throws where the transaction itself cannot go on: then nothing of any is kept
 */
async function takeInTogether(ingest: Ingest, files: readonly SmallFile[]): Promise<Map<string, ImportResult>> {
  const [first] = files;
  if (first === undefined) return new Map();
  const results = await writeSession(ingest.database.write, first.request.actor, async (session) => {
    const { client } = session;
    await lockImports(client, files);
    // All at once: a lock that a later file needs may be held by one who waits for those that the first took.
    const tables = [...ingest.datasets.values()].map(({ table }) => table);
    await lockNames(client, locksOf(ingest.relations, tables), 'exclusive');
    // A small file's rows are looked up one by one; without statistics of the staging tables they would be thought to be many.
    await client.query('SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off');
    const counts = await takeInMany(client, ingest, files);
    await closeRejects(client, [...counts.keys()]);
    await tellProgress(client, [...counts.keys()]);
    const results = files.flatMap((one) => {
      const own = counts.get(one.importId);
      return own === undefined ? [] : [[one, { ...resultOf(one, 'imported'), ...own }] as const];
    });
    await tellBeforeCommit(session, results);
    for (const _ of counts) crashPoint('import.before-commit');
    return results.map(([one, result]) => [one.importId, result] as const);
  });
  for (const _ of results) crashPoint('import.committed');
  return new Map(results);
}

async function tellBeforeCommit(
  session: WriteSession,
  results: readonly (readonly [SmallFile, ImportResult])[],
): Promise<void> {
  const byFunction = Map.groupBy(results, ([{ request }]) => request.beforeCommit);
  for (const [beforeCommit, told] of byFunction) {
    await beforeCommit?.(
      session,
      told.map(([, result]) => result),
    );
  }
}
