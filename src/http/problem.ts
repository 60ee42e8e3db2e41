/** Errors of REST: problem details (RFC 9457), with the codes that GraphQL's errors have. */
import { type OutgoingHttpHeaders, STATUS_CODES } from 'node:http';
import { clientCode } from '../kernel/client-code.ts';
import type { AppError, Fault } from '../kernel/errors.ts';
import { HttpError, statusOf } from './http-error.ts';
import type { Answer } from './respond.ts';

export const PROBLEM_TYPE = 'application/problem+json';

export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  /** Of the closed list that clients read. */
  readonly code: string;
  /** A code of our own that says more than the closed list does. */
  readonly reason?: string;
  /** What to do next. */
  readonly hint?: string;
  /** The parameter or field that it is about. */
  readonly path?: string;
  readonly faults?: readonly Fault[];
  /** Under which the log has the rest. */
  readonly requestId: string;
}

/** An error as the client reads it. `shown` is what the client may see. */
export function problemAnswer(shown: AppError, requestId: string): Answer {
  const status = statusOf(shown);
  const { message, hint, path, faults } = shown;
  const code = clientCode(shown);
  const problem: Problem = {
    type: 'about:blank',
    title: STATUS_CODES[status] ?? 'Error',
    status,
    detail: message,
    code,
    ...(shown.code !== code && { reason: shown.code }),
    ...(hint !== undefined && { hint }),
    ...(path !== undefined && { path }),
    ...(faults !== undefined && { faults }),
    requestId,
  };
  const headers: OutgoingHttpHeaders = {
    ...(status === 401 && { 'www-authenticate': 'Bearer realm="Cairn"' }),
    ...(shown instanceof HttpError && shown.retryAfter !== undefined && { 'retry-after': String(shown.retryAfter) }),
  };
  return { status, type: PROBLEM_TYPE, body: JSON.stringify(problem), headers };
}
