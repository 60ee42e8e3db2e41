/** The end of a connection: the provider hears of it, and what opened the place is forgotten either way. */
import { readSession, writeSession } from '../../database/session.ts';
import { type Actor, HOUSEKEEPER } from '../../kernel/actor.ts';
import type { SourcesHouse } from '../sources-house.ts';
import { endHook } from '../watch/hooks.ts';
import { type Connectable, overAll, requireConnectable } from './connectable.ts';
import { markDisconnected } from './connection-status.ts';
import { partyOf, revokeGrant } from './oauth-client.ts';
import { dropSecret, readSecret } from './source-secrets.ts';

/**
 * Disconnects a source. Its items, documents and rows stay, and its cursor: connected again with the same account it goes on.
 * Returns whether the provider has revoked the grant; false where it knows no such thing, or does not answer.
 * @throws AppError NOT_FOUND, FORBIDDEN
 */
export async function disconnectSource(house: SourcesHouse, actor: Actor, sourceId: string): Promise<boolean> {
  const { database } = house;
  const found = await readSession(database.read, actor, (query) => requireConnectable(house, query, actor, sourceId));
  // Its credentials are needed for that.
  await endHook(house, found);
  const isRevoked = await revoke(house, found).catch((err: unknown) => {
    house.log.warn({ err, sourceId }, 'a grant could not be revoked at its provider; it is forgotten all the same');
    return false;
  });
  await writeSession(database.write, overAll(actor), async ({ query }) => {
    await dropSecret(query, sourceId);
    await query('oauth states of a source', 'DELETE FROM oauth_states WHERE source_id = $1', [sourceId]);
    await markDisconnected(query, sourceId);
  });
  return isRevoked;
}

async function revoke(house: SourcesHouse, { source, connector }: Connectable): Promise<boolean> {
  if (connector.oauth === undefined) return false;
  const { database, keyring } = house;
  const secret = await readSession(database.read, HOUSEKEEPER, (query) => readSecret(query, keyring, source, 'look'));
  return secret?.kind === 'oauth' && (await revokeGrant(house, partyOf(house, connector.oauth), secret.tokens));
}
