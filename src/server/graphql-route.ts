/** /graphql: GraphiQL for a person, an operation's answer for everyone else. */
import type { IncomingMessage } from 'node:http';
import { setImmediate as whatElseCame } from 'node:timers/promises';
import { OperationTypeNode } from 'graphql';
import { type AccessOptions, type Authentication, authenticate } from '../access/authenticate.ts';
import { requireOwnPage } from '../access/csrf.ts';
import { HttpError } from '../http/http-error.ts';
import { type Answer, send, sendFetched } from '../http/respond.ts';
import { dropUploads } from '../http/upload.ts';
import { hasSameRights } from '../kernel/actor.ts';
import { AppError } from '../kernel/errors.ts';
import { type Exchange, wantsPage } from './exchange.ts';
import { graphiqlPage } from './graphiql.ts';
import { type ParamsLimits, receiveOperation } from './graphql-params.ts';
import type { Lanes } from './lanes.ts';
import { leavingOf } from './leaving.ts';
import { operationsSeen } from './observed-operations.ts';
import type { OperationLookup } from './operation-lookup.ts';
import { type RateLimits, REQUEST_POINTS } from './rate-limits.ts';
import type { GraphqlServer, RequestParts } from './yoga.ts';

export interface GraphqlRoute {
  readonly access: AccessOptions;
  readonly graphql: GraphqlServer;
  /** Folder that uploads are spooled to. */
  readonly uploads: string;
  readonly limits: ParamsLimits;
  readonly rates: RateLimits;
  readonly lanes: Lanes;
  readonly operations: OperationLookup;
  /** Other sites whose pages may ask with their user's cookie. */
  readonly origins: readonly string[];
  /** Aborted when the server stops: a stream would otherwise keep it from ending. */
  readonly stopping: AbortSignal;
}

/** @throws AppError for a request that is no operation, or that another site may have made */
export async function answerGraphql(
  route: GraphqlRoute,
  exchange: Exchange,
  authentication: Authentication,
): Promise<void> {
  const { request, response, url, requestId, secure } = exchange;
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
  const account = route.rates.open(authentication.actor, response);
  account.charge(REQUEST_POINTS);
  // What is cut short by a stop was finished as an answer, but is not as a stream of events.
  const left = leavingOf(response, () => route.stopping.aborted);
  const { params, uploads, size } = await receiveOperation(request, url, route.uploads, route.limits);
  let answer: Answer | Response;
  try {
    account.received(size);
    const parts = {
      seen: { name: undefined, kind: undefined, code: undefined },
      actor: authentication.actor,
      requestId,
      idempotencyKey: idempotencyKeyOf(request.headers['idempotency-key']),
      params: route.operations.resolve(params, authentication.actor),
      mayStillRead: async () => {
        const now = await authenticate(route.access, request.headers, secure);
        return now !== null && hasSameRights(now.actor, authentication.actor);
      },
      left,
      charge: payOnce(account.charge),
      read: Promise.withResolvers<void>(),
      inTurn: route.lanes.open({ actor: authentication.actor.label, size, left }, response),
    };
    answer = await operationsSeen.observe(parts.seen, () => answerOperation(route.graphql, request, parts));
  } finally {
    // Before the answer is sent: who has it may rely on nothing being left.
    await dropUploads(uploads);
  }
  if (answer instanceof route.graphql.yoga.fetchAPI.Response) await sendFetched(response, answer, route.stopping);
  else send(response, answer);
}

/** An operation is paid for once, whichever of two ways has answered it. */
function payOnce(charge: (points: number) => void): (points: number) => void {
  let isPaid = false;
  return (points) => {
    if (isPaid) return;
    charge(points);
    isPaid = true;
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

async function answerOperation(
  { answer, yoga }: GraphqlServer,
  request: IncomingMessage,
  parts: RequestParts,
): Promise<Answer | Response> {
  const accept = request.headers.accept ?? 'application/json';
  const type = TYPES[accept];
  const compiled = type === undefined ? undefined : await answer(parts);
  if (type !== undefined && compiled !== undefined) {
    parts.seen.name = compiled.name;
    parts.seen.kind = OperationTypeNode.QUERY;
    return { status: 200, type, body: compiled.text };
  }
  const asked = new yoga.fetchAPI.Request('http://localhost/graphql', {
    method: request.method ?? 'POST',
    headers: { accept },
    signal: parts.left,
  });
  return await readInTurn(parts, () => yoga.fetch(asked, parts));
}

/** Parses and validates in the actor's turn, and lets go of it when execution begins: that has turns of its own. */
async function readInTurn(parts: RequestParts, fetch: () => Promise<Response> | Response): Promise<Response> {
  let answering: Promise<Response> | undefined;
  await parts.inTurn('document', async () => {
    answering = Promise.resolve(fetch());
    await Promise.race([parts.read.promise, answering]);
    // Or the next in turn would be chosen before those that came meanwhile are heard.
    await whatElseCame();
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
