/** What ends a run, in the words that decide what becomes of its job: put off, tried again, or failed until somebody acts. */
import { AppError } from '../../kernel/errors.ts';
import { ConnectorError, type ConnectorErrorKind } from '../connector.ts';

/** Milliseconds, where a place asks to wait and does not say how long. */
const WAIT_MS = 60_000;
const SHORTEST_WAIT_MS = 1_000;

const CODES = {
  'rate-limit': 'RATE_LIMITED',
  transient: 'SOURCE_UNAVAILABLE',
  'auth-expired': 'NEEDS_REAUTH',
  'auth-revoked': 'NEEDS_REAUTH',
  'cursor-expired': 'SOURCE_UNAVAILABLE',
  forbidden: 'FORBIDDEN',
  'not-found': 'NOT_FOUND',
  conflict: 'SOURCE_UNAVAILABLE',
  'too-large': 'LIMIT_EXCEEDED',
  quota: 'LIMIT_EXCEEDED',
  config: 'BAD_USER_INPUT',
} as const satisfies Record<ConnectorErrorKind, string>;

/** Whatever ended a run as the job understands it. */
export function asRunFault(thrown: unknown): unknown {
  if (!(thrown instanceof ConnectorError)) return thrown;
  const { kind, message, retryAfterMs, hint = HINTS[kind] } = thrown;
  const wait = kind === 'rate-limit' ? Math.max(SHORTEST_WAIT_MS, retryAfterMs ?? WAIT_MS) : undefined;
  return new AppError(CODES[kind], message, {
    cause: thrown,
    ...(hint !== undefined && { hint }),
    ...(wait !== undefined && { retryAfterMs: wait }),
  });
}

const HINTS: Partial<Record<ConnectorErrorKind, string>> = {
  'auth-expired': 'Connect the source anew.',
  'auth-revoked': 'Connect the source anew.',
  forbidden: 'Give the account that the source is connected with the right to read it.',
  'not-found': 'Look whether the place is still there, and correct the settings of the source.',
  config: 'Correct the settings of the source.',
};

/** What the source's connection is by that; undefined where it says nothing of it. */
export function connectionAfter(thrown: unknown): 'needs_reauth' | 'error' | undefined {
  if (thrown instanceof AppError) return thrown.code === 'NEEDS_REAUTH' ? 'needs_reauth' : undefined;
  if (!(thrown instanceof ConnectorError)) return undefined;
  if (thrown.kind === 'auth-revoked' || thrown.kind === 'auth-expired') return 'needs_reauth';
  return ['config', 'forbidden', 'not-found'].includes(thrown.kind) ? 'error' : undefined;
}
