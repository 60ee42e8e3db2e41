/** /graphql: GraphiQL for a person, an operation's answer for everyone else. */
import { type AccessOptions, type Authentication, authenticate } from '../access/authenticate.ts';
import { requireOwnPage } from '../access/csrf.ts';
import { HttpError } from '../http/http-error.ts';
import { send, sendFetched } from '../http/respond.ts';
import { dropUploads } from '../http/upload.ts';
import { hasSameRights } from '../kernel/actor.ts';
import { AppError } from '../kernel/errors.ts';
import { type Exchange, wantsPage } from './exchange.ts';
import { graphiqlPage } from './graphiql.ts';
import { type ParamsLimits, receiveOperation } from './graphql-params.ts';
import type { OperationLookup } from './operation-lookup.ts';
import { type RateLimits, REQUEST_POINTS } from './rate-limits.ts';
import type { GraphqlServer } from './yoga.ts';

export interface GraphqlRoute {
  readonly access: AccessOptions;
  readonly graphql: GraphqlServer;
  /** Folder that uploads are spooled to. */
  readonly uploads: string;
  readonly limits: ParamsLimits;
  readonly rates: RateLimits;
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
  const left = new AbortController();
  response.on('close', () => {
    // What is cut short by a stop was finished as an answer, but is not as a stream of events.
    if (!response.writableFinished || route.stopping.aborted) left.abort();
  });
  const { params, uploads, size } = await receiveOperation(request, url, route.uploads, route.limits);
  let answer: Response;
  try {
    account.received(size);
    const parts = {
      actor: authentication.actor,
      requestId,
      idempotencyKey: idempotencyKeyOf(request.headers['idempotency-key']),
      params: route.operations.resolve(params, authentication.actor),
      mayStillRead: async () => {
        const now = await authenticate(route.access, request.headers, secure);
        return now !== null && hasSameRights(now.actor, authentication.actor);
      },
      left: left.signal,
      charge: account.charge,
    };
    const asked = new route.graphql.fetchAPI.Request('http://localhost/graphql', {
      method: request.method,
      headers: { accept: request.headers.accept ?? 'application/json' },
      signal: left.signal,
    });
    answer = await route.graphql.fetch(asked, parts);
  } finally {
    // Before the answer is sent: who has it may rely on nothing being left.
    await dropUploads(uploads);
  }
  await sendFetched(response, answer, route.stopping);
}

function requireComposer({ mayCompose }: OperationLookup, { actor }: Authentication): void {
  if (mayCompose(actor)) return;
  throw new AppError('FORBIDDEN', 'This server answers registered operations only; GraphiQL is for admins', {
    hint: 'Sign in as an admin, or use what the server’s documents ask.',
  });
}

const idempotencyKeyOf = (header: string | string[] | undefined): string | undefined =>
  Array.isArray(header) ? header.join(', ') : header;
