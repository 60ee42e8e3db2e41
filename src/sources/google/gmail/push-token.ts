/** The token that Pub/Sub puts into the calls of a push subscription with authentication: signed by Google, of a service account. */
import type { OAuth2Client } from 'google-auth-library';
import { ConnectorError, type HookCaller, type IncomingHook } from '../../connector.ts';

const ISSUERS = ['https://accounts.google.com', 'accounts.google.com'];
/** Longer than any that Google makes: what is sent by anybody is read no further. */
const LONGEST_TOKEN = 8_192;

/** Of each way out one, which keeps Google's certificates for as long as Google says. */
const CLIENTS = new WeakMap<HookCaller['fetch'], Promise<OAuth2Client>>();

/**
 * Whether the call has a token that Google signed for this caller and our address, and that is not over.
 * @throws ConnectorError transient where Google's certificates cannot be had
 */
export async function isPushOf(hook: Pick<IncomingHook, 'url' | 'headers'>, caller: HookCaller): Promise<boolean> {
  const [, token] = /^Bearer ([\w-]+\.[\w-]+\.[\w-]+)$/i.exec(hook.headers.get('authorization') ?? '') ?? [];
  if (token === undefined || token.length > LONGEST_TOKEN) return false;
  const client = await clientOf(caller.fetch);
  const { certs } = await client.getFederatedSignonCertsAsync().catch((cause: unknown) => {
    throw new ConnectorError('transient', 'Google’s certificates cannot be fetched, which prove its calls', { cause });
  });
  // The subscription's whole address is the audience unless another was chosen: it may have a query.
  const audiences = [caller.audience, `${caller.audience}${hook.url.search}`];
  const claims = await client.verifySignedJwtWithCertsAsync(token, certs, audiences, ISSUERS).then(
    (ticket) => ticket.getPayload(),
    // Whatever is wrong with it: it is not theirs.
    () => undefined,
  );
  return claims?.email_verified === true && claims.email?.toLowerCase() === caller.account;
}

function clientOf(fetch: HookCaller['fetch']): Promise<OAuth2Client> {
  const known =
    CLIENTS.get(fetch) ??
    import('google-auth-library').then(
      ({ OAuth2Client }) => new OAuth2Client({ transporterOptions: { fetchImplementation: fetch } }),
    );
  CLIENTS.set(fetch, known);
  return known;
}
