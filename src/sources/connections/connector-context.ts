/** What a connector's calls are given: checked settings, opened secrets, and the guarded way out. */
import { readSession } from '../../database/session.ts';
import { HOUSEKEEPER } from '../../kernel/actor.ts';
import { AppError } from '../../kernel/errors.ts';
import { type Connector, type ConnectorContext, ConnectorError, type TokenSource } from '../connector.ts';
import { readSettings } from '../settings.ts';
import type { SourcesHouse } from '../sources-house.ts';
import { partyOf } from './oauth-client.ts';
import { readSecret, type SecretOf } from './source-secrets.ts';
import { createTokenSource } from './token-source.ts';

/** Of a source's line. */
export interface OpenableSource extends SecretOf {
  readonly name: string;
  readonly config: unknown;
}

export interface OpenOptions {
  /** For calls that are answered when something happens: the answer may take minutes to begin. */
  readonly isPatient?: boolean;
  /** Instead of what the source's row holds: of an account that is not connected yet. */
  readonly secrets?: { readonly auth?: TokenSource; readonly keys?: Readonly<Record<string, string>> };
}

/**
 * Opens a source for its connector. Tokens are asked for when they are used.
 * @throws AppError NEEDS_REAUTH where it is not connected, CONFIG_INVALID where the hub is not registered at its provider,
 *   BAD_USER_INPUT where its settings do not pass, SECRET_UNREADABLE
 */
export async function openConnector(
  house: SourcesHouse,
  source: OpenableSource,
  connector: Connector,
  signal: AbortSignal,
  { isPatient = false, secrets }: OpenOptions = {},
): Promise<ConnectorContext> {
  const { outbound } = house;
  return {
    settings: readSettings(connector, source.config),
    auth: secrets?.auth ?? authOf(house, source, connector),
    keys: secrets?.keys ?? (await keysOf(house, source, connector)),
    fetch: isPatient ? outbound.patientFetch : outbound.fetch,
    signal,
    importRoots: house.importRoots,
    log: house.log.child({ sourceId: source.source_id, connector: connector.id }),
  };
}

/** For connectors that are opened by nothing, or by keys. */
export const NO_TOKENS: TokenSource = {
  get: () => Promise.reject(new ConnectorError('config', 'This connector declares no sign-in')),
};

function authOf(house: SourcesHouse, source: SecretOf, { oauth }: Connector): TokenSource {
  return oauth === undefined ? NO_TOKENS : createTokenSource(house, source, partyOf(house, oauth));
}

async function keysOf(
  { database, keyring }: SourcesHouse,
  source: OpenableSource,
  { keys = {} }: Connector,
): Promise<Readonly<Record<string, string>>> {
  const needed = Object.entries(keys);
  if (needed.length === 0) return {};
  const secret = await readSession(database.read, HOUSEKEEPER, (query) => readSecret(query, keyring, source, 'look'));
  const given = secret?.kind === 'keys' ? secret.keys : {};
  if (needed.every(([name, { isOptional }]) => isOptional === true || given[name] !== undefined)) return given;
  throw new AppError('NEEDS_REAUTH', `The source ${source.name} has no keys`, {
    hint: 'Connect it with its keys first.',
  });
}
