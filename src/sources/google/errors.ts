/** What Google's answers mean: a table of its reasons, since one status (403) stands for limits, rights and broken rules alike. */
import type { ConnectorError, ConnectorErrorKind } from '../connector.ts';
import { answerError, kindOfAnswer } from '../kit/answer-error.ts';
import { asConnectorError } from '../kit/network-error.ts';
import type { AnswerHeaders } from '../kit/retry-after.ts';

interface Meaning {
  readonly kind: ConnectorErrorKind;
  readonly hint?: string;
  /** Where Google does not say how long to wait. */
  readonly retryAfterMs?: number;
}

/** Google counts requests by the minute and by the day. */
const A_MINUTE = 60_000;
const AN_HOUR = 3_600_000;

const CONNECT_AGAIN = 'Connect this source again and allow what is asked for.';
const LIMITED: Meaning = { kind: 'rate-limit', retryAfterMs: A_MINUTE };
const DAY_LIMITED: Meaning = { kind: 'rate-limit', retryAfterMs: AN_HOUR };

/** By the first error’s `reason`; what is not named here means what its status says. */
const MEANING_BY_REASON: Readonly<Record<string, Meaning>> = {
  rateLimitExceeded: LIMITED,
  userRateLimitExceeded: LIMITED,
  sharingRateLimitExceeded: LIMITED,
  RATE_LIMIT_EXCEEDED: LIMITED,
  dailyLimitExceeded: DAY_LIMITED,
  quotaExceeded: DAY_LIMITED,
  downloadQuotaExceeded: { kind: 'quota', hint: 'Too many people fetched this file today; it opens again tomorrow.' },
  storageQuotaExceeded: { kind: 'quota', hint: 'Make room in this Google account.' },
  exportSizeLimitExceeded: { kind: 'too-large', hint: 'Google exports at most 10 MB of a document in this way.' },
  cannotDownloadAbusiveFile: {
    kind: 'forbidden',
    hint: 'Google takes this file for malware or spam. Its owner may set acknowledgeAbuse on the source to fetch it.',
  },
  cannotDownloadFile: { kind: 'forbidden', hint: 'Its owner has forbidden downloads of this file.' },
  fileNotDownloadable: { kind: 'forbidden', hint: 'Google keeps no content of this file that could be downloaded.' },
  fileNotExportable: { kind: 'forbidden', hint: 'Google keeps no content of this file that could be exported.' },
  cannotExportFile: { kind: 'forbidden', hint: 'Its owner has forbidden downloads of this file.' },
  insufficientFilePermissions: { kind: 'forbidden', hint: 'Ask the file’s owner for the right to read it.' },
  insufficientPermissions: { kind: 'config', hint: CONNECT_AGAIN },
  ACCESS_TOKEN_SCOPE_INSUFFICIENT: { kind: 'config', hint: CONNECT_AGAIN },
  accessNotConfigured: { kind: 'config', hint: 'Enable this API in the Google Cloud project of the OAuth client.' },
  SERVICE_DISABLED: { kind: 'config', hint: 'Enable this API in the Google Cloud project of the OAuth client.' },
  domainPolicy: { kind: 'config', hint: 'The administrators of this Google domain do not allow it; ask them.' },
  failedPrecondition: {
    kind: 'config',
    hint: 'Google says that this account has no such service, or it is switched off.',
  },
};

/** Everything that is told of a refusal, whether the SDK threw it or a plain request met it. */
export interface GoogleRefusal {
  readonly status: number;
  readonly headers: AnswerHeaders;
  /** As parsed, or its text. */
  readonly body: unknown;
  readonly cause?: unknown;
}

/** A refused request, as the contract names it. */
export function refusalError(refusal: GoogleRefusal, provider: string): ConnectorError {
  const { reason, message, location } = readBody(refusal.body);
  const meaning = refusal.status === 401 ? undefined : MEANING_BY_REASON[reason];
  const isPage = refusal.status === 400 && location === 'pageToken';
  const kind = isPage ? 'cursor-expired' : (meaning?.kind ?? kindOfAnswer(refusal));
  return answerError(refusal, {
    provider,
    kind,
    words: reason === '' ? message : `${message} (${reason})`,
    hint: meaning?.hint,
    retryAfterMs:
      toldInWords(message, refusal.headers) ?? meaning?.retryAfterMs ?? (kind === 'rate-limit' ? A_MINUTE : undefined),
    cause: refusal.cause,
  });
}

/** Gmail names the time in its words: “Retry after 2026-11-21T15:40:23.431Z”; measured by its own clock. */
function toldInWords(message: string, headers: AnswerHeaders): number | undefined {
  const [, time = ''] = /retry after (\d{4}-\d\d-\d\dT[\d:.]+Z)/i.exec(message) ?? [];
  const theirs = Date.parse(headers.get('date') ?? '');
  const wait = Date.parse(time) - (Number.isNaN(theirs) ? Date.now() : theirs);
  return Number.isNaN(wait) ? undefined : Math.min(24 * AN_HOUR, Math.max(0, wait));
}

/** Any thrown value as what a connector may throw: the SDK's errors by their answer, everything else by the kit. */
export function thrownError(thrown: unknown, provider: string, signal: AbortSignal): unknown {
  const refusal = signal.aborted ? null : asRefusal(thrown);
  return refusal === null ? asConnectorError(thrown, provider, signal) : refusalError(refusal, provider);
}

/** A GaxiosError that an answer led to, by its shape: the class of a package that is loaded late cannot be named here. */
function asRefusal(thrown: unknown): GoogleRefusal | null {
  const answer = thrown instanceof Error ? member(thrown, 'response') : undefined;
  const status = member(answer, 'status');
  const headers = member(answer, 'headers');
  if (typeof status !== 'number' || !(headers instanceof Headers)) return null;
  // An answer that broke off is no refusal, whatever its first line said.
  if (status >= 200 && status < 300) return null;
  return { status, headers, body: member(answer, 'data') };
}

interface BodyWords {
  readonly reason: string;
  readonly message: string;
  readonly location: string;
}

/** `{ error: { message, errors: [{ reason, location }], status, details: [{ reason }] } }`, or a page of some proxy. */
function readBody(body: unknown): BodyWords {
  const error = member(typeof body === 'string' ? parsed(body) : body, 'error');
  const first = member(member(error, 'errors'), '0');
  const detail = member(member(error, 'details'), '0');
  return {
    reason: text(member(first, 'reason')) || text(member(detail, 'reason')) || '',
    message: text(member(error, 'message')) || text(error),
    location: text(member(first, 'location')),
  };
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    // Words that are no JSON are not Google's: the status says what there is to say.
    return undefined;
  }
}

function member(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
