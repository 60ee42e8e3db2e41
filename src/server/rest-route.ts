/** One REST request whose route is found: received, checked, paid for, and answered in its actor's turn. */
import type { ServerResponse } from 'node:http';
import type { Database } from '../database/connect.ts';
import { type ContextParts, createContext, fillLater, type GraphqlContext } from '../graphql/context.ts';
import { type InTurn, inTurn, setTurn } from '../graphql/turn.ts';
import { acceptedType } from '../http/accept.ts';
import { readEntityTags } from '../http/entity-tag.ts';
import { HttpError } from '../http/http-error.ts';
import { type ReceiveLimits, receiveBody } from '../http/receive-body.ts';
import type { ReceivedStream } from '../http/received-stream.ts';
import { drainRefused } from '../http/respond.ts';
import type { CheckedRequest, RouteAnswer } from '../http/route.ts';
import type { Received } from '../http/route-facts.ts';
import type { Found } from '../http/router.ts';
import { sendAnswer } from '../http/send-answer.ts';
import { isPieces } from '../http/send-pieces.ts';
import type { Actor } from '../kernel/actor.ts';
import type { Log } from '../kernel/log.ts';
import { requireRight } from '../kernel/rights.ts';
import type { RestRoute } from '../rest/route.ts';
import { unlessCut } from './cut-short.ts';
import type { Exchange } from './exchange.ts';
import type { Lanes } from './lanes.ts';
import { readLarge } from './large-bodies.ts';
import { type Shortened, shortened } from './leaving.ts';
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
  const { request, response } = exchange;
  const { route, actor, account } = asked;
  const type = requireAllowed(exchange, asked);
  const work = openWork(response);
  const { stream, size, read } = await receiveBody(request, route.body, parts.limits);
  const leaveBody = leaving(stream, account);
  try {
    account.received(size);
    const turn = parts.lanes.open({ ...work, actor: actor.label, size }, response);
    const checked = await readLarge(size, turn, () => checkedOf(exchange, asked, { type, body: read(), size }));
    account.charge(checked.price);
    const context = contextOf(parts, exchange, { actor, charge: account.charge, left: work.left, turn });
    await unlessCut(work, response, () => answerChecked(parts, exchange, { route, checked, context, leaveBody }));
  } finally {
    leaveBody();
  }
}

/** Work that is never cut short once its answer has begun: a client could not tell that from the answer's end. */
export function openWork(response: ServerResponse): Shortened {
  const work = shortened(response);
  return {
    ...work,
    cut: () => {
      if (!response.headersSent) work.cut();
    },
  };
}

/** The type that is answered. @throws AppError FORBIDDEN, HttpError 406 */
export function requireAllowed({ request }: Exchange, asked: RouteRequest): string {
  if (asked.route.needs !== undefined) requireRight(asked, asked.route.needs);
  return requireAcceptable(asked.route, request.headers.accept);
}

/** @throws AppError BAD_USER_INPUT */
export function checkedOf(
  { request: { headers }, url }: Exchange,
  { route, params }: RouteRequest,
  given: Pick<Received, 'type' | 'body' | 'size'>,
): CheckedRequest<GraphqlContext> {
  return route.check({ ...given, params, url, headers, ifMatch: readEntityTags(headers['if-match']) });
}

/**
 * What lets go of a body that was read while it came: what came is paid for, once, and no more is read. Before the answer,
 * whose headers tell the price.
 */
function leaving(body: ReceivedStream | undefined, account: Account): () => void {
  let isLeft = false;
  return () => {
    if (body === undefined || isLeft) return;
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
      if (!isPieces(made.body)) return made;
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

interface AskedContext extends Pick<ContextParts, 'actor' | 'telling'> {
  readonly charge: Account['charge'];
  readonly left: AbortSignal;
  readonly turn: InTurn;
}

/** The context of one request, whose work waits for `turn`. */
export function contextOf(
  { database, log, fillContext }: RestParts,
  { requestId }: Exchange,
  { turn, ...asked }: AskedContext,
): GraphqlContext {
  const context = createContext({ ...asked, requestId, log, database });
  setTurn(context, turn);
  fillLater(context, fillContext);
  return context;
}

/** Runs `work` in the route's lane. @throws AppError RATE_LIMITED, INTERRUPTED; whatever `work` throws */
export function inLane<T>(context: GraphqlContext, { lane, method }: RestRoute, work: () => Promise<T>): Promise<T> {
  const chosen = lane ?? (method === 'GET' ? 'read' : 'write');
  return chosen === 'none' ? work() : inTurn(context, chosen, work);
}
