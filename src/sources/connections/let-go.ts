/** What goes with a source at its provider: read before it is deleted, ended once it is. */
import { readSession } from '../../database/session.ts';
import { type Actor, HOUSEKEEPER } from '../../kernel/actor.ts';
import { AppError } from '../../kernel/errors.ts';
import type { SourcesHouse } from '../sources-house.ts';
import { readHook } from '../watch/hooks.ts';
import { type Connectable, requireConnectable } from './connectable.ts';
import { openConnector } from './connector-context.ts';
import { partyOf, refreshTokens, revokeGrant } from './oauth-client.ts';
import { readSecret, type SourceSecret } from './source-secrets.ts';

const CALL_MS = 20_000;

/**
 * Remembers what opens a source. The function, called once the source is gone, ends its webhook and its grant at the provider; it
 * never fails. Where the actor may not delete the source there is nothing to remember.
 */
export async function rememberGrant(house: SourcesHouse, actor: Actor, sourceId: string): Promise<() => Promise<void>> {
  const { database, keyring, log } = house;
  try {
    const found = await readSession(database.read, actor, (query) => requireConnectable(house, query, actor, sourceId));
    const secret = await readSession(database.read, HOUSEKEEPER, (query) =>
      readSecret(query, keyring, found.source, 'look'),
    );
    const hook = await readHook(house, found.source);
    if (secret === undefined) return async () => undefined;
    return async () => {
      const told = (err: unknown): void =>
        log.warn({ err, sourceId }, 'a source that is gone could not be ended at its provider');
      await endThere(house, found, secret, hook?.state ?? null).catch(told);
    };
  } catch (err) {
    // Whether there is such a source, and whose it is, is for the deletion to say.
    if (!(err instanceof AppError) || err.kind === 'bug' || err.kind === 'transient') throw err;
    log.debug({ err, sourceId }, 'nothing to end at the provider of a source that is to be deleted');
    return async () => undefined;
  }
}

async function endThere(
  house: SourcesHouse,
  { source, connector }: Connectable,
  secret: SourceSecret,
  hook: string | null,
): Promise<void> {
  const signal = AbortSignal.timeout(CALL_MS);
  const opened = await openingOf(house, connector.oauth, secret);
  if (hook !== null && connector.webhooks?.unregister !== undefined) {
    const context = await openConnector(house, source, connector, signal, { secrets: opened.secrets });
    await connector.webhooks
      .unregister(context, hook)
      .catch((err: unknown) => house.log.warn({ err, sourceId: source.source_id }, 'a webhook could not be ended'));
  }
  await opened.revoke();
}

/** With a token that still opens the place: its row is gone, and nobody else renews it. */
async function openingOf(house: SourcesHouse, provider: string | undefined, secret: SourceSecret) {
  if (secret.kind === 'keys' || provider === undefined) {
    return { secrets: secret.kind === 'keys' ? { keys: secret.keys } : {}, revoke: async () => undefined };
  }
  const party = partyOf(house, provider);
  const { expiresAt, refreshToken } = secret.tokens;
  const isOver = expiresAt !== undefined && expiresAt.getTime() < Date.now();
  const tokens = isOver && refreshToken !== undefined ? await refreshTokens(house, party, refreshToken) : secret.tokens;
  const { accessToken } = tokens;
  return {
    secrets: { auth: { get: async () => ({ accessToken, expiresAt: tokens.expiresAt }) } },
    revoke: async () => void (await revokeGrant(house, party, tokens)),
  };
}
