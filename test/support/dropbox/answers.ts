/** The forms in which Dropbox answers. */
import type { FakeAnswer, FakeRequest } from '../http-fake.ts';

/** 409: an error of the route's own, told by a path of tags such as `path/conflict/file`. */
export function routeError(summary: string, error: object = {}): FakeAnswer {
  return { status: 409, body: { error_summary: `${summary}/..`, error: { '.tag': summary.split('/')[0], ...error } } };
}

export function badRequest(words: string): FakeAnswer {
  return { status: 400, headers: { 'content-type': 'text/plain; charset=utf-8' }, body: words };
}

export function refused(kind: 'expired-token' | 'revoked-token'): FakeAnswer {
  const tag = kind === 'expired-token' ? 'expired_access_token' : 'invalid_access_token';
  return { status: 401, body: { error_summary: `${tag}/...`, error: { '.tag': tag } } };
}

/** Both forms of the limit: the header, and a number in the body. */
export function limited(retryAfter: number): FakeAnswer {
  const error = { reason: { '.tag': 'too_many_requests' }, retry_after: retryAfter };
  return {
    status: 429,
    headers: { 'retry-after': String(retryAfter) },
    body: { error_summary: 'too_many_requests/..', error },
  };
}

/** The arguments of a request, from its body or from the header that requests with content have. */
export function argumentsOf(request: FakeRequest): Readonly<Record<string, unknown>> {
  const text = request.headers.get('dropbox-api-arg') ?? request.body.toString('utf8');
  const parsed: unknown = text === '' || text === 'null' ? {} : JSON.parse(text);
  return typeof parsed === 'object' && parsed !== null ? { ...parsed } : {};
}

export function textIn(value: unknown, key: string): string {
  const found: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
  return typeof found === 'string' ? found : '';
}
