/** One run over one source: what its steps share, and the one way in which they write. */
import { type Query, type WriteSession, writeSession } from '../../database/session.ts';
import type { Ingest } from '../../ingest/run.ts';
import type { RunningJob } from '../../jobs/job.ts';
import type { Actor } from '../../kernel/actor.ts';
import type { Log } from '../../kernel/log.ts';
import type { Connector, ConnectorContext } from '../connector.ts';
import { addCounts, type Counts, NO_COUNTS } from './counts.ts';
import type { SyncHouse } from './house.ts';
import type { Renewable } from './renewal.ts';
import { holdSource, type SyncSource } from './source.ts';

export interface SyncRun {
  readonly source: SyncSource;
  readonly connector: Connector;
  readonly context: ConnectorContext;
  /** The source's owner. */
  readonly actor: Actor;
  readonly ingest: Ingest;
  readonly log: Log;
  readonly job: RunningJob;
  /** Absolute: of this source alone. */
  readonly spool: string;
  /**
   * One transaction of the run: what `work` writes and what it counts commit together, and only while this attempt holds the
   * job and the source is what the run took it for.
   */
  readonly write: <T>(
    work: (session: WriteSession) => Promise<{ readonly result: T; readonly counts?: Partial<Counts> }>,
  ) => Promise<T>;
  /** For transactions that others begin: before anything of the source is written. @throws AppError as {@link holdSource} */
  readonly hold: (query: Query) => Promise<void>;
  /** For the same transactions: the last statements of each. */
  readonly seal: (query: Query, counts: Partial<Counts>) => Promise<void>;
  /** What this attempt has committed. */
  readonly counted: () => Counts;
  /** Does `work`, and once more with another token where the place refuses the first. */
  readonly renewing: Renewable['renewing'];
  /** Tells what the run is doing, and how far that is. */
  readonly tell: (phase: Phase, done: number, total: number | null) => void;
}

export const PHASES = ['listing', 'reading', 'deleting'] as const;
export type Phase = (typeof PHASES)[number];

type RunParts = Pick<SyncRun, 'source' | 'connector' | 'context' | 'renewing' | 'job' | 'spool'>;

export function openRun(house: SyncHouse, parts: RunParts): SyncRun {
  const { database, actor, log, ingest } = house;
  const { job } = parts;
  const hold = (query: Query): Promise<void> => holdSource(query, parts.source);
  let counted: Counts = NO_COUNTS;
  let phase: Phase = 'listing';
  const seal = async (query: Query, counts: Partial<Counts>): Promise<void> => {
    const own = { ...NO_COUNTS, ...counts };
    await query(
      'sync job counts',
      `UPDATE sync_jobs
          SET items_found = items_found + $2, items_processed = items_processed + $3, items_created = items_created + $4,
              items_updated = items_updated + $5, items_skipped = items_skipped + $6, items_failed = items_failed + $7,
              items_deleted = items_deleted + $8, bytes_processed = bytes_processed + $9,
              progress_data = progress_data || jsonb_build_object('phase', $10::text)
                || CASE WHEN $11::jsonb = '{}' THEN '{}' ELSE jsonb_build_object('errors', (
                     SELECT jsonb_object_agg(e.code, e.items)
                       FROM (SELECT code, sum(items::integer) AS items
                               FROM (SELECT * FROM jsonb_each_text(coalesce(progress_data -> 'errors', '{}'))
                                      UNION ALL
                                     SELECT * FROM jsonb_each_text($11::jsonb)) AS one (code, items)
                              GROUP BY code) AS e)) END
        WHERE sync_job_id = $1`,
      [
        job.id,
        own.found,
        own.processed,
        own.created,
        own.updated,
        own.skipped,
        own.failed,
        own.deleted,
        own.bytes,
        phase,
        JSON.stringify(own.errors ?? {}),
      ],
    );
    await job.fence(query);
    // A transaction that does not commit ends the attempt, and these with it.
    counted = addCounts(counted, own);
  };
  return {
    ...parts,
    actor,
    ingest,
    log,
    hold,
    seal,
    counted: () => counted,
    write: (work) =>
      writeSession(database.write, actor, async (session) => {
        await hold(session.query);
        const { result, counts = {} } = await work(session);
        await seal(session.query, counts);
        return result;
      }),
    tell: (now, done, total) => {
      phase = now;
      job.progress(done, total, now);
    },
  };
}
