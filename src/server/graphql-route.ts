/** /graphql: GraphiQL for a person, an operation's answer for everyone else. */
import type { IncomingMessage } from 'node:http';
import { OperationTypeNode } from 'graphql';
import { type AccessOptions, type Authentication, authenticate } from '../access/authenticate.ts';
import { requireOwnPage } from '../access/csrf.ts';
import type { Telling } from '../database/actors-query.ts';
import { HttpError } from '../http/http-error.ts';
import { type Answer, send, sendFetched } from '../http/respond.ts';
import { type Actor, hasSameRights } from '../kernel/actor.ts';
import { AppError, asAppError } from '../kernel/errors.ts';
import { unlessCut } from './cut-short.ts';
import { type Exchange, wantsPage } from './exchange.ts';
import { graphiqlPage } from './graphiql.ts';
import { type GraphqlRequest, openRequest, type RequestOptions } from './graphql-request.ts';
import { hearOthers } from './hear-others.ts';
import type { Lanes } from './lanes.ts';
import { readLarge } from './large-bodies.ts';
import type { OperationLookup } from './operation-lookup.ts';
import { operationsSeen } from './operations-seen.ts';
import { answerSender, type PresumedSender, type PresumedWork } from './presumed-sender.ts';
import type { GraphqlServer, RequestParts } from './yoga.ts';

export interface GraphqlRoute extends RequestOptions {
  readonly access: AccessOptions;
  readonly graphql: GraphqlServer;
  readonly lanes: Lanes;
  readonly operations: OperationLookup;
  /** Other sites whose pages may ask with their user's cookie. */
  readonly origins: readonly string[];
}

/** @throws AppError for a request that is no operation, or that another site may have made */
export async function answerGraphql(
  route: GraphqlRoute,
  exchange: Exchange,
  authentication: Authentication,
): Promise<void> {
  const { request, response } = exchange;
  if (request.method !== 'GET' && request.method !== 'POST') {
    response.setHeader('allow', 'GET, POST');
    throw new HttpError(405, 'BAD_USER_INPUT', 'GraphQL answers GET and POST');
  }
  // Also with a query in its address, where GraphiQL keeps what is being edited.
  if (wantsPage(exchange)) {
    requireComposer(route.operations, authentication);
    send(response, graphiqlPage());
    return;
  }
  requireOwnPage(authentication.by, request.headers, route.origins);
  const asked = openRequest(route, exchange);
  await answering(route, exchange, asked, async () => {
    const parts = await partsFor(route, exchange, asked, authentication.actor);
    return operationsSeen.observe(asked.seen, () =>
      unlessCut(asked, response, () => answerOperation(route.graphql, request, parts)),
    );
  });
}

/** Bytes of a body that is received before its sender is authenticated. */
const MOST_PRESUMED = 100_000;

/** Whether a request can be answered as one whose sender is presumed: a small operation, and no page. */
export function mayBePresumed({ method, headers }: IncomingMessage): boolean {
  return (
    method === 'POST' &&
    Number(headers['content-length']) <= MOST_PRESUMED &&
    headers['content-type']?.startsWith('application/json') === true
  );
}

/**
 * As {@link answerGraphql}, for a request whose sender is presumed. What is compiled is asked together with whether that
 * holds, and answered only if it does; before anything else is done or told, the sender is authenticated.
 */
export async function answerPresumed(route: GraphqlRoute, exchange: Exchange, sender: PresumedSender): Promise<void> {
  const { request } = exchange;
  const asked = openRequest(route, exchange);
  const work: PresumedWork<Answer | Response> = {
    account: asked.account,
    atOnce: async ({ actor, telling }) =>
      answerCompiled(route.graphql, request, await partsFor(route, exchange, asked, actor), telling),
    ordinary: async ({ actor }) =>
      answerOperation(route.graphql, request, await partsFor(route, exchange, asked, actor)),
  };
  await answering(route, exchange, asked, () =>
    operationsSeen.observe(asked.seen, () =>
      unlessCut(asked, exchange.response, () => answerSeen(asked, sender, work)),
    ),
  );
}

async function answerSeen<T>({ seen }: GraphqlRequest, sender: PresumedSender, work: PresumedWork<T>): Promise<T> {
  try {
    return await answerSender(sender, work);
  } catch (thrown) {
    seen.code = asAppError(thrown).code;
    throw thrown;
  }
}

async function answering(
  { graphql, stopping }: GraphqlRoute,
  { response }: Exchange,
  asked: GraphqlRequest,
  work: () => Promise<Answer | Response>,
): Promise<void> {
  let answer: Answer | Response;
  try {
    answer = await work();
  } finally {
    // Before the answer is sent: who has it may rely on nothing being left.
    await asked.drop();
  }
  if (answer instanceof graphql.yoga.fetchAPI.Response) await sendFetched(response, answer, stopping);
  else send(response, answer);
}

async function partsFor(
  route: GraphqlRoute,
  { request, response, requestId, secure }: Exchange,
  asked: GraphqlRequest,
  actor: Actor,
): Promise<RequestParts> {
  const account = asked.account.of(actor);
  const { seen, left, cut } = asked;
  const turnsOf = (bytes: number) => route.lanes.open({ actor: actor.label, size: bytes, left, cut }, response);
  const { params, size } = await asked.receive((bytes, parse) => readLarge(bytes, turnsOf(bytes), parse));
  account.received(size);
  return {
    seen,
    actor,
    requestId,
    idempotencyKey: idempotencyKeyOf(request.headers['idempotency-key']),
    params: route.operations.resolve(params, actor),
    mayStillRead: async () => {
      const now = await authenticate(route.access, request.headers, secure);
      return now !== null && hasSameRights(now.actor, actor);
    },
    left,
    charge: account.charge,
    read: Promise.withResolvers<void>(),
    inTurn: turnsOf(size),
  };
}

const JSON_ANSWER = 'application/json; charset=utf-8';
const GRAPHQL_ANSWER = 'application/graphql-response+json; charset=utf-8';
/** By what clients usually accept, what the executed answer is labelled as. Other headers are left to be read by Yoga. */
const TYPES: Readonly<Record<string, string>> = {
  '*/*': JSON_ANSWER,
  'application/json': JSON_ANSWER,
  'application/json, multipart/mixed': JSON_ANSWER,
  'application/json, text/plain, */*': JSON_ANSWER,
  'application/graphql-response+json': GRAPHQL_ANSWER,
  'application/graphql-response+json, application/json': GRAPHQL_ANSWER,
  'application/graphql-response+json,application/json;q=0.9': GRAPHQL_ANSWER,
};

/** The answer of a compiled document, where there is one; `telling` says how its statement is told who is presumed to ask. */
async function answerCompiled(
  { answer }: GraphqlServer,
  request: IncomingMessage,
  parts: RequestParts,
  telling?: Telling,
): Promise<Answer | undefined> {
  const type = TYPES[acceptedOf(request)];
  const compiled = type === undefined ? undefined : await answer(parts, telling);
  if (type === undefined || compiled === undefined) return undefined;
  parts.seen.name = compiled.name;
  parts.seen.kind = OperationTypeNode.QUERY;
  return { status: 200, type, body: compiled.text };
}

async function answerOperation(
  graphql: GraphqlServer,
  request: IncomingMessage,
  parts: RequestParts,
): Promise<Answer | Response> {
  const compiled = await answerCompiled(graphql, request, parts);
  if (compiled !== undefined) return compiled;
  const { yoga } = graphql;
  const asked = new yoga.fetchAPI.Request('http://localhost/graphql', {
    method: request.method ?? 'POST',
    headers: { accept: acceptedOf(request) },
    signal: parts.left,
  });
  return await readInTurn(parts, () => yoga.fetch(asked, parts));
}

const acceptedOf = ({ headers }: IncomingMessage): string => headers.accept ?? 'application/json';

/** Parses and validates in the actor's turn, and lets go of it when execution begins: that has turns of its own. */
async function readInTurn(parts: RequestParts, fetch: () => Promise<Response> | Response): Promise<Response> {
  let answering: Promise<Response> | undefined;
  await parts.inTurn('document', async () => {
    answering = Promise.resolve(fetch());
    await Promise.race([parts.read.promise, answering]);
    await hearOthers();
  });
  if (answering === undefined) throw new AppError('INTERNAL', 'A document was not read in its turn');
  return answering;
}

function requireComposer({ mayCompose }: OperationLookup, { actor }: Authentication): void {
  if (mayCompose(actor)) return;
  throw new AppError('FORBIDDEN', 'This server answers registered operations only; GraphiQL is for admins', {
    hint: 'Sign in as an admin, or use what the server’s documents ask.',
  });
}

const idempotencyKeyOf = (header: string | string[] | undefined): string | undefined =>
  Array.isArray(header) ? header.join(', ') : header;
