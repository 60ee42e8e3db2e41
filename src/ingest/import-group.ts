/**
 * Small files of a folder, many in one transaction: a file of ten lines costs less than the transaction, the locks and the
 * staging tables that it would have alone. Each keeps its own line, origins, rejects and changes, and its own savepoint: a
 * bad one fails alone.
 */
import { stat } from 'node:fs/promises';
import type pg from 'pg';
import { isTransient } from '../database/errors.ts';
import { lockNames } from '../database/locks.ts';
import { writeSession } from '../database/session.ts';
import { tryAgain } from '../database/try-again.ts';
import { crashPoint } from '../kernel/crash-point.ts';
import { uuidv7 } from '../kernel/uuid.ts';
import { SHARED } from './authority.ts';
import {
  type ImportRequest,
  type ImportResult,
  type Ingest,
  importBegun,
  importsSeen,
  recordFailure,
} from './import-file.ts';
import { inspectFile } from './inspect.ts';
import { completeImport, faultOf, type ImportCounts, type ImportStatus, NO_COUNTS, tellProgress } from './journal.ts';
import { beginImports, type Candidate, lockImports, unchangedAmong } from './journal-many.ts';
import type { Match } from './match.ts';
import { TOUCHED } from './mentions.ts';
import { readerOf } from './read-file.ts';
import { closeRejects } from './rejects.ts';
import { locksOf } from './relations.ts';
import { cleared, openShared, type Shared } from './shared.ts';
import { takeIn } from './take-in.ts';

export interface GroupMember {
  readonly request: ImportRequest;
  readonly match: Match;
}

/** Larger ones are worth a transaction of their own. */
const SMALL_BYTES = 64 * 1024;
/** The locks of a group are held until its last file is in: a second at most. */
const MOST_FILES = 100;
const LEAST_FILES = 2;

/** Cuts what is claimed into groups of small files and single others, in order. */
export async function groupsOf<T extends GroupMember>(members: readonly T[]): Promise<T[][]> {
  const groups: T[][] = [];
  let open: T[] = [];
  for (const member of members) {
    const found = await stat(member.request.file).catch(() => undefined);
    const isSmall = found?.isFile() === true && found.size > 0 && found.size <= SMALL_BYTES;
    if (!isSmall) {
      groups.push(open, [member]);
      open = [];
      continue;
    }
    open.push(member);
    if (open.length === MOST_FILES) {
      groups.push(open);
      open = [];
    }
  }
  return [...groups, open].filter((group) => group.length > 0);
}

type Group = readonly (Candidate & { readonly request: ImportRequest })[];
type Outcomes = Map<GroupMember, ImportResult>;

/**
 * Takes small files in together. Files that are missing from the outcomes are for {@link importMatched}: they could not be
 * read even once.
 * @throws AppError DATABASE_UNREACHABLE
 */
export async function importGroup(ingest: Ingest, members: readonly GroupMember[]): Promise<Outcomes> {
  const outcomes: Outcomes = new Map();
  const [first] = members;
  if (first === undefined || members.length < LEAST_FILES || first.request.dryRun === true) return outcomes;
  const inspected = await Promise.all(
    members.map(async (member) => {
      const { request, match } = member;
      const file = await inspectFile(request.file, request.path, request.modifiedAt).catch(() => undefined);
      const importId = request.importId ?? uuidv7();
      return file === undefined ? [] : [{ member, request, match, file, importId, path: request.path }];
    }),
  );
  const candidates = inspected.flat();
  for (const _ of candidates) crashPoint('import.hashed');
  const patiently = <T>(work: () => Promise<T>): Promise<T> => tryAgain(ingest.log, { files: members.length }, work);
  const { write } = ingest.database;
  const same = await patiently(() => unchangedAmong(write, candidates));
  const unchanged = candidates.filter((_, index) => same.has(index));
  const begun = candidates.filter((_, index) => !same.has(index));
  await patiently(() => beginImports(write, unchanged, first.request.actor, 'unchanged'));
  await patiently(() => beginImports(write, begun, first.request.actor, 'running'));
  for (const one of unchanged) outcomes.set(one.member, await told(one, async () => resultOf(one, 'unchanged')));
  for (const _ of begun) crashPoint('import.begun');
  const waiting = begun.map((one) => {
    const { promise, resolve, reject } = Promise.withResolvers<ImportResult>();
    return { one, resolve, reject, seen: told(one, () => promise) };
  });
  const taken = await takeInTogether(ingest, begun).catch((thrown: unknown) => {
    // Whatever it was, each file meets it alone, tries again where that helps, and tells of it.
    ingest.log.warn({ err: thrown, files: begun.length }, 'files that could not be taken in together go in one by one');
    return undefined;
  });
  let failure: unknown;
  for (const { one, resolve, reject, seen } of waiting) {
    const result = taken?.get(one.importId);
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
 * One transaction; what is missing from the results was rolled back, and is to be taken in alone.
 * @throws where the transaction itself cannot go on: then nothing of any is kept
 */
async function takeInTogether(ingest: Ingest, group: Group): Promise<Map<string, ImportResult>> {
  const { database } = ingest;
  const results = new Map<string, ImportResult>();
  const [first] = group;
  if (first === undefined) return results;
  await writeSession(database.write, first.request.actor, async ({ client }) => {
    await lockImports(client, group);
    // All at once: a lock that a later file needs may be held by one who waits for those that the first took.
    const tables = [...ingest.datasets.values()].map(({ table }) => table);
    await lockNames(client, locksOf(ingest.relations, tables), 'exclusive');
    // A small file's rows are looked up one by one; without statistics of the staging tables they would be thought to be many.
    await client.query('SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off');
    const shared = openShared(true);
    for (const one of group) {
      try {
        results.set(one.importId, { ...resultOf(one, 'imported'), ...(await takeInOne(client, ingest, one, shared)) });
      } catch (thrown) {
        // Not kept here: alone it finds out which of its records it is, or fails and tells of it.
        if (isTransient(thrown)) throw thrown;
        await client.query('ROLLBACK TO SAVEPOINT file; RELEASE SAVEPOINT file');
      }
    }
    const completed = [...results.keys()];
    await closeRejects(client, completed);
    await tellProgress(client, completed);
    for (const _ of completed) crashPoint('import.before-commit');
  });
  for (const _ of results) crashPoint('import.committed');
  return results;
}

async function takeInOne(
  client: pg.ClientBase,
  registry: Ingest,
  { importId, path, match, file, request }: Group[number],
  shared: Shared,
): Promise<ImportCounts> {
  const { dataset, pattern, authority } = match;
  // The staging tables of a file that is rolled back go with it, and are made again.
  const before = new Map(shared.made);
  await client.query(
    `SAVEPOINT file; SELECT set_config('cairn.import_id', ${client.escapeLiteral(importId)}, true); ${cleared(shared, [TOUCHED, SHARED, 'repeats'])}`,
  );
  try {
    const encoding = readerOf(pattern, file.facts).isText ? file.encoding() : 'utf-8';
    const statement = { importId, dataset: dataset.name, path, authority, modifiedAt: file.facts.modifiedAt };
    const progress = {
      bytes: () => undefined,
      records: (read: number, rejected: number) =>
        request.onProgress?.({ bytesRead: file.size, bytesTotal: file.size, read, rejected }),
      stop: async () => undefined,
    };
    const input = { registry, dataset, pattern, file, encoding, progress, statement, shared };
    const { counts, notes } = await takeIn(client, input);
    // Here, and not for all files at the end: the next file may ask what its neighbours said last.
    await completeImport(client, importId, counts, notes);
    await client.query('RELEASE SAVEPOINT file');
    return counts;
  } catch (thrown) {
    shared.made.clear();
    for (const [name, sql] of before) shared.made.set(name, sql);
    throw thrown;
  }
}
