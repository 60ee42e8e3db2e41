/** What a job failed of: whose fault it is decides whether it is tried again, who is told, and in which words. */
import { asDatabaseError, SOCKET, sqlState } from '../database/errors.ts';
import { isOfDatabase } from '../database/own-faults.ts';
import { AppError, asAppError } from '../kernel/errors.ts';
import type { JobFault } from './lines.ts';

/** Values and keys that the server did not take. */
const REFUSED = /^2[23]/;
/** What `fetch` calls an end that was closed, or stays silent. */
const FETCH = /^UND_ERR_(SOCKET|CONNECT_TIMEOUT|HEADERS_TIMEOUT|BODY_TIMEOUT)$/;

/** Whatever a job threw. */
export function asJobError(thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown;
  if (isOfDatabase(thrown)) {
    // A statement outside any session fails in the driver's words: a restart of the server would be a bug, and the job's end. But
    // what such a statement gives is the job's own, so that it is refused is nobody's fault but ours.
    return asAppError(isRefusal(thrown) ? thrown : asDatabaseError(thrown));
  }
  const state = sqlState(thrown) ?? '';
  if (!SOCKET.test(state) && !FETCH.test(state)) return asAppError(thrown);
  return new AppError('SOURCE_UNAVAILABLE', `Another server cannot be reached, or broke off (${state})`, {
    cause: thrown,
    hint: 'Try again when it is back.',
  });
}

/** Whether the database refused what it was given. */
export const isRefusal = (thrown: unknown): boolean =>
  REFUSED.test(sqlState(thrown instanceof AppError ? thrown.cause : thrown) ?? '');

/** What a job reads is small: a statement of it that took too long met a machine that was busy with others. */
export function isTimedOut({ code, cause }: AppError): boolean {
  return code === 'LIMIT_EXCEEDED' && /^(57014|25P04)$/.test(sqlState(cause) ?? '');
}

/** What a job's line says of a failure: the words for people where they are theirs to read. */
export function faultOf(error: AppError): JobFault {
  if (error.kind === 'bug') {
    return {
      code: error.code,
      message: 'The job failed for a reason that is ours',
      hint: 'The log says which: search it for the id of the job.',
    };
  }
  return { code: error.code, message: error.message, hint: error.hint ?? null };
}
