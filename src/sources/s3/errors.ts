/** What S3 says, as the run understands it. */
import { ConnectorError, type ConnectorErrorKind } from '../connector.ts';
import { answerError } from '../kit/answer-error.ts';
import { asConnectorError } from '../kit/network-error.ts';
import type { S3Context } from './settings.ts';

interface Meaning {
  readonly kind: ConnectorErrorKind;
  readonly hint?: string;
}

const OTHER_KEYS: Meaning = { kind: 'auth-revoked', hint: 'Give this source other keys.' };
const OTHER_REGION: Meaning = { kind: 'config', hint: 'Set the region that the bucket is in.' };
const LIMIT: Meaning = { kind: 'rate-limit' };

const MEANINGS: Readonly<Record<string, Meaning>> = {
  NoSuchKey: { kind: 'not-found' },
  NoSuchUpload: { kind: 'conflict', hint: 'The upload was given up meanwhile; it begins anew.' },
  NoSuchBucket: { kind: 'config', hint: 'Check the bucket’s name, its region and the endpoint.' },
  PreconditionFailed: { kind: 'conflict' },
  ConditionalRequestConflict: { kind: 'conflict' },
  InvalidRange: { kind: 'conflict' },
  InvalidAccessKeyId: OTHER_KEYS,
  SignatureDoesNotMatch: OTHER_KEYS,
  ExpiredToken: OTHER_KEYS,
  InvalidToken: OTHER_KEYS,
  RequestTimeTooSkewed: { kind: 'config', hint: 'The clock of this machine or of the store is wrong.' },
  InvalidObjectState: {
    kind: 'forbidden',
    hint: 'The object lies in cold storage: restore it first, or leave it out by a rule.',
  },
  PermanentRedirect: OTHER_REGION,
  TemporaryRedirect: { kind: 'transient' },
  AuthorizationHeaderMalformed: OTHER_REGION,
  IllegalLocationConstraintException: OTHER_REGION,
  NotImplemented: {
    kind: 'config',
    hint: 'The store does not know this: turn "Conditional writes" off, or "Checksums" to required.',
  },
  SlowDown: LIMIT,
  TooManyRequests: LIMIT,
  ThrottlingException: LIMIT,
  RequestLimitExceeded: LIMIT,
  EntityTooLarge: { kind: 'too-large' },
  QuotaExceeded: { kind: 'quota' },
  BadDigest: { kind: 'transient' },
  RequestTimeout: { kind: 'transient' },
};

/** Any thrown value: the store's own answers by their code, an answer that was none as transient, the rest by the kit. */
export function s3Error(thrown: unknown, context: Pick<S3Context, 'signal'>): unknown {
  const answer = answerOf(thrown);
  if (answer === undefined || thrown instanceof ConnectorError) return asConnectorError(thrown, 'S3', context.signal);
  const meaning = MEANINGS[answer.code];
  return answerError(answer, {
    provider: 'S3',
    kind: meaning?.kind,
    hint: meaning?.hint,
    words: answer.words,
    cause: thrown,
  });
}

/** Whether it is the SDK's error of an answer that said nothing in the words of S3: a page of something else, or nothing. */
export const isWordless = (thrown: unknown): boolean =>
  thrown instanceof Error &&
  (/^Unknown(Error)?$/.test(thrown.name) || thrown.message.includes('Deserialization error'));

interface Answer {
  readonly status: number;
  readonly code: string;
  readonly words: string;
  readonly headers: { get(name: string): string | null };
}

/** Undefined where no answer came. A success that could not be read is no answer of S3 either. */
function answerOf(thrown: unknown): Answer | undefined {
  if (!(thrown instanceof Error)) return undefined;
  const { statusCode, headers } = responseOf(thrown);
  if (statusCode === undefined || statusCode < 300) return undefined;
  return {
    status: statusCode,
    code: thrown.name,
    words: isWordless(thrown) ? '' : thrown.name === thrown.message ? thrown.name : `${thrown.name}: ${thrown.message}`,
    headers: { get: (name) => headers[name.toLowerCase()] ?? null },
  };
}

/** As the SDK leaves it at its errors. */
function responseOf(error: Error): { statusCode?: number; headers: Readonly<Record<string, string | undefined>> } {
  const response: unknown = '$response' in error ? error.$response : undefined;
  if (typeof response !== 'object' || response === null || !('statusCode' in response)) return { headers: {} };
  const headers = 'headers' in response && typeof response.headers === 'object' ? response.headers : {};
  return {
    ...(typeof response.statusCode === 'number' ? { statusCode: response.statusCode } : {}),
    headers: Object.fromEntries(Object.entries(headers ?? {}).map(([name, value]) => [name, String(value)])),
  };
}
