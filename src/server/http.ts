/** Every request's way: who asks, may a browser have been tricked into asking, and which route answers. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { authenticate } from '../access/authenticate.ts';
import type { Oidc } from '../access/oidc.ts';
import { presume } from '../access/presumed.ts';
import { FILES_PATH } from '../files/links.ts';
import { HttpError, statusOf } from '../http/http-error.ts';
import { problemAnswer } from '../http/problem.ts';
import { drainRefused, redirect, send, sendError, sendJson } from '../http/respond.ts';
import { AppError, asAppError, isShownToClients } from '../kernel/errors.ts';
import type { Log } from '../kernel/log.ts';
import { uuidv7 } from '../kernel/uuid.ts';
import { OAUTH_CALLBACK } from '../sources/connections/callback-path.ts';
import type { SourcesHouse } from '../sources/sources-house.ts';
import { applyCors, preflightHeaders } from './cors.ts';
import type { Docs } from './docs/docs.ts';
import { type Exchange, wantsPage } from './exchange.ts';
import { answerFile, type FilesRoute } from './files-route.ts';
import type { GraphiqlFiles } from './graphiql.ts';
import { answerGraphql, answerPresumed, type GraphqlRoute, mayBePresumed } from './graphql-route.ts';
import type { Health } from './health.ts';
import { answerHook, isHook } from './hooks-route.ts';
import type { MetricsRoute } from './metrics-route.ts';
import { answerOauthCallback } from './oauth-callback.ts';
import { notFoundPage, signedOutPage } from './pages.ts';
import type { PresumedSender } from './presumed-sender.ts';
import type { RestServer } from './rest-server.ts';
import { answerSignIn, answerSignOut } from './sign-in.ts';
import { answerOidc, OIDC_CALLBACK, OIDC_START } from './sign-in-oidc.ts';

export interface HttpOptions extends GraphqlRoute, FilesRoute {
  readonly docs: Docs;
  readonly graphiql: GraphiqlFiles;
  readonly health: () => Promise<Health>;
  /** Undefined where no provider is set. */
  readonly oidc: Oidc | undefined;
  /** Where people reach the server, without a slash at its end. */
  readonly baseUrl: () => string;
  readonly metrics: MetricsRoute;
  readonly rest: RestServer;
  /** Undefined of a server without sources: their public addresses do not answer. */
  readonly sources: SourcesHouse | undefined;
  readonly log: Log;
}

/** The listener for `node:http`. It never throws: what fails is answered with an id, and the log has the rest. */
export function createHttpHandler(options: HttpOptions): (request: IncomingMessage, response: ServerResponse) => void {
  return (request, response) => {
    const requestId = uuidv7();
    response.setHeader('x-request-id', requestId);
    answer(options, request, response, requestId).catch((thrown: unknown) =>
      refuse(options, request, response, requestId, thrown),
    );
  };
}

async function answer(
  options: HttpOptions,
  request: IncomingMessage,
  response: ServerResponse,
  requestId: string,
): Promise<void> {
  const url = addressOf(request);
  const secure = request.headers['x-forwarded-proto'] === 'https' || options.baseUrl().startsWith('https:');
  const exchange: Exchange = { request, response, url, requestId, secure };
  applyCors(options.origins, request, response);
  const isRest = options.rest.owns(url.pathname);
  // What asks for itself what a REST address answers to is no browser's preflight.
  if (request.method === 'OPTIONS' && (!isRest || request.headers['access-control-request-method'] !== undefined)) {
    const headers = preflightHeaders(options.origins, request);
    return send(response, { status: 204, type: 'text/plain', body: '', headers });
  }
  if (url.pathname === '/health') return answerHealth(options, response);
  if (url.pathname === '/metrics')
    return options.metrics.answer(exchange, (stranger) => answerStranger(options, stranger));
  if (url.pathname === '/sign-in') return answerSignIn(options.access, exchange, options.rates, options.oidc?.name);
  if (options.oidc !== undefined && [OIDC_START, OIDC_CALLBACK].includes(url.pathname)) {
    return answerOidc({ ...options, oidc: options.oidc }, exchange);
  }
  const { sources } = options;
  if (sources !== undefined && url.pathname === OAUTH_CALLBACK)
    return answerOauthCallback({ ...options, sources }, exchange);
  if (sources !== undefined && isHook(url.pathname)) return answerHook(sources, exchange);
  const { access } = options;
  const answerAtOnce = isRest ? options.rest.presumable(exchange) : presumableOperation(options, exchange);
  const presumed = answerAtOnce && presume(access.database.read, request.headers.authorization);
  if (answerAtOnce !== undefined && presumed !== undefined) {
    const authenticated = async () =>
      (await authenticate(access, request.headers, secure)) ?? refuseStranger(options, exchange);
    return answerAtOnce({ presumed, authenticate: authenticated });
  }
  const authentication = await authenticate(access, request.headers, secure);
  if (authentication === null) return answerStranger(options, exchange);
  if (isRest) return options.rest.answer(exchange, authentication);
  if (url.pathname === '/') return redirect(response, 302, '/graphql');
  if (url.pathname === '/graphql') return answerGraphql(options, exchange, authentication);
  if (url.pathname === '/sign-out') return answerSignOut(options.access, exchange, authentication, options.origins);
  if (url.pathname.startsWith(FILES_PATH) && (await answerFile(options, exchange, authentication))) return;
  const known = request.headers['if-none-match'];
  const file = options.docs.answer(url, known) ?? (await options.graphiql.answer(url.pathname, known));
  if (file !== undefined) return send(response, file);
  if (wantsPage(exchange)) return send(response, notFoundPage());
  throw new AppError('NOT_FOUND', 'There is nothing at this address');
}

function presumableOperation(options: HttpOptions, exchange: Exchange) {
  if (exchange.url.pathname !== '/graphql' || !mayBePresumed(exchange.request)) return undefined;
  return (sender: PresumedSender): Promise<void> => answerPresumed(options, exchange, sender);
}

function addressOf(request: IncomingMessage): URL {
  const address = `http://localhost${request.url?.startsWith('/') ? request.url : '/'}`;
  if (URL.canParse(address)) return new URL(address);
  throw new AppError('BAD_USER_INPUT', 'The address cannot be read');
}

async function answerHealth({ health }: HttpOptions, response: ServerResponse): Promise<void> {
  const found = await health();
  sendJson(response, found.status === 'ok' ? 200 : 503, found);
}

function answerStranger(options: HttpOptions, exchange: Exchange): void {
  const { oidc, rest } = options;
  // A browser is a client of the REST API, too, and reads what a script would.
  if (!wantsPage(exchange) || (rest.owns(exchange.url.pathname) && !rest.isPage(exchange.url.pathname)))
    refuseStranger(options, exchange);
  send(exchange.response, signedOutPage(oidc?.name));
}

function refuseStranger({ rates }: HttpOptions, { request, response }: Exchange): never {
  const { authorization, cookie } = request.headers;
  if (authorization !== undefined || cookie !== undefined) rates.failed(request, response);
  throw new AppError('UNAUTHENTICATED', 'This needs a token or a signed-in browser', {
    hint: 'Send Authorization: Bearer TOKEN, or open the sign-in link that the server prints when it starts.',
  });
}

async function refuse(
  { log, rest }: HttpOptions,
  request: IncomingMessage,
  response: ServerResponse,
  requestId: string,
  thrown: unknown,
): Promise<void> {
  const error = asAppError(thrown);
  const shown = shownOf(error);
  if (shown !== error && !response.destroyed)
    log.error({ err: error, requestId, status: statusOf(error) }, 'a request failed');
  if (response.headersSent) return void response.destroy();
  await drainRefused(request, response);
  if (rest.owns(pathOf(request))) send(response, problemAnswer(shown, requestId));
  else sendError(response, shown, requestId);
}

/** Of what a client cannot help it sees that it happened, and whether asking again may do. */
function shownOf(error: AppError): AppError {
  const isTransient = error.kind === 'transient';
  if (isShownToClients(error)) return error;
  if (!isTransient) return new AppError('INTERNAL', 'Unexpected error.');
  return new HttpError(503, 'INTERNAL', 'The server cannot answer now.', {
    hint: 'Try again in a moment.',
    retryAfter: 1,
  });
}

const pathOf = ({ url }: IncomingMessage): string => url?.split('?', 1)[0] ?? '';
