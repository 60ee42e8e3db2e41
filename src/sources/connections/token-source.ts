/**
 * Tokens of one source, for whoever reads it. A provider that rotates takes a second use of one refresh token for theft and
 * ends the grant: so one process at a time refreshes, holding the secret's row, and looks again once it holds it.
 */
import { writeSession } from '../../database/session.ts';
import { HOUSEKEEPER } from '../../kernel/actor.ts';
import { ConnectorError, type TokenSource } from '../connector.ts';
import type { SourcesHouse } from '../sources-house.ts';
import { markNeedsReauth } from './connection-status.ts';
import { type OauthParty, refreshTokens, type Tokens } from './oauth-client.ts';
import { readSecret, type SecretOf, writeSecret } from './source-secrets.ts';

/** A token that ends while a request is on its way is refused: it is renewed a minute early. */
const EARLY_MS = 60_000;

type Found = { readonly tokens: Tokens } | { readonly fault: ConnectorError };

/** Of one source; `party` is who gave its tokens. Requests of this process wait for one refresh, those of others for the row. */
export function createTokenSource(house: SourcesHouse, source: SecretOf, party: OauthParty): TokenSource {
  let known: Tokens | undefined;
  let flight: { readonly rejected: string | undefined; readonly found: Promise<Found> } | undefined;

  const ask = (rejected: string | undefined): Promise<Found> => {
    // Who waits for another token than the one that is refused for them would be given that very one.
    if (flight !== undefined && (rejected === undefined || flight.rejected === rejected)) return flight.found;
    const found = current(house, source, party, rejected).finally(() => {
      if (flight?.found === found) flight = undefined;
    });
    flight = { rejected, found };
    return found;
  };

  return {
    get: async ({ rejected } = {}) => {
      if (known === undefined || !isUsable(known, rejected)) {
        const found = await ask(rejected);
        if ('fault' in found) throw found.fault;
        known = found.tokens;
      }
      const { accessToken, expiresAt } = known;
      return { accessToken, expiresAt };
    },
  };
}

const isUsable = ({ accessToken, expiresAt }: Tokens, rejected: string | undefined): boolean =>
  accessToken !== rejected && (expiresAt === undefined || expiresAt.getTime() - Date.now() > EARLY_MS);

/** What the row holds, or what the provider gives for it. What ends the grant is written down before it is told. */
async function current(
  house: SourcesHouse,
  source: SecretOf,
  party: OauthParty,
  rejected: string | undefined,
): Promise<Found> {
  const { keyring, database } = house;
  return writeSession(database.write, HOUSEKEEPER, async ({ query }): Promise<Found> => {
    const secret = await readSecret(query, keyring, source, 'lock');
    if (secret?.kind !== 'oauth') return { fault: notConnected() };
    const { tokens } = secret;
    if (isUsable(tokens, rejected)) return { tokens };
    try {
      if (tokens.refreshToken === undefined) throw ended(party);
      const renewed = await refreshTokens(house, party, tokens.refreshToken);
      await writeSecret(query, keyring, source, { kind: 'oauth', tokens: renewed });
      return { tokens: renewed };
    } catch (thrown) {
      if (!(thrown instanceof ConnectorError)) throw thrown;
      if (thrown.kind === 'auth-revoked') await markNeedsReauth(query, source.source_id, thrown);
      return { fault: thrown };
    }
  });
}

const notConnected = (): ConnectorError =>
  new ConnectorError('auth-revoked', 'The source is not connected', { hint: 'Connect it first.' });

const ended = ({ provider }: OauthParty): ConnectorError =>
  new ConnectorError('auth-revoked', `${provider.title} refuses the token, and it cannot be renewed`, {
    hint: 'Connect this source again.',
  });
