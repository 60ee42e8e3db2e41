/** What came of a write-back, at its own line: so that people see it, and its next run knows when it is due. */
import type { Query } from '../../database/session.ts';
import { asJobError } from '../../jobs/job-errors.ts';
import type { OutcomeStatus, WriteBackRow } from './write-back.ts';

export interface Finished {
  readonly status: OutcomeStatus;
  /** Of what was written. */
  readonly externalId?: string | null | undefined;
  readonly version?: string | null | undefined;
  readonly hash?: string | null | undefined;
  readonly conflictPath?: string | undefined;
  readonly error?: { readonly code: string; readonly message: string; readonly hint: string | null } | undefined;
  /** The last entry of the change log that the content cannot lack. */
  readonly seenChange?: bigint | undefined;
}

/** Seconds after which a run that wrote looks once more: a change that committed beside it may be missing. */
const LOOK_AGAIN = 60;
/** Seconds until what waits for a listing is tried again: each time asks for one. */
const WAIT = 300;
/** Seconds until what failed is tried again, after the job's own tries. */
const FAILED = 900;

export async function finishWriteBack(
  query: Query,
  { write_back_id: writeBackId }: Pick<WriteBackRow, 'write_back_id'>,
  finished: Finished,
): Promise<void> {
  const { status, externalId = null, version = null, hash = null, conflictPath, error, seenChange } = finished;
  await query(
    'write-back finished',
    `UPDATE write_backs
        SET last_status = $2, last_run_at = now(), error = $3, upload_state = CASE $2 WHEN 'failed' THEN upload_state END,
            external_id = coalesce($4, external_id), written_version = coalesce($5, written_version),
            content_hash = CASE $2 WHEN 'written' THEN coalesce($6, content_hash) ELSE content_hash END,
            written_at = CASE $2 WHEN 'written' THEN now() ELSE written_at END,
            conflict_path = CASE $2 WHEN 'conflict' THEN $7 WHEN 'written' THEN NULL ELSE conflict_path END,
            seen_change = coalesce($8, seen_change),
            next_run_at = CASE
              WHEN timing = 'manual' AND $2 <> 'waiting' THEN NULL
              WHEN $2 = 'waiting' THEN now() + make_interval(secs => ${WAIT})
              WHEN $2 = 'failed' AND timing = 'after_edits' THEN now() + make_interval(secs => ${FAILED})
              WHEN timing = 'interval' THEN now() + make_interval(secs => interval_seconds)
              WHEN $2 = 'written' THEN now() + make_interval(secs => ${LOOK_AGAIN}) END
      WHERE write_back_id = $1`,
    [
      writeBackId,
      status,
      error === undefined ? null : JSON.stringify(error),
      externalId,
      version,
      hash,
      conflictPath ?? null,
      seenChange ?? null,
    ],
  );
}

/** What people may read of a failure. */
export function shownFault(thrown: unknown): NonNullable<Finished['error']> {
  const { kind, code, message, hint } = asJobError(thrown);
  return kind === 'bug'
    ? { code, message: 'It failed for a reason that is ours', hint: 'Look it up in the log by its job.' }
    : { code, message, hint: hint ?? null };
}
