/** Where a source's last run ended, and the full listing that one may be in the middle of. */
import type { Query } from '../../database/session.ts';
import { uuidv7 } from '../../kernel/uuid.ts';
import type { Cursor } from '../connector.ts';
import { forgetDigests } from './digests.ts';
import type { Pass } from './pass.ts';
import type { SyncRun } from './run.ts';

export interface SourceState {
  readonly cursor: Cursor | null;
  /** Undefined unless a full listing was begun and not ended. */
  readonly pass: string | undefined;
  readonly rulesHash: string | null;
}

/** Makes the line where there is none. */
export async function readState(query: Query, { source }: Pick<SyncRun, 'source'>): Promise<SourceState> {
  const [found] = await query<{ cursor: string | null; pass: string | null; rules_hash: string | null }>(
    'sync state',
    `INSERT INTO source_states AS s (source_id, owner_id)
     VALUES ($1, $2)
     ON CONFLICT (source_id) DO UPDATE SET source_id = s.source_id
     RETURNING cursor, pass, rules_hash`,
    [source.source_id, source.owner_id],
  );
  return { cursor: found?.cursor ?? null, pass: found?.pass ?? undefined, rulesHash: found?.rules_hash ?? null };
}

/**
 * Begins a full listing. One that was begun and not ended counts no more, nor what the one before it has seen: the lines may be
 * others by now. With `isAnew` the cursor is forgotten too.
 */
export function beginPass(run: SyncRun, isAnew: boolean): Promise<Pass> {
  return run.write(async ({ query }) => {
    const id = uuidv7();
    await query(
      'sync pass given up',
      `DELETE FROM sync_seen n
        USING source_states s
        WHERE s.source_id = $1 AND s.pass IS NOT NULL AND n.source_id = s.source_id`,
      [run.source.source_id],
    );
    await query(
      'sync pass begun',
      `UPDATE source_states
          SET pass = $2, pass_started_at = now(), cursor = CASE WHEN $3 THEN NULL ELSE cursor END
        WHERE source_id = $1`,
      [run.source.source_id, id, isAnew],
    );
    // What an earlier listing of this run had told is told again.
    await query('sync told anew', 'UPDATE sync_jobs SET items_found = 0 WHERE sync_job_id = $1', [run.job.id]);
    return { result: passOf(id, 0, true) };
  });
}

/** Goes on with a full listing that another attempt began. */
export function resumePass(run: SyncRun, id: string): Promise<Pass> {
  return run.write(async ({ query }) => {
    const [found] = await query<{ last: number }>(
      'sync pass resumed',
      'SELECT coalesce(max(batch), 0) AS last FROM sync_seen WHERE source_id = $1 AND pass = $2',
      [run.source.source_id, id],
    );
    return { result: passOf(id, found?.last ?? 0, false) };
  });
}

/**
 * Ends a pass with the cursor where the next run starts. Of a `full` one, what it has not seen becomes `missing`: it says how
 * many of those there are with content, and how many were seen.
 */
export function endPass(
  run: SyncRun,
  { pass, cursor, isFull }: { readonly pass: Pass | undefined; readonly cursor: Cursor; readonly isFull: boolean },
): Promise<void> {
  return run.write(async ({ query }) => {
    const { source_id: sourceId } = run.source;
    if (isFull && pass !== undefined) {
      await sweep(query, sourceId, pass);
      await forgetDigests(query, sourceId, pass);
    } else if (pass !== undefined) await forgetDigests(query, sourceId, undefined);
    await query(
      'sync pass ended',
      'UPDATE source_states SET pass = NULL, pass_started_at = NULL, cursor = $2 WHERE source_id = $1',
      [sourceId, cursor],
    );
    return { result: undefined };
  });
}

/** Where every batch was seen in the pass before, and none of that one is left over, nothing can be missing that was not before. */
async function sweep(query: Query, sourceId: string, pass: Pass): Promise<void> {
  const [found] = await query<{ is_same: boolean }>(
    'sync pass as before',
    `SELECT NOT EXISTS (SELECT FROM sync_seen WHERE source_id = $1 AND (pass <> $2 OR digest IS NULL)) AS is_same`,
    [sourceId, pass.id],
  );
  if (found?.is_same && pass.isAsBefore()) return;
  await query(
    'sync items unseen',
    `UPDATE sync_items t
        SET sync_status = 'missing'
      WHERE t.source_id = $1 AND t.sync_status NOT IN ('missing', 'deleted')
        AND NOT EXISTS (SELECT FROM (SELECT unnest(ids) AS id FROM sync_seen WHERE source_id = $1 AND pass = $2) s
                         WHERE s.id = t.id)`,
    [sourceId, pass.id],
  );
}

function passOf(id: string, last: number, isWhole: boolean): Pass {
  let batch = last;
  let again = 0;
  let others = isWhole ? 0 : 1;
  return {
    id,
    nextBatch: () => {
      batch += 1;
      return batch;
    },
    // Of a listing that is empty all of a sudden nothing was seen before.
    isAsBefore: () => again > 0 && others === 0,
    isAgain: () => {
      again += 1;
    },
    isOther: () => {
      others += 1;
    },
  };
}
