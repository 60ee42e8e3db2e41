/** What a place said, as the API tells it. */
import { AppError, type ErrorCode } from '../../kernel/errors.ts';
import { meaningOf } from '../../outbound/received-response.ts';
import { ConnectorError, type ConnectorErrorKind } from '../connector.ts';

const CODES: Readonly<Record<ConnectorErrorKind, ErrorCode>> = {
  'rate-limit': 'RATE_LIMITED',
  transient: 'SOURCE_UNAVAILABLE',
  'auth-expired': 'NEEDS_REAUTH',
  'auth-revoked': 'NEEDS_REAUTH',
  'cursor-expired': 'SOURCE_UNAVAILABLE',
  forbidden: 'FORBIDDEN',
  'not-found': 'NOT_FOUND',
  conflict: 'CONFLICT',
  'too-large': 'LIMIT_EXCEEDED',
  quota: 'LIMIT_EXCEEDED',
  config: 'BAD_USER_INPUT',
};

/** A connector's error as one of ours; anything else as it is. */
export function asShownError(thrown: unknown): unknown {
  if (isNetwork(thrown)) {
    return new AppError('SOURCE_UNAVAILABLE', 'The place does not answer', { cause: thrown, hint: 'Try again later.' });
  }
  if (!(thrown instanceof ConnectorError)) return thrown;
  // Our own refusal of an address tells more than that the place could not be reached.
  const ours = meaningOf(thrown);
  if (ours instanceof AppError) return ours;
  const { hint } = thrown;
  return new AppError(CODES[thrown.kind], thrown.message, { cause: thrown, ...(hint !== undefined && { hint }) });
}

const isNetwork = (thrown: unknown): boolean =>
  (thrown instanceof TypeError && thrown.message === 'fetch failed') ||
  (thrown instanceof DOMException && ['TimeoutError', 'AbortError'].includes(thrown.name));
