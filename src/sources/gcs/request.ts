/**
 * Requests to the JSON API of Cloud Storage. Google's package for it brings an HTTP client of its own, which cannot be led
 * through the guarded way out; what is needed of the API is five requests.
 */
import { ConnectorError } from '../connector.ts';
import { refusalError } from '../google/errors.ts';
import { answerText } from '../kit/answer-error.ts';
import { reach } from '../kit/network-error.ts';
import { accessToken, newToken } from './service-account.ts';
import type { GcsContext } from './settings.ts';

export const PROVIDER = 'Cloud Storage';
const ORIGIN = 'https://storage.googleapis.com';

export interface GcsRequest {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Below `/storage/v1` or `/upload/storage/v1`, encoded. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | undefined>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array<ArrayBuffer> | undefined;
  /** Statuses that are answers, beside those of success. */
  readonly accepts?: readonly number[];
}

/** @throws ConnectorError for every other status; `auth-revoked` where the key opens nothing any more */
export async function request(context: GcsContext, asked: GcsRequest): Promise<Response> {
  const url = new URL(ORIGIN + asked.path);
  for (const [name, value] of Object.entries(asked.query ?? {})) {
    if (value !== undefined) url.searchParams.set(name, value);
  }
  const answer = await reach(context, PROVIDER, url, {
    method: asked.method ?? 'GET',
    // Sizes, ranges and hashes are of the bytes as they are kept.
    headers: { ...asked.headers, authorization: `Bearer ${await accessToken(context)}`, 'accept-encoding': 'identity' },
    // 308 means "go on" here.
    redirect: 'manual',
    ...(asked.body === undefined ? {} : { body: asked.body }),
  });
  if (answer.ok || asked.accepts?.includes(answer.status) === true) return answer;
  const body = await answerText(answer);
  if (answer.status === 401) {
    // Says by itself whether the key is gone; otherwise the next attempt has a new token.
    await newToken(context);
    throw new ConnectorError('transient', `${PROVIDER} refused a token; there is a new one`, { status: 401 });
  }
  throw refusalError({ status: answer.status, headers: answer.headers, body }, PROVIDER);
}

/** `/storage/v1/b/BUCKET/o`, and the object's name behind it where one is given. @throws ConnectorError forbidden */
export function objectPath({ settings }: GcsContext, name?: string): string {
  const objects = `/storage/v1/b/${encodeURIComponent(settings.bucket)}/o`;
  if (name === undefined) return objects;
  const fault = nameFault(name);
  if (fault !== undefined) throw new ConnectorError('forbidden', fault);
  return `${objects}/${encodeURIComponent(name)}`;
}

/** Why an object of this name cannot be asked for; undefined of nearly all. */
export function nameFault(name: string): string | undefined {
  if (name.includes('\0')) return 'Its name holds a NUL character, which no database keeps';
  return name === '.' || name === '..' ? 'Its name is "." or "..", which no URL carries' : undefined;
}
