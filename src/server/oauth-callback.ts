/** Where providers send people back to who connect a source; whatever fails is told on a page, since a person looks at it. */
import { type AccessOptions, authenticate } from '../access/authenticate.ts';
import { HttpError, statusOf } from '../http/http-error.ts';
import { send } from '../http/respond.ts';
import { asAppError, isShownToClients } from '../kernel/errors.ts';
import type { SourcesHouse } from '../sources/sources-house.ts';
import type { Exchange } from './exchange.ts';
import { connectedPage, notConnectedPage } from './pages.ts';
import type { RateLimits } from './rate-limits.ts';

export interface OauthCallbackRoute {
  readonly access: AccessOptions;
  readonly sources: SourcesHouse;
  readonly rates: Pick<RateLimits, 'failed'>;
}

/** A script may come back, too, with the token that it left with: what was begun by an actor is ended by that one alone. */
export async function answerOauthCallback(route: OauthCallbackRoute, exchange: Exchange): Promise<void> {
  const { request, response, url, secure } = exchange;
  if (request.method !== 'GET') throw new HttpError(405, 'BAD_USER_INPUT', 'Coming back from a provider takes GET');
  try {
    const { finishConnection } = await import('../sources/connections/connect.ts');
    const authentication = await authenticate(route.access, request.headers, secure);
    const { source, account } = await finishConnection(route.sources, authentication?.actor ?? null, url.search);
    send(response, connectedPage(source.name, account.displayName ?? account.accountId));
  } catch (thrown) {
    const error = asAppError(thrown);
    if (error.code !== 'SOURCE_UNAVAILABLE' && !isShownToClients(error)) throw error;
    if (error.code === 'UNAUTHENTICATED') route.rates.failed(request, response);
    const status = error.code === 'SOURCE_UNAVAILABLE' ? 502 : statusOf(error);
    send(response, notConnectedPage(error.message, error.hint ?? '', status));
  }
}
