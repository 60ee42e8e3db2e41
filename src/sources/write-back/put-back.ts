/** One payload into its place, and what came of it into the database, while the job still holds. */
import { type Query, readSession, type WriteSession, writeSession } from '../../database/session.ts';
import type { RunningJob } from '../../jobs/job.ts';
import type { Actor } from '../../kernel/actor.ts';
import { isJsonObject } from '../../kernel/json.ts';
import type { SourcesHouse } from '../sources-house.ts';
import { requestSync } from '../sync/request-sync.ts';
import { readKnownItem, recordConflict, recordWritten } from './known-item.ts';
import type { OpenWriteBack } from './open-place.ts';
import { type KnownItem, type Payload, type PutOutcome, putFile } from './put-file.ts';

export interface WriteBackRun extends OpenWriteBack {
  readonly house: Pick<SourcesHouse, 'database'>;
  readonly actor: Actor;
  readonly job: RunningJob;
}

/** The item at the path as the run's owner sees it. */
export function knownItem({ house, actor, source }: WriteBackRun, path: string): Promise<KnownItem | undefined> {
  return readSession(house.database.read, actor, (query) => readKnownItem(query, source.source_id, path));
}

/**
 * Writes the payload to the path and keeps what came of it; `also` is written in the same transaction.
 * @throws ConnectorError for what is wrong with the place; AppError INTERRUPTED where another process has the job by now
 */
export async function putBack(
  run: WriteBackRun,
  path: string,
  payload: Payload,
  known: KnownItem | undefined,
  also: (query: Query, outcome: PutOutcome) => Promise<void>,
): Promise<PutOutcome> {
  const outcome = await sendBack(run, path, payload, known);
  await fenced(run, async ({ query }) => {
    if (outcome.status === 'written' && outcome.item !== undefined) {
      await recordWritten(query, run.source, outcome.item, payload);
    }
    await recordHindrance(query, run, known, outcome);
    await also(query, outcome);
  });
  return outcome;
}

/** The first half of {@link putBack}: nothing is kept but how far the upload is. */
export function sendBack(
  run: WriteBackRun,
  path: string,
  payload: Payload,
  known: KnownItem | undefined,
): Promise<PutOutcome> {
  return putFile(run.place, payload, {
    path,
    known,
    now: new Date(),
    resume: resumeOf(run.row.upload_state, payload),
    onProgress: (resume, bytes) => keepProgress(run, payload, resume, bytes),
  });
}

/** Of a file that was not written: says so at its item, and has theirs taken in, for only then there is a version to replace. */
export async function recordHindrance(
  query: Query,
  { row, source }: WriteBackRun,
  known: KnownItem | undefined,
  outcome: PutOutcome,
): Promise<void> {
  if (outcome.status !== 'conflict' && outcome.status !== 'waiting') return;
  if (outcome.status === 'conflict' && known !== undefined) {
    await recordConflict(query, source.source_id, known, outcome.copy);
  }
  await requestSync(query, source, { type: 'incremental', requestedBy: `write-back:${row.name}` });
}

/** One transaction of the run. @throws AppError INTERRUPTED where another process has the job by now */
export function fenced<T>(
  { house, actor, job }: Pick<WriteBackRun, 'house' | 'actor' | 'job'>,
  work: (session: WriteSession) => Promise<T>,
): Promise<T> {
  return writeSession(house.database.write, actor, async (session) => {
    const result = await work(session);
    await job.fence(session.query);
    return result;
  });
}

/** Of an upload of the very same bytes. */
function resumeOf(state: unknown, { hash }: Payload): string | undefined {
  if (!isJsonObject(state) || state['hash'] !== hash) return undefined;
  return typeof state['resume'] === 'string' ? state['resume'] : undefined;
}

async function keepProgress(run: WriteBackRun, { hash, size }: Payload, resume: string, bytes: number): Promise<void> {
  run.job.progress(bytes, size, 'writing');
  await fenced(run, ({ query }) =>
    query('write-back upload', 'UPDATE write_backs SET upload_state = $2 WHERE write_back_id = $1', [
      run.row.write_back_id,
      JSON.stringify({ hash, resume }),
    ]),
  );
}
