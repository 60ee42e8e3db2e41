/** Where a source's last run ended, and the full listing that one may be in the middle of. */
import type { Query } from '../../database/session.ts';
import { uuidv7 } from '../../kernel/uuid.ts';
import type { Cursor } from '../connector.ts';
import type { Pass } from './keep-batch.ts';
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

/** Begins a full listing; what an earlier one has seen counts no more. With `isAnew` its cursor is forgotten too. */
export function beginPass(run: SyncRun, isAnew: boolean): Promise<Pass> {
  return run.write(async ({ query }) => {
    const id = uuidv7();
    await forgetSeen(query, run);
    await query(
      'sync pass begun',
      `UPDATE source_states
          SET pass = $2, pass_started_at = now(), cursor = CASE WHEN $3 THEN NULL ELSE cursor END
        WHERE source_id = $1`,
      [run.source.source_id, id, isAnew],
    );
    return { result: passOf(id, 0) };
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
    return { result: passOf(id, found?.last ?? 0) };
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
    await forgetSeen(query, run);
    await query(
      'sync pass ended',
      'UPDATE source_states SET pass = NULL, pass_started_at = NULL, cursor = $2 WHERE source_id = $1',
      [sourceId, cursor],
    );
    return { result: undefined };
  });
}

async function forgetSeen(query: Query, { source }: SyncRun): Promise<void> {
  await query('sync seen forgotten', 'DELETE FROM sync_seen WHERE source_id = $1', [source.source_id]);
}

function passOf(id: string, last: number): Pass {
  let batch = last;
  return {
    id,
    nextBatch: () => {
      batch += 1;
      return batch;
    },
  };
}
