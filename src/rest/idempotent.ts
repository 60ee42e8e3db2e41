/** The header Idempotency-Key of a route: a request sent again under its key answers what it answered, and does nothing. */
import Type from 'typebox';
import type { GraphqlContext } from '../graphql/context.ts';
import {
  type KeyedRequest,
  keepAnswer,
  keptAnswer,
  keyedRequest,
  keyRequest,
  LONGEST_ANSWER,
} from '../graphql/idempotency.ts';
import { type Asked, FIRST_OF_OURS, type RouteAnswer } from '../http/route.ts';
import { isJsonObject } from '../kernel/json.ts';

/** What a route that is done once per key says of the header. */
export const IDEMPOTENCY_HEADER = {
  'idempotency-key': {
    description: 'A name for this request: sent again within a day under it, it is answered alike and done once.',
    schema: Type.String({ $id: 'idempotency-key', minLength: 1, maxLength: 255 }),
  },
};

/**
 * Runs `run`, unless the same request was answered before under its key: then what it was answered. What `run` writes by
 * `mutate` under a name is done once even where the answer was lost.
 * @throws AppError CONFLICT when the key stands for another request, BAD_USER_INPUT for what is no key
 */
export async function answerOnce(
  context: GraphqlContext,
  { headers, url, body }: Pick<Asked<unknown, unknown, unknown>, 'headers' | 'url' | 'body'>,
  run: () => Promise<RouteAnswer>,
): Promise<RouteAnswer> {
  const key = headers['idempotency-key'];
  if (key === undefined) return run();
  const { actor, database, log, requestId } = context;
  const parts = ['POST', url.pathname, url.search, body];
  const request = keyedRequest(Array.isArray(key) ? key.join(', ') : key, parts, actor);
  const kept = await answerUnder(context, request);
  if (kept !== undefined) return kept;
  keyRequest(context, request);
  const answer = await run();
  if (typeof answer.body !== 'string' && answer.body !== undefined) return answer;
  // It stands for no outcome: who sends the request again wants it done.
  if ((answer.status ?? 200) >= FIRST_OF_OURS) return answer;
  const text = JSON.stringify(answer);
  if (text.length > LONGEST_ANSWER) return answer;
  // What was done is done: that the answer could not be kept must not make a failure of it.
  await keepAnswer(database.write, actor.label, request, text).catch((err: unknown) =>
    log.warn({ err, requestId }, 'an answer could not be kept under its key'),
  );
  return answer;
}

/** What the request was answered before; undefined if it was not. */
export async function answerUnder(
  { actor, database }: GraphqlContext,
  request: KeyedRequest,
): Promise<RouteAnswer | undefined> {
  const text = await keptAnswer(database.write, actor.label, request);
  return text === undefined ? undefined : readKept(text);
}

/** Kept by this very route for this very request. */
function readKept(text: string): RouteAnswer {
  const { status, type, headers, body, etag }: RouteAnswer = JSON.parse(text);
  return {
    ...(status !== undefined && { status }),
    ...(type !== undefined && { type }),
    ...(isJsonObject(headers) && { headers }),
    ...(body !== undefined && { body }),
    ...(etag !== undefined && { etag }),
  };
}
