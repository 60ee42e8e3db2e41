/** A webhook's call: its connector says whether it is the provider's, and which sources are dirty. */
import { randomBytes } from 'node:crypto';
import { readSession, writeSession } from '../../database/session.ts';
import { isUuid } from '../../graphql/values.ts';
import { HOUSEKEEPER } from '../../kernel/actor.ts';
import { AppError } from '../../kernel/errors.ts';
import { partyOf } from '../connections/oauth-client.ts';
import { type Connector, ConnectorError, type HookCaller, type IncomingHook, type ReceivedHook } from '../connector.ts';
import type { SourcesHouse } from '../sources-house.ts';
import { readHook } from './hooks.ts';
import { HOOKS_PATH } from './hooks-path.ts';
import { SOURCES } from './notice.ts';
import { keepOffered } from './offered-secrets.ts';

/**
 * What to answer. An address that is nobody's is answered as a wrong signature is, so that nothing can be learnt by asking.
 * @throws AppError DATABASE_UNREACHABLE, SOURCE_UNAVAILABLE and the like: the provider tries again
 */
export async function receiveHook(house: SourcesHouse, hook: IncomingHook): Promise<ReceivedHook> {
  const [id = '', sourceId, ...rest] = hook.url.pathname.slice(HOOKS_PATH.length + 1).split('/');
  const connector = (await house.connectors()).connectors.get(id);
  if (connector?.webhooks === undefined || rest.length > 0) return { dirty: [], status: 404 };
  const secret = sourceId === undefined ? applicationSecret(house, connector) : await sourceSecret(house, sourceId);
  const caller = sourceId === undefined ? signedCaller(house, connector) : undefined;
  const received = await connector.webhooks
    .receive(hook, secret ?? randomBytes(32).toString('base64url'), caller)
    .catch((thrown: unknown) => {
      throw thrown instanceof ConnectorError ? unproved(thrown) : thrown;
    });
  // What an unknown address were told by its handshake would be that it is one.
  const isKnown = secret !== undefined || caller !== undefined;
  if (received.dirty.length > 0 && isKnown) await markDirty(house, connector, sourceId, received.dirty);
  const { offeredSecret } = received;
  if (offeredSecret !== undefined && secret !== undefined) await keepOffered(house, connector.id, offeredSecret);
  return received;
}

const unproved = (cause: ConnectorError): AppError =>
  new AppError('SOURCE_UNAVAILABLE', cause.message, { cause, hint: 'Call again later.' });

/** What signs the calls of the hub's registration at the provider. */
function applicationSecret(house: SourcesHouse, { oauth }: Connector): string | undefined {
  if (oauth === undefined || !Object.hasOwn(house.oauthClients, oauth)) return undefined;
  const { client } = partyOf(house, oauth);
  return client.signingSecret ?? client.clientSecret;
}

/** Who signs the calls, where an account of the customer's own does. */
function signedCaller(house: SourcesHouse, { id, oauth }: Connector): HookCaller | undefined {
  if (oauth === undefined || !Object.hasOwn(house.oauthClients, oauth) || house.publicUrl === undefined)
    return undefined;
  const account = partyOf(house, oauth).client.pushAccount;
  if (account === undefined) return undefined;
  return { account, audience: `${house.publicUrl}${HOOKS_PATH}/${id}`, fetch: house.outbound.fetch };
}

async function sourceSecret(house: SourcesHouse, sourceId: string): Promise<string | undefined> {
  if (!isUuid(sourceId)) return undefined;
  const [source] = await readSession(house.database.read, HOUSEKEEPER, (query) =>
    query<{ source_id: string; owner_id: string }>(
      'hook source',
      'SELECT source_id, owner_id FROM data_sources WHERE source_id = $1 AND is_active',
      [sourceId],
    ),
  );
  return source === undefined ? undefined : (await readHook(house, source))?.secret;
}

/** Those of an account, or the one whose hook was called: its secret says that it is meant. */
async function markDirty(
  { database }: SourcesHouse,
  connector: Connector,
  sourceId: string | undefined,
  accounts: readonly string[],
): Promise<void> {
  await writeSession(database.write, HOUSEKEEPER, ({ query }) =>
    query(
      'hook dirty',
      `WITH meant AS (
         SELECT source_id, owner_id
           FROM data_sources
          WHERE source_type = $1 AND is_active AND connection_status = 'connected'
            AND CASE WHEN $2::uuid IS NULL THEN account_id = ANY ($3::text[]) ELSE source_id = $2 END
          ORDER BY source_id),
       marked AS (
         INSERT INTO source_states AS s (source_id, owner_id, dirty_at)
         SELECT source_id, owner_id, now() FROM meant
         ON CONFLICT (source_id) DO UPDATE SET dirty_at = coalesce(s.dirty_at, now())
         RETURNING source_id)
       SELECT pg_notify('${SOURCES}', source_id::text) FROM marked`,
      [connector.id, sourceId ?? null, accounts],
    ),
  );
}
