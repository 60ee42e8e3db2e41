/** What became of items, written many at a time. */
import type { Query } from '../../database/session.ts';
import type { Counts } from './counts.ts';
import { type FaultLine, faultLine } from './item-faults.ts';
import type { Prepared } from './prepare-item.ts';

export interface ItemState {
  readonly id: bigint;
  readonly status: 'synced' | 'skipped' | 'failed' | 'conflict';
  /** Of the claim that made it so; null where it must be read anew. */
  readonly mark: string | null;
  readonly reason?: string | null;
  readonly fault?: FaultLine | undefined;
  readonly contentHash?: string | null;
  readonly dataset?: string | null;
  readonly importId?: string | null;
  readonly documentId?: string | null;
  /** Of what was a document before, and is rows now. */
  readonly formerDocumentId?: string | null;
  /** Whether the content is new here, another by now, or as it was. */
  readonly change: 'created' | 'updated' | 'none';
  /** Fetched. */
  readonly bytes: number;
}

/** The same state of the item as before, which failed now: what is known of it stays. */
export function failedState({ item, found }: Prepared, given?: FaultLine['error']): ItemState {
  const fault =
    given !== undefined
      ? { error: given, retrySeconds: null }
      : found.is === 'failed'
        ? faultLine(found.error, item.attempts + 1)
        : undefined;
  return {
    ...{ id: item.id, status: 'failed', mark: null, fault, contentHash: item.content_hash, dataset: item.dataset },
    ...{ importId: item.import_id, documentId: item.local_document_id, change: 'none', bytes: bytesOf(found) },
  };
}

export const bytesOf = (found: Prepared['found']): number => (found.is === 'fetched' ? found.fetched.size : 0);

export async function writeStates(query: Query, states: readonly ItemState[]): Promise<void> {
  if (states.length === 0) return;
  await query(
    'sync items settled',
    `UPDATE sync_items t
        SET sync_status = s.status, rules_hash = s.mark, reason = s.reason, error = s.error, content_hash = s.content_hash,
            dataset = s.dataset, import_id = s.import_id, local_document_id = s.document_id,
            attempts = CASE s.status WHEN 'failed' THEN t.attempts + 1 ELSE 0 END,
            retry_at = now() + make_interval(secs => s.retry_seconds),
            last_synced_at = CASE s.status WHEN 'failed' THEN t.last_synced_at ELSE now() END
       FROM unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::jsonb[], $6::text[], $7::text[], $8::uuid[], $9::uuid[],
                   $10::float8[])
            AS s(id, status, mark, reason, error, content_hash, dataset, import_id, document_id, retry_seconds)
      WHERE t.id = s.id`,
    [
      states.map(({ id }) => id),
      states.map(({ status }) => status),
      states.map(({ mark }) => mark),
      states.map(({ reason = null }) => reason),
      states.map(({ fault }) => (fault === undefined ? null : JSON.stringify(fault.error))),
      states.map(({ contentHash = null }) => contentHash),
      states.map(({ dataset = null }) => dataset),
      states.map(({ importId = null }) => importId),
      states.map(({ documentId = null }) => documentId),
      states.map(({ fault }) => fault?.retrySeconds ?? null),
    ],
  );
}

/** What these states add to the run's counts. */
export function countStates(states: readonly ItemState[]): Partial<Counts> {
  const of = (is: (state: ItemState) => boolean): number => states.filter(is).length;
  return {
    processed: states.length,
    created: of(({ status, change }) => status === 'synced' && change === 'created'),
    updated: of(({ status, change }) => status === 'synced' && change === 'updated'),
    skipped: of(({ status }) => status === 'skipped' || status === 'conflict'),
    failed: of(({ status }) => status === 'failed'),
    bytes: states.reduce((sum, { bytes }) => sum + bytes, 0),
    errors: errorsOf(states),
  };
}

function errorsOf(states: readonly ItemState[]): Readonly<Record<string, number>> {
  const errors: Record<string, number> = {};
  for (const { status, fault } of states)
    if (status === 'failed')
      errors[fault?.error.code ?? 'INTERNAL'] = (errors[fault?.error.code ?? 'INTERNAL'] ?? 0) + 1;
  return errors;
}
