/** The REST API as the server asks it: which addresses are its own, and what answers there. */
import type { Authentication } from '../access/authenticate.ts';
import { requireOwnPage, requireOwnReader } from '../access/csrf.ts';
import { HttpError } from '../http/http-error.ts';
import { send, sendEmpty } from '../http/respond.ts';
import { createRouter, type Found, isReadable, type Router } from '../http/router.ts';
import { clientCode } from '../kernel/client-code.ts';
import { AppError, asAppError } from '../kernel/errors.ts';
import type { RestRoute } from '../rest/route.ts';
import type { Exchange } from './exchange.ts';
import { type RestSeen, restSeen } from './observed-rest.ts';
import type { PresumedSender } from './presumed-sender.ts';
import { type RateLimits, REQUEST_POINTS } from './rate-limits.ts';
import { createRestDocs } from './rest-docs/docs.ts';
import { withDocument } from './rest-docs/document.ts';
import { answerRead } from './rest-read.ts';
import { answerRoute, type RestParts } from './rest-route.ts';
import { REST_ROOT } from './rest-routes.ts';

export interface RestOptions extends RestParts {
  readonly routes: readonly RestRoute[];
  readonly version: string;
  readonly rates: RateLimits;
  /** Other sites whose pages may ask with their user's cookie. */
  readonly origins: readonly string[];
}

export interface RestServer {
  /** Whether a path is below the API's root, or below that of a route's other address. */
  readonly owns: (path: string) => boolean;
  /** Whether it is one of those that people look at. */
  readonly isPage: (path: string) => boolean;
  /** @throws AppError for a request that is refused, whatever the reason */
  readonly answer: (exchange: Exchange, authentication: Authentication) => Promise<void>;
  /** What answers a request as one whose sender is presumed, where that can be done. */
  readonly presumable: (exchange: Exchange) => ((sender: PresumedSender) => Promise<void>) | undefined;
}

/** Mounts the routes. */
export function createRestServer(options: RestOptions): RestServer {
  const routes = withDocument(options.routes, options.version);
  const router = createRouter(REST_ROOT, routes);
  const docs = createRestDocs(routes);
  const roots = [...new Set([REST_ROOT, ...options.routes.flatMap(({ aliases = [] }) => aliases.map(rootOf))])];
  return {
    owns: (path) => roots.some((root) => path === root || path.startsWith(`${root}/`)),
    isPage: docs.owns,
    answer: async (exchange, authentication) => {
      const { request, response, url } = exchange;
      const isRead = request.method === 'GET' || request.method === 'HEAD';
      const page = isRead ? docs.answer(url, request.headers['if-none-match']) : undefined;
      if (page !== undefined) send(response, page);
      else await answer(options, router, exchange, authentication);
    },
    presumable: (exchange) => {
      const found = readIn(router, exchange);
      return found && ((sender) => observed(found, () => answerRead(options, exchange, found, sender)));
    },
  };
}

const rootOf = (alias: string): string => alias.split('/', 2).join('/');

async function answer(
  options: RestOptions,
  router: Router<RestRoute>,
  exchange: Exchange,
  authentication: Authentication,
): Promise<void> {
  const { request, response, url } = exchange;
  const isRead = ['GET', 'HEAD', 'OPTIONS'].includes(request.method ?? '');
  (isRead ? requireOwnReader : requireOwnPage)(authentication.by, request.headers, options.origins);
  const account = options.rates.open(authentication.actor, response);
  account.charge(REQUEST_POINTS);
  const found = router.find(request.method ?? '', url.pathname);
  if (found === undefined) return answerNoRoute(router, exchange);
  await observed(found, () => answerRoute(options, exchange, { ...found, actor: authentication.actor, account }));
}

/** The route that is one read, if that is what is asked for. */
function readIn(router: Router<RestRoute>, { request: { method }, url }: Exchange): Found<RestRoute> | undefined {
  if (method !== 'GET' && method !== 'HEAD') return undefined;
  const found = isReadable(url.pathname) ? router.find(method, url.pathname) : undefined;
  return found?.route.isOneRead === true ? found : undefined;
}

function observed({ route }: Found<RestRoute>, work: () => Promise<void>): Promise<void> {
  const seen: RestSeen = { operationId: route.operationId, code: undefined };
  return restSeen.observe(seen, async () => {
    try {
      await work();
    } catch (thrown) {
      seen.code = clientCode(asAppError(thrown));
      throw thrown;
    }
  });
}

function answerNoRoute(router: Router<RestRoute>, { request, response, url }: Exchange): void {
  const methods = router.methodsOf(url.pathname).join(', ');
  if (methods === '') throw new AppError('NOT_FOUND', 'There is nothing at this address');
  response.setHeader('allow', methods);
  if (request.method !== 'OPTIONS') throw new HttpError(405, 'BAD_USER_INPUT', `This address answers ${methods}`);
  sendEmpty(response, 204);
}
