/** What a route answers, sent: whole or while it is read, or as "you have it already". */
import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { entityTag, isHeld, readEntityTags } from './entity-tag.ts';
import { send, sendEmpty } from './respond.ts';
import type { RouteAnswer } from './route.ts';
import { isPieces, sendPieces } from './send-pieces.ts';

/** Sends it; resolves when all of it is on its way. Fails as the reading of a streamed body does. */
export async function sendAnswer(response: ServerResponse, answer: RouteAnswer): Promise<void> {
  const { status = 200, type = 'application/json', body } = answer;
  const isRead = status === 200 && (response.req.method === 'GET' || response.req.method === 'HEAD');
  const etag = answer.etag ?? (isRead && body !== undefined && !isPieces(body) ? entityTag(body) : undefined);
  const headers = { ...tagHeaders(response, etag, isRead), ...answer.headers };
  if (isRead && etag !== undefined && isHeld(readEntityTags(response.req.headers['if-none-match']), etag)) {
    if (isPieces(body)) body.leave();
    sendEmpty(response, 304, headers);
  } else if (body === undefined) sendEmpty(response, status, headers);
  else if (isPieces(body)) await sendPieces(response, { status, type, body, headers });
  else send(response, { status, type, body, headers });
}

/** A browser may keep what it asks about again each time; nobody between may. */
function tagHeaders(response: ServerResponse, etag: string | undefined, isRead: boolean): OutgoingHttpHeaders {
  if (etag === undefined) return {};
  if (!isRead) return { etag };
  const varied = response.getHeader('vary');
  const vary = varied === undefined ? VARY : `${varied}, ${VARY}`;
  return { etag, 'cache-control': 'private, no-cache', vary };
}

const VARY = 'Accept, Authorization, Cookie';
