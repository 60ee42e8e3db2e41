/** Importing one file: from its path to its line in the imports. */
import type { Database } from '../database/connect.ts';
import { isTransient } from '../database/errors.ts';
import { type WriteSession, writeSession } from '../database/session.ts';
import { tryAgain } from '../database/try-again.ts';
import type { Actor } from '../kernel/actor.ts';
import { crashPoint } from '../kernel/crash-point.ts';
import { AppError } from '../kernel/errors.ts';
import type { Log } from '../kernel/log.ts';
import { uuidv7 } from '../kernel/uuid.ts';
import { watched } from '../kernel/watched.ts';
import { type InspectedFile, inspectFile } from './inspect.ts';
import {
  beginImport,
  committedCounts,
  completeImport,
  failImport,
  faultOf,
  type ImportCounts,
  type ImportFault,
  type ImportStatus,
  isUnchanged,
  lockImport,
  NO_COUNTS,
  tellProgress,
} from './journal.ts';
import { type Match, matchFile } from './match.ts';
import { openOutcomes, type RecordOutcome } from './outcomes.ts';
import { keepPlan } from './plan.ts';
import { type Progress, reportProgress } from './progress.ts';
import { fileFacts } from './read/source.ts';
import { readerOf } from './read-file.ts';
import type { Registry } from './registry.ts';
import { closeRejects, closeRepeatedRejects, type KeptReject } from './rejects.ts';
import { claimSheets } from './sheets.ts';
import { takeIn } from './take-in.ts';
import { openTransforming, type RecordTransform, ruledBy } from './transform/transform.ts';

/** What the pipeline works with; made once, in the composition root. */
export interface Ingest extends Registry {
  readonly database: Database;
  readonly log: Log;
}

export interface ImportRequest {
  /** Absolute. */
  readonly file: string;
  /** As it is kept: relative to the root, `/` between folders. */
  readonly path: string;
  /** Takes the file into this dataset, whatever its path. */
  readonly dataset?: string | undefined;
  readonly dryRun?: boolean | undefined;
  readonly actor: Actor;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  /** Once aborted, nothing of the import is kept. */
  readonly signal?: AbortSignal | undefined;
  /** Chosen by a caller that answers before the import ends. */
  readonly importId?: string | undefined;
  /** Overrides the disk's time, where the file is a copy (an upload, a batch). */
  readonly modifiedAt?: Date | undefined;
  /** A batch adds to what was said under its path; a file replaces it, and with it its open rejects. Default: true. */
  readonly whole?: boolean | undefined;
  /** What its records go through before they are mapped; none of exports. */
  readonly transform?: RecordTransform | undefined;
  /** Tells of each record what became of it, unless there are more than so many. */
  readonly tellUpTo?: number | undefined;
  /**
   * Runs inside the import's transaction, last of all: what it writes is kept when the import is. Not in a dry run. Small
   * files that go in together and share one function are told to it together; every other is told alone.
   */
  readonly beforeCommit?: ((session: WriteSession, results: readonly ImportResult[]) => Promise<void>) | undefined;
}

export interface ImportResult extends ImportCounts {
  /** UUID v7; of a dry run the plan's. */
  readonly importId: string;
  readonly path: string;
  readonly dataset: string;
  readonly status: ImportStatus;
  readonly dryRun: boolean;
  readonly error: ImportFault | null;
  /** Where they were asked for, and are known: an import that its own retry found done has none. */
  readonly records?: readonly RecordOutcome[] | undefined;
  /** The first of what did not pass, where records were asked for. */
  readonly firstRejects?: readonly KeptReject[] | undefined;
}

/** Every file on its way in. */
export const importsSeen = watched<
  { readonly dataset: string; readonly path: string; readonly importId: string },
  ImportResult
>();

/**
 * Takes one file in, or says that it is unchanged, or why it failed: a bad file is a result, not an exception.
 * @throws AppError DATASET_UNKNOWN, BAD_USER_INPUT (no dataset claims the path), FILE_MISSING, DATABASE_UNREACHABLE
 */
export async function importFile(ingest: Ingest, request: ImportRequest): Promise<ImportResult> {
  const found = matchFile(ingest, fileFacts(request.path, new Date(0)), request.dataset);
  if ('skipped' in found)
    throw new AppError('BAD_USER_INPUT', `${request.path} is not imported: ${found.skipped}`, {
      hint: 'Name a dataset, or give the file a name that one claims; the datasets list their patterns.',
      path: 'path',
    });
  const [claim] = (await claimSheets(ingest, request, found.match)).claims;
  return importMatched(ingest, request, claim?.match ?? found.match);
}

/** As {@link importFile}, for a file whose dataset is known. */
export function importMatched(ingest: Ingest, request: ImportRequest, given: Match): Promise<ImportResult> {
  const match = ruledBy(given, request.transform);
  const importId = request.importId ?? uuidv7();
  const seen = { dataset: match.dataset.name, path: request.path, importId };
  return importsSeen.observe(seen, () => importAs(ingest, request, match, importId));
}

async function importAs(ingest: Ingest, request: ImportRequest, match: Match, importId: string): Promise<ImportResult> {
  const { database, log } = ingest;
  const { path, actor } = request;
  const dryRun = request.dryRun === true;
  const result = (status: ImportStatus, counts: ImportCounts, error: ImportFault | null = null): ImportResult => ({
    importId,
    path,
    dataset: match.dataset.name,
    status,
    dryRun,
    ...counts,
    error,
  });
  let file: InspectedFile | null = null;
  try {
    file = await inspectFile(request.file, path, request.modifiedAt);
  } catch (thrown) {
    const fault = faultOf(thrown);
    if (thrown instanceof AppError && thrown.code === 'FILE_MISSING') throw thrown;
    if (!dryRun) {
      await beginImport(database.write, { importId, path, match, actor, file: null }, 'running');
      await failImport(database.write, importId, fault);
    }
    return result('failed', NO_COUNTS, fault);
  }
  crashPoint('import.hashed');
  const patiently = <T>(work: (attempt: number) => Promise<T>): Promise<T> => tryAgain(log, { importId, path }, work);
  const line = { importId, path, match, actor, file };
  const { hash } = file;
  // A batch is said anew whenever it is sent: what others said since of its rows is older than it.
  const mayBeKnown = request.whole !== false;
  if (mayBeKnown && (await patiently(() => isUnchanged(database.write, path, match, hash)))) {
    if (!dryRun) await patiently(() => beginImport(database.write, line, 'unchanged'));
    return result('unchanged', NO_COUNTS);
  }
  if (!dryRun) await patiently(() => beginImport(database.write, line, 'running'));
  crashPoint('import.begun');
  return importBegun(ingest, request, match, file, importId);
}

/** What ends with its caller fails in many words, such as of the statement that was cancelled. */
const ENDED: ImportFault = {
  code: 'INTERRUPTED',
  message: 'The import was cancelled, or the server stopped',
  hint: 'Nothing of it was kept. Retry its job, or import it again.',
};

/** An import whose line says running, to its end. `mayBeDone` after another transaction tried it whose COMMIT may have been lost. */
export async function importBegun(
  ingest: Ingest,
  request: ImportRequest,
  match: Match,
  file: InspectedFile,
  importId: string,
  mayBeDone = false,
): Promise<ImportResult> {
  const { log } = ingest;
  const { path } = request;
  const dryRun = request.dryRun === true;
  const ended = { importId, path, dataset: match.dataset.name, dryRun };
  try {
    const done = await tryAgain(log, { importId, path }, (attempt) =>
      runImport(ingest, request, match, file, importId, mayBeDone || attempt > 1),
    );
    crashPoint('import.committed');
    return { ...ended, status: 'imported', ...done, error: null };
  } catch (thrown) {
    const fault = request.signal?.aborted === true && !isTransient(thrown) ? ENDED : faultOf(thrown);
    log[fault.code === 'INTERNAL' ? 'error' : 'warn']({ err: thrown, importId, path }, 'an import failed');
    crashPoint('import.failing');
    if (!dryRun) await recordFailure(ingest, importId, fault);
    if (isTransient(thrown)) throw thrown;
    return { ...ended, status: 'failed', ...NO_COUNTS, error: fault };
  }
}

/** Where the database is gone, nothing can be recorded: whoever sweeps next ends the line. What failed first is what is told. */
export async function recordFailure({ database, log }: Ingest, importId: string, fault: ImportFault): Promise<void> {
  try {
    await failImport(database.write, importId, fault);
  } catch (err) {
    log.warn({ err, importId }, 'the failure of an import could not be recorded');
  }
}

async function runImport(
  ingest: Ingest,
  request: ImportRequest,
  match: Match,
  file: InspectedFile,
  importId: string,
  mayBeDone: boolean,
): Promise<ImportCounts & Pick<ImportResult, 'records' | 'firstRejects'>> {
  const { database, log } = ingest;
  const { path, actor, dryRun, tellUpTo, signal, transform } = request;
  const outcomes = tellUpTo === undefined ? undefined : openOutcomes(tellUpTo);
  const { dataset, pattern, authority } = match;
  const encoding = readerOf(pattern, file.facts).isText ? file.encoding() : 'utf-8';
  const progress = reportProgress(database.write, log, importId, file.size, request.onProgress);
  const statement = { importId, dataset: dataset.name, path, authority, modifiedAt: file.facts.modifiedAt };
  try {
    return await writeSession(
      database.write,
      actor,
      async (session) => {
        const { client } = session;
        if (mayBeDone && !dryRun) {
          // The connection may have been lost after its COMMIT was sent. Once that transaction has ended, one way or the other,
          // its lock can be had; if it committed, all is done, and a second time would count nothing.
          await lockImport(client, statement);
          const done = await committedCounts(client, importId);
          if (done !== undefined) return done;
        }
        if (dryRun) {
          await client.query('SAVEPOINT dry_run');
          // Rejects belong to an import: the plan's stands until the savepoint is rolled back.
          await beginImport(client, { importId, path, match, actor, file }, 'running');
        }
        const transforming = pattern.exported === true ? undefined : transform && openTransforming(transform);
        const input = {
          registry: ingest,
          dataset,
          pattern,
          file,
          encoding,
          progress,
          statement,
          outcomes,
          transforming,
          whole: request.whole,
        };
        const taken = await takeIn(client, input);
        const told = outcomes && { records: outcomes.list(), firstRejects: taken.firstRejects };
        const done = { ...taken.counts, ...told };
        await progress.stop();
        if (dryRun) {
          await client.query('ROLLBACK TO SAVEPOINT dry_run');
          await keepPlan(client, { importId, path, match, actor, hash: file.hash }, taken);
        } else {
          if (request.whole !== false) await closeRejects(client, [importId]);
          else if (taken.counts.rejected > 0) await closeRepeatedRejects(client, importId);
          const notes = request.whole === false ? { ...taken.notes, batch: true } : taken.notes;
          await completeImport(client, importId, taken.counts, notes);
          await tellProgress(client, [importId]);
          const ended = {
            importId,
            path,
            dataset: dataset.name,
            dryRun: false,
            status: 'imported' as const,
            error: null,
          };
          await request.beforeCommit?.(session, [{ ...ended, ...done }]);
          crashPoint('import.before-commit');
        }
        return done;
      },
      { importId, interruption: signal && { signal, through: database.write } },
    );
  } finally {
    await progress.stop();
  }
}
