/** Webhooks that a provider is asked for source by source: each with a secret of its own, renewed before they end. */
import { randomBytes } from 'node:crypto';
import { Type } from 'typebox';
import { Value } from 'typebox/value';
import { readSession, writeSession } from '../../database/session.ts';
import { HOUSEKEEPER } from '../../kernel/actor.ts';
import { AppError } from '../../kernel/errors.ts';
import type { SealedPlace } from '../../kernel/keyring.ts';
import { type OpenableSource, openConnector } from '../connections/connector-context.ts';
import type { SecretOf } from '../connections/source-secrets.ts';
import type { Connector } from '../connector.ts';
import type { SourcesHouse } from '../sources-house.ts';
import { HOOKS_PATH } from './hooks-path.ts';

/** A provider that does not answer must not keep others waiting. */
const CALL_MS = 30_000;

/** A source whose calls are asked for or ended. */
export interface HookedSource {
  readonly source: OpenableSource;
  readonly connector: Connector;
}

/** As it is sealed in `hook_state`; `state` is the connector's, null until the provider has said yes. */
const WRITTEN = Type.Object({ secret: Type.String(), state: Type.Union([Type.String(), Type.Null()]) });
type Hook = Type.Static<typeof WRITTEN>;

const placeOf = ({ source_id: row, owner_id: owner }: SecretOf): SealedPlace => ({
  table: 'source_states',
  row,
  column: 'hook_state',
  owner,
});

/** The hook of a source, if it has one. @throws AppError SECRET_UNREADABLE */
export async function readHook({ database, keyring }: SourcesHouse, source: SecretOf): Promise<Hook | undefined> {
  const [row] = await readSession(database.read, HOUSEKEEPER, (query) =>
    query<{ hook_state: string | null }>('hook read', 'SELECT hook_state FROM source_states WHERE source_id = $1', [
      source.source_id,
    ]),
  );
  if (row === undefined || row.hook_state === null) return undefined;
  const told: unknown = JSON.parse(await keyring.open(row.hook_state, placeOf(source)));
  if (Value.Check(WRITTEN, told)) return told;
  throw new AppError('SECRET_UNREADABLE', 'A sealed hook is of another release');
}

async function writeHook(house: SourcesHouse, source: SecretOf, hook: Hook, expiresAt: Date | null): Promise<void> {
  const sealed = await house.keyring.seal(JSON.stringify(hook), placeOf(source));
  await writeSession(house.database.write, HOUSEKEEPER, ({ query }) =>
    query(
      'hook write',
      `INSERT INTO source_states (source_id, owner_id, hook_state, hook_expires_at)
       VALUES ($1, $2, $3, $4)
       ON CONFLICT (source_id) DO UPDATE SET hook_state = excluded.hook_state, hook_expires_at = excluded.hook_expires_at`,
      [source.source_id, source.owner_id, sealed, expiresAt],
    ),
  );
}

/**
 * Asks the provider to call us, or to go on calling us.
 * @throws ConnectorError, AppError
 */
export async function keepHook(
  house: SourcesHouse,
  { source, connector }: HookedSource,
  publicUrl: string,
  stopping: AbortSignal,
): Promise<void> {
  const { webhooks } = connector;
  if (webhooks?.register === undefined) return;
  const former = await readHook(house, source);
  const hook = former ?? { secret: randomBytes(32).toString('base64url'), state: null };
  // Some call back before they answer: the secret must be known by then.
  if (former === undefined) await writeHook(house, source, hook, null);
  const context = await openConnector(
    house,
    source,
    connector,
    AbortSignal.any([stopping, AbortSignal.timeout(CALL_MS)]),
  );
  const url = `${publicUrl}${HOOKS_PATH}/${connector.id}/${source.source_id}`;
  const { state, expiresAt } = await webhooks.register(context, { url, ...hook });
  await writeHook(house, source, { ...hook, state }, expiresAt ?? null);
}

/** Asks the provider to call no more, and forgets the hook either way. */
export async function endHook(house: SourcesHouse, { source, connector }: HookedSource): Promise<void> {
  const { source_id: sourceId } = source;
  try {
    const hook = await readHook(house, source);
    if (hook === undefined) return;
    if (hook.state !== null && connector.webhooks?.unregister !== undefined) {
      const context = await openConnector(house, source, connector, AbortSignal.timeout(CALL_MS));
      await connector.webhooks.unregister(context, hook.state);
    }
  } catch (err) {
    house.log.warn({ err, sourceId }, 'a webhook could not be ended at its provider; what it still calls is not heard');
  }
  await writeSession(house.database.write, HOUSEKEEPER, ({ query }) =>
    query('hook forget', 'UPDATE source_states SET hook_state = NULL, hook_expires_at = NULL WHERE source_id = $1', [
      sourceId,
    ]),
  );
}
