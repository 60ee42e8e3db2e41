/** One REST request whose route is found: received, checked, paid for, and answered in its actor's turn. */
import { Readable } from 'node:stream';
import type { Database } from '../database/connect.ts';
import { createContext, type GraphqlContext } from '../graphql/context.ts';
import { inTurn, setTurn } from '../graphql/turn.ts';
import { acceptedType } from '../http/accept.ts';
import { readEntityTags } from '../http/entity-tag.ts';
import { HttpError } from '../http/http-error.ts';
import { type ReceiveLimits, receiveBody } from '../http/receive-body.ts';
import { isReceivedStream } from '../http/received-stream.ts';
import { drainRefused } from '../http/respond.ts';
import type { CheckedRequest, RouteAnswer } from '../http/route.ts';
import type { Found } from '../http/router.ts';
import { sendAnswer } from '../http/send-answer.ts';
import type { Actor } from '../kernel/actor.ts';
import type { Log } from '../kernel/log.ts';
import { requireRight } from '../kernel/rights.ts';
import type { RestRoute } from '../rest/route.ts';
import type { Exchange } from './exchange.ts';
import type { Lanes } from './lanes.ts';
import { leavingOf } from './leaving.ts';
import type { Account } from './rate-limits.ts';

export interface RestParts {
  readonly database: Database;
  readonly log: Log;
  readonly limits: ReceiveLimits;
  readonly lanes: Lanes;
  /** Fills the context's slots with what higher layers bring along. */
  readonly fillContext: (context: GraphqlContext) => void;
}

export interface RouteRequest extends Found<RestRoute> {
  readonly actor: Actor;
  readonly account: Account;
}

/** @throws AppError for a request that is refused; once its answer has begun, whatever broke it off */
export async function answerRoute(parts: RestParts, exchange: Exchange, asked: RouteRequest): Promise<void> {
  const { request, url } = exchange;
  const { route, params, account } = asked;
  if (route.needs !== undefined) requireRight(asked, route.needs);
  const type = requireAcceptable(route, request.headers.accept);
  const left = leavingOf(exchange.response);
  const { body, size } = await receiveBody(request, route.body, parts.limits);
  const leaveBody = leaving(body, account);
  try {
    account.received(size);
    const ifMatch = readEntityTags(request.headers['if-match']);
    const checked = route.check({ params, url, headers: request.headers, type, ifMatch, body, size });
    account.charge(checked.price);
    const context = contextOf(parts, exchange, { actor: asked.actor, charge: account.charge, size, left });
    await answerChecked(parts, exchange, { route, checked, context, leaveBody });
  } finally {
    leaveBody();
  }
}

/**
 * What lets go of a body that was read while it came: what came is paid for, once, and no more is read. Before the answer,
 * whose headers tell the price.
 */
function leaving(body: unknown, account: Account): () => void {
  let isLeft = false;
  return () => {
    if (!isReceivedStream(body) || isLeft) return;
    isLeft = true;
    account.received(body.received());
    body.stream.destroy();
  };
}

interface CheckedRoute {
  readonly route: RestRoute;
  readonly checked: CheckedRequest<GraphqlContext>;
  readonly context: GraphqlContext;
  readonly leaveBody: () => void;
}

async function answerChecked(
  { log }: RestParts,
  { request, response, requestId }: Exchange,
  { route, checked, context, leaveBody }: CheckedRoute,
): Promise<void> {
  const send = async (answer: RouteAnswer): Promise<void> => {
    leaveBody();
    // Of a body that was not read to its end the rest passes first, or its sender would see a broken connection.
    await drainRefused(request, response);
    await sendAnswer(response, answer);
  };
  try {
    const answer = await inLane(context, route, async () => {
      const made = await checked.answer(context);
      if (!(made.body instanceof Readable)) return made;
      // It is read while it is sent.
      await send(made);
      return undefined;
    });
    void context.reads.end();
    if (answer !== undefined) await send(answer);
  } catch (err) {
    if (response.headersSent) log.error({ err, requestId }, 'an answer broke off');
    throw err;
  } finally {
    void context.reads.end();
  }
}

function requireAcceptable(route: RestRoute, accept: string | undefined): string {
  const offered = typesOf(route);
  const type = acceptedType(accept, offered);
  if (type !== undefined) return type;
  if (offered.length === 0) return '';
  throw new HttpError(406, 'BAD_USER_INPUT', `This is answered as ${offered.join(' or ')}`, {
    hint: 'Name one of them in the header Accept, or leave it out.',
  });
}

/** By route: asked for with every request. */
const offeredBy = new WeakMap<RestRoute, readonly string[]>();

function typesOf(route: RestRoute): readonly string[] {
  const known = offeredBy.get(route);
  if (known !== undefined) return known;
  const good = Object.entries(route.answers).filter(([status]) => status.startsWith('2'));
  const offered = [...new Set(good.flatMap(([, { content = {} }]) => Object.keys(content)))];
  offeredBy.set(route, offered);
  return offered;
}

interface ContextParts {
  readonly actor: Actor;
  readonly charge: Account['charge'];
  readonly size: number;
  readonly left: AbortSignal;
}

function contextOf(
  { database, log, lanes, fillContext }: RestParts,
  { requestId, response }: Exchange,
  { actor, charge, size, left }: ContextParts,
): GraphqlContext {
  const context = createContext({ actor, requestId, log, database, left, charge });
  setTurn(context, lanes.open({ actor: actor.label, size, left }, response));
  fillContext(context);
  return context;
}

function inLane<T>(context: GraphqlContext, { lane, method }: RestRoute, work: () => Promise<T>): Promise<T> {
  const chosen = lane ?? (method === 'GET' ? 'read' : 'write');
  return chosen === 'none' ? work() : inTurn(context, chosen, work);
}
