/** Asking for a write-back: whoever asks, one runs at a time, as its source's owner. */
import type { Query } from '../../database/session.ts';
import { enqueueJob } from '../../jobs/enqueue.ts';
import { AppError } from '../../kernel/errors.ts';
import { actorOfSource, readSource } from '../sync/source.ts';
import { readWriteBack, WRITE_BACK } from './write-back.ts';

/**
 * Asks for it within a transaction whose owner may see it; returns the key of the job, which may have been asked for before.
 * @throws AppError NOT_FOUND; CONFLICT where it, or its source, is paused or cannot be reached
 */
export async function requestWriteBack(query: Query, writeBackId: string): Promise<string> {
  const row = await readWriteBack(query, writeBackId);
  const source = row && (await readSource(query, row.source_id));
  if (row === undefined || source === undefined) throw noWriteBack();
  const { connection_status: status, name } = source;
  if (!source.is_active) throw new AppError('CONFLICT', `The source ${name} is paused`, { hint: 'Resume it first.' });
  if (status === 'needs_reauth' || status === 'disconnected') {
    throw new AppError('NEEDS_REAUTH', `The source ${name} has to be signed in to again`, {
      hint: 'Connect it again.',
    });
  }
  const jobId = await enqueueJob(query, {
    kind: WRITE_BACK,
    arguments: { writeBackId: row.write_back_id },
    actor: actorOfSource(source),
    singleton: row.write_back_id,
    privateTo: source.is_shared ? undefined : source.owner_id,
  });
  await query(
    'write-back asked',
    // Its run says when it is due next; one that is cancelled says nothing.
    `UPDATE write_backs
        SET last_job_id = $2, next_run_at = now() + make_interval(secs => interval_seconds)
      WHERE write_back_id = $1`,
    [row.write_back_id, jobId],
  );
  return jobId;
}

/** The same for one that the actor does not see. */
export const noWriteBack = (): AppError =>
  new AppError('NOT_FOUND', 'There is no write-back with this id', { path: 'writeBackId' });
