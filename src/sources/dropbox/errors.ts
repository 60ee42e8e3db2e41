/** What Dropbox's answers mean: a table of its error tags, and the two forms in which it tells how long to wait. */
import { ConnectorError, type ConnectorErrorKind } from '../connector.ts';
import { asConnectorError } from '../kit/network-error.ts';
import { retryAfterOf } from '../kit/retry-after.ts';

export const PROVIDER = 'Dropbox';

interface Meaning {
  readonly kind: ConnectorErrorKind;
  readonly hint?: string | undefined;
}

/** Parts of `error_summary` by what they mean; the first that is found counts. */
const KIND_BY_SUMMARY: readonly (readonly [RegExp, ConnectorErrorKind, string?])[] = [
  [/^reset\b/, 'cursor-expired'],
  [/content_hash_mismatch|too_many_write_operations|retry_error/, 'transient'],
  [/insufficient_space|upload_traffic_limit_reached/, 'quota', 'Make room in this Dropbox.'],
  [/payload_too_large|too_large/, 'too-large'],
  [/\bconflict\b/, 'conflict'],
  [/not_found|not_file|not_folder/, 'not-found'],
  [/restricted_content/, 'forbidden', 'Dropbox does not hand out this file, whoever asks.'],
  [/no_write_permission|access_restricted/, 'forbidden', 'Ask the folder’s owner for the right to edit it.'],
];

const KIND_BY_STATUS: Readonly<Record<number, ConnectorErrorKind>> = {
  403: 'forbidden',
  408: 'transient',
  409: 'forbidden',
  416: 'conflict',
  429: 'rate-limit',
};

/** What a refused request is known by, whether the SDK threw it or a plain request met it. */
export interface Refusal {
  readonly status: number;
  readonly headers: Headers;
  /** Parsed where it is JSON. */
  readonly body: unknown;
}

/** A refused request, as the contract names it. */
export function refusalError(refusal: Refusal): ConnectorError {
  const { status, headers, body } = refusal;
  const summary = summaryOf(body);
  const { kind, hint } = status === 401 ? unauthorised(summary) : meaning(status, summary);
  const said = `${PROVIDER} answered ${status}${summary === '' ? '' : `: ${summary}`}`;
  const waits = [retryAfterOf({ headers }), secondsIn(body)].filter((wait) => wait !== undefined);
  const retryAfterMs = waits.length === 0 ? undefined : Math.max(...waits);
  return new ConnectorError(kind, said, { status, hint, retryAfterMs });
}

/** Any thrown value as what a connector may throw; an end that was asked for stays what it is. */
export function thrownError(thrown: unknown, signal: AbortSignal): unknown {
  const refusal = signal.aborted ? null : asRefusal(thrown);
  return refusal === null ? asConnectorError(thrown, PROVIDER, signal) : refusalError(refusal);
}

/** Where an upload session really stands, where that is why the request was refused. */
export function correctOffset(thrown: unknown): number | undefined {
  const error = member(asRefusal(thrown)?.body, 'error');
  const told = member(error, 'correct_offset') ?? member(member(error, 'lookup_failed'), 'correct_offset');
  return typeof told === 'number' && told >= 0 ? told : undefined;
}

/** Whether an upload session is gone, so that another has to begin. */
export function isSessionGone(thrown: unknown): boolean {
  const refusal = asRefusal(thrown);
  return refusal?.status === 409 && /^(lookup_failed\/)?(not_found|closed)\b/.test(summaryOf(refusal.body));
}

/** The SDK's DropboxResponseError, by its shape: a class of a package that is loaded late cannot be named here. */
function asRefusal(thrown: unknown): Refusal | null {
  if (!(thrown instanceof Error) || thrown.name !== 'DropboxResponseError') return null;
  const [status, headers] = [member(thrown, 'status'), member(thrown, 'headers')];
  if (typeof status !== 'number') return null;
  return { status, headers: headers instanceof Headers ? headers : new Headers(), body: member(thrown, 'error') };
}

function meaning(status: number, summary: string): Meaning {
  if (status === 409) {
    const known = KIND_BY_SUMMARY.find(([pattern]) => pattern.test(summary));
    if (known !== undefined) return { kind: known[1], hint: known[2] };
  }
  return { kind: KIND_BY_STATUS[status] ?? (status >= 500 ? 'transient' : 'config') };
}

/** An expired token is renewed; any other refusal of one needs a person. */
function unauthorised(summary: string): Meaning {
  if (/^expired_access_token\b/.test(summary)) return { kind: 'auth-expired' };
  if (/^missing_scope\b/.test(summary))
    return { kind: 'forbidden', hint: 'Connect this source again and allow what is asked for.' };
  return { kind: 'auth-revoked', hint: 'Connect this source again.' };
}

/** Bad requests, and limits of the hosts of content, come as plain text; a proxy's page says nothing. */
function summaryOf(body: unknown): string {
  const summary = typeof body === 'string' ? body : member(body, 'error_summary');
  return typeof summary === 'string' && !summary.trimStart().startsWith('<') ? summary.slice(0, 300) : '';
}

function secondsIn(body: unknown): number | undefined {
  const told = member(member(body, 'error'), 'retry_after');
  return typeof told === 'number' && told >= 0 ? told * 1000 : undefined;
}

function member(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
}
