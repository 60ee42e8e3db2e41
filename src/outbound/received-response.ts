/** Answers as the global fetch gives them: libraries ask whether they are of its class. */
import type { Response as UndiciResponse } from 'undici';
import { AppError } from '../kernel/errors.ts';

/** Statuses that have no body, and whose Response must be made without one. */
const BODILESS = [204, 205, 304];

/** `url` is the provider's, whatever stood for it. */
export function asResponse(answer: UndiciResponse, url: URL): Response {
  const { status, statusText, headers } = answer;
  const body: unknown = BODILESS.includes(status) ? null : answer.body;
  const response = new Response(isStream(body) ? body : null, {
    status,
    statusText,
    headers: [...headers],
  });
  Object.defineProperty(response, 'url', { value: url.href });
  return response;
}

/** Of one class at run time, of two in the types. */
const isStream = (body: unknown): body is ReadableStream<Uint8Array<ArrayBuffer>> => body instanceof ReadableStream;

/** What a failed fetch means: our own refusal where it was one, else what was thrown. */
export function meaningOf(thrown: unknown): unknown {
  let cause: unknown = thrown;
  while (cause instanceof Error) {
    if (cause instanceof AppError) return cause;
    cause = cause.cause;
  }
  return thrown;
}
