/** Syncs run and followed by the command line. */
import { setTimeout as sleep } from 'node:timers/promises';
import { readSession, writeSession } from '../database/session.ts';
import { cancelJob } from '../jobs/jobs.write.ts';
import { HOUSEKEEPER } from '../kernel/actor.ts';
import type { AppError } from '../kernel/errors.ts';
import type { CommandContext } from './context.ts';
import type { KnownSource, SourcesCommandHouse } from './sources-house.ts';
import { type ShownSync, showSyncs } from './sync-progress.ts';

export interface AskedSync {
  readonly source: KnownSource;
  readonly syncJobId?: string;
  readonly refused?: AppError;
}

export interface EndedSync extends Omit<ShownSync, 'phase' | 'notBefore'> {
  /** Records that did not pass, of the files that it took in. */
  readonly rejected: number;
  readonly error: { readonly code: string; readonly message: string; readonly hint: string | null } | null;
}

const LOOK_MS = 250;
const GRACE_MS = 10_000;
/** One that a place has told to wait for longer is left to the next server or command. */
const LONGEST_WAIT_MS = 120_000;

/** Runs the syncs here, or watches another process run them; returns how they ended. */
export async function followSyncs(
  context: CommandContext,
  house: SourcesCommandHouse,
  asked: readonly AskedSync[],
): Promise<EndedSync[]> {
  const ids = asked.flatMap(({ syncJobId }) => syncJobId ?? []);
  const [{ startJobs }, { default: sync }] = await Promise.all([
    import('../server/start-jobs.ts'),
    import('../sources/sync.job.ts'),
  ]);
  const worker = startJobs({ database: house.database, log: house.log, services: house.services, jobs: [sync] });
  const progress = showSyncs(context.terminal);
  try {
    for (;;) {
      context.interruption.throwIfInterrupted();
      const now = await look(house, ids);
      progress.show(now);
      if (now.every(isOver)) break;
      await sleep(LOOK_MS, undefined, { signal: context.interruption.signal }).catch(() => undefined);
    }
  } catch (thrown) {
    // Whoever stops the command does not want it to go on elsewhere.
    await writeSession(house.database.write, HOUSEKEEPER, async ({ query }) => {
      for (const { syncJobId, status } of await look(house, ids))
        if (status === 'queued' || status === 'running') await cancelJob(query, HOUSEKEEPER, syncJobId);
    });
    throw thrown;
  } finally {
    progress.close();
    await worker.stop(GRACE_MS);
  }
  const ended = new Map((await look(house, ids)).map((each) => [each.syncJobId, each]));
  return asked.map((each) => endedOf(each, each.syncJobId === undefined ? undefined : ended.get(each.syncJobId)));
}

type Looked = ShownSync & Pick<EndedSync, 'rejected' | 'error'>;

const isOver = ({ status, notBefore }: Looked): boolean =>
  (status !== 'queued' && status !== 'running') ||
  (notBefore !== null && status === 'queued' && notBefore.getTime() - Date.now() > LONGEST_WAIT_MS);

const look = ({ database }: SourcesCommandHouse, ids: readonly string[]): Promise<Looked[]> =>
  readSession(database.read, HOUSEKEEPER, (query) =>
    query<Looked & Record<string, unknown>>(
      'syncs followed by the command line',
      `SELECT j.sync_job_id AS "syncJobId", d.source_id AS "sourceId", d.name AS source, j.job_type AS "jobType", j.status,
              j.items_found::float8 AS "itemsFound", j.items_processed::float8 AS "itemsProcessed",
              j.items_created::float8 AS "itemsCreated", j.items_updated::float8 AS "itemsUpdated",
              j.items_skipped::float8 AS "itemsSkipped", j.items_failed::float8 AS "itemsFailed",
              j.items_deleted::float8 AS "itemsDeleted", j.bytes_processed::float8 AS "bytesProcessed",
              coalesce(j.error, jobs.error) AS error, jobs.progress_note AS phase, jobs.not_before AS "notBefore",
              (SELECT coalesce(sum(m.rejected), 0) FROM sync_items i JOIN imports m ON m.import_id = i.import_id
                WHERE i.source_id = j.source_id AND m.finished_at >= j.started_at)::float8 AS rejected
         FROM sync_jobs j
         JOIN data_sources d ON d.source_id = j.source_id
         LEFT JOIN jobs ON jobs.job_id = j.sync_job_id
        WHERE j.sync_job_id = ANY($1::uuid[])
        ORDER BY lower(d.name), j.id`,
      [ids],
    ),
  );

function endedOf({ source, refused }: AskedSync, found: Looked | undefined): EndedSync {
  if (found !== undefined) {
    const { phase: _phase, notBefore: _notBefore, ...sync } = found;
    return sync;
  }
  const error = refused && { code: refused.code, message: refused.message, hint: refused.hint ?? null };
  return {
    syncJobId: '',
    sourceId: source.source_id,
    source: source.name,
    jobType: 'manual',
    status: 'failed',
    itemsFound: 0,
    itemsProcessed: 0,
    itemsCreated: 0,
    itemsUpdated: 0,
    itemsSkipped: 0,
    itemsFailed: 0,
    itemsDeleted: 0,
    bytesProcessed: 0,
    rejected: 0,
    error: error ?? { code: 'NOT_FOUND', message: 'The source was removed meanwhile', hint: null },
  };
}
