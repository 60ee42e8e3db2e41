/** Webhooks of providers: public, and believed by their signature alone. */
import { readBody } from '../http/body.ts';
import { HttpError } from '../http/http-error.ts';
import { send } from '../http/respond.ts';
import type { SourcesHouse } from '../sources/sources-house.ts';
import { HOOKS_PATH } from '../sources/watch/hooks-path.ts';
import type { Exchange } from './exchange.ts';

/** They say whose place has changed, never what. */
const LIMITS = { size: 1_000_000, time: 5_000 };

/** Whether an address is one of theirs. */
export const isHook = (path: string): boolean => path.startsWith(`${HOOKS_PATH}/`);

/** Answers once it is written down whose sources are to be looked at; nothing is asked of the provider before that. */
export async function answerHook(sources: SourcesHouse, { request, response, url }: Exchange): Promise<void> {
  const { method = '' } = request;
  if (method !== 'GET' && method !== 'POST') throw new HttpError(405, 'BAD_USER_INPUT', 'A webhook takes GET and POST');
  const { receiveHook } = await import('../sources/watch/receive-hook.ts');
  const headers = new Headers(
    Object.entries(request.headersDistinct).flatMap(([name, values = []]) =>
      values.map((value): [string, string] => [name, value]),
    ),
  );
  const body = method === 'GET' ? new Uint8Array() : await readBody(request, LIMITS);
  const received = await receiveHook(sources, { method, url, headers, body });
  send(response, {
    status: received.status,
    // What is echoed is the caller's: no browser may take it for a page of ours.
    type: received.contentType ?? 'text/plain',
    body: received.body ?? '',
    headers: { 'x-content-type-options': 'nosniff', 'content-security-policy': "default-src 'none'; sandbox" },
  });
}
