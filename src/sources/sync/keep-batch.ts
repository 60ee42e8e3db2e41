/** Writes what a listing told: one transaction for a batch, with the cursor that covers it, and nothing for what is as it was. */
import type { Query } from '../../database/session.ts';
import type { Batch, Segment } from './batch.ts';
import { digestOf, forgetDigests, seeAgain } from './digests.ts';
import { faultLine } from './item-faults.ts';
import { forgetGone, forgetReplaced } from './keep-gone.ts';
import { compareItems, upsertItems } from './keep-items.ts';
import type { Pass } from './pass.ts';
import type { SyncRun } from './run.ts';
import type { ToldItem } from './told-item.ts';

/** @throws AppError INTERRUPTED where another process has the job by now */
export async function keepBatch(run: SyncRun, batch: Batch, pass: Pass | undefined): Promise<void> {
  if (batch.size() === 0 && batch.cursor() === undefined) return;
  await run.write(async ({ query }) => {
    for (const segment of batch.segments) await keepSegment(query, run, segment, pass);
    const cursor = batch.cursor();
    if (cursor !== undefined) {
      await query('sync cursor', 'UPDATE source_states SET cursor = $2 WHERE source_id = $1', [
        run.source.source_id,
        cursor,
      ]);
    }
    return { result: undefined, counts: { found: batch.size() } };
  });
}

async function keepSegment(query: Query, run: SyncRun, segment: Segment, pass: Pass | undefined): Promise<void> {
  const { source } = run;
  const { deletes, replaced, items, errors } = segment;
  if (deletes.length + items.length + errors.length === 0) return;
  if (deletes.length > 0) await forgetGone(query, source.source_id, deletes);
  if (replaced.length > 0) await forgetReplaced(query, source.source_id, replaced);
  // What another pass has seen says nothing once the lines are changed out of their turn.
  if (pass === undefined || deletes.length > 0 || replaced.length > 0)
    await forgetDigests(query, source.source_id, pass);
  const digest = pass && errors.length === 0 ? digestOf(items) : undefined;
  if (pass !== undefined && digest !== undefined && (await seeAgain(query, source.source_id, pass, digest))) return;
  pass?.isOther();
  // Before they are compared: of an item that became another and again what it was, what it was in between would be left.
  const fine = lastTold(items.filter(({ fault }) => fault === null));
  if (fine.length > 0) {
    const isWhole = items.every(({ fault }) => fault === null);
    const places = await compareItems(query, source, fine, pass, isWhole ? digest : undefined);
    const changed = places.flatMap((place) => fine[place] ?? []);
    if (changed.length > 0) await upsertItems(query, run, changed, pass);
  }
  const failed = [
    ...errors.map(({ item, error }) => ({ item, fault: faultLine(error, 1) })),
    ...items.flatMap((item) => (item.fault === null ? [] : [{ item, fault: unfit(item.fault) }])),
  ];
  if (failed.length > 0) await failItems(query, run, failed, pass);
}

/** Of an item that is told twice, what was told last. */
function lastTold(items: readonly ToldItem[]): ToldItem[] {
  const last = new Map<string, ToldItem>();
  for (const item of items) last.set(item.externalId, item);
  return last.size === items.length ? [...items] : [...last.values()];
}

type FaultLine = ReturnType<typeof faultLine>;

/** Nothing that is tried again would make it fit. */
const unfit = (message: string): FaultLine => ({
  error: { code: 'BAD_NAME', message, hint: 'Rename it where it is; it is taken in then.' },
  retrySeconds: null,
});

/** What could not be listed is there all the same: it is seen, keeps what is known of it, and says what is wrong. */
async function failItems(
  query: Query,
  run: SyncRun,
  failed: readonly { readonly item: ToldItem; readonly fault: FaultLine }[],
  pass: Pass | undefined,
): Promise<void> {
  const { source } = run;
  const last = [...new Map(failed.map((one) => [one.item.externalId, one])).values()];
  await query(
    'sync items failed in a listing',
    `WITH failed AS (
       INSERT INTO sync_items (source_id, owner_id, is_shared, external_id, name, external_path, path_key, item_type,
                               external_version, sync_status, error, attempts, retry_at)
       SELECT $1, $2, $3, f.external_id, f.name, f.path, f.path_key, f.kind, f.version, 'failed', f.error, 1,
              now() + make_interval(secs => f.retry_seconds)
         FROM unnest($4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::jsonb[], $11::float8[])
              AS f(external_id, name, path, path_key, kind, version, error, retry_seconds)
       ON CONFLICT (source_id, external_id) DO UPDATE
          SET sync_status = 'failed', error = excluded.error, external_version = excluded.external_version,
              attempts = sync_items.attempts + 1, retry_at = excluded.retry_at
       RETURNING id)
     INSERT INTO sync_seen (source_id, owner_id, pass, batch, ids)
     SELECT $1, $2, $12, $13, array_agg(id) FROM failed WHERE $12::uuid IS NOT NULL HAVING count(*) > 0`,
    [
      source.source_id,
      source.owner_id,
      source.is_shared,
      last.map(({ item }) => item.externalId),
      last.map(({ item }) => item.name),
      last.map(({ item }) => item.path),
      last.map(({ item }) => item.pathKey),
      last.map(({ item }) => item.kind),
      last.map(({ item }) => item.version),
      last.map(({ fault }) => JSON.stringify(fault.error)),
      last.map(({ fault }) => fault.retrySeconds),
      pass?.id ?? null,
      pass?.nextBatch() ?? 0,
    ],
  );
}
