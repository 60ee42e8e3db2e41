/** The connectors, found by folder. A declaration that is wrong stops the start with its file's path. */
import { basename, join } from 'node:path';
import { PROJECT_ROOT } from '../kernel/config.ts';
import { type Discovered, discover, requireDefault, requireUnique } from '../kernel/discover.ts';
import { AppError } from '../kernel/errors.ts';
import type { Connector } from './connector.ts';
import { connectorFaults } from './connector-faults.ts';

export interface ConnectorRegistry {
  /** By id, in the order of their ids. */
  readonly connectors: ReadonlyMap<string, Connector>;
}

/**
 * Loads every file of `connectors/`. The SDKs behind them are not loaded: each waits for its first source.
 * @throws AppError DECLARATION_INVALID with the file's path: a wrong export, an id used twice, capabilities without their methods
 */
export async function loadConnectors(
  folder: string = join(PROJECT_ROOT, 'src/sources/connectors'),
): Promise<ConnectorRegistry> {
  const declared = (await discover(folder, '.ts')).map((found) => {
    const connector = soundConnector(found);
    return { name: connector.id, path: found.path, connector };
  });
  requireUnique(declared, 'connector');
  for (const { name, path } of declared) requireFileName(name, path);
  return connectorRegistryOf(declared.map(({ connector }) => connector));
}

/** A registry of given connectors: what tests use. */
export function connectorRegistryOf(connectors: readonly Connector[]): ConnectorRegistry {
  const sorted = connectors.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  return { connectors: new Map(sorted.map((connector) => [connector.id, connector])) };
}

/**
 * The connector of a source_type.
 * @throws AppError BAD_USER_INPUT with the ids that there are
 */
export function connectorOf(registry: ConnectorRegistry, id: string): Connector {
  const found = registry.connectors.get(id);
  if (found !== undefined) return found;
  throw new AppError('BAD_USER_INPUT', `There is no connector "${id}"`, {
    path: 'sourceType',
    hint: `One of: ${[...registry.connectors.keys()].join(', ')}.`,
  });
}

/**
 * The connector that a file declares.
 * @throws AppError DECLARATION_INVALID
 */
export function soundConnector(found: Discovered): Connector {
  const connector = requireDefault(found, isConnector, 'a connector made by defineConnector()');
  const faults = connectorFaults(connector);
  if (faults.length === 0) return connector;
  throw new AppError('DECLARATION_INVALID', `${found.path}: ${faults.join('; ')}`, {
    path: found.path,
    hint: 'See connector.ts for what each capability promises.',
  });
}

function requireFileName(id: string, path: string): void {
  if (basename(path) === `${id}.ts`) return;
  throw new AppError('DECLARATION_INVALID', `${path} declares the connector "${id}": its file is ${id}.ts`, { path });
}

function isConnector(value: unknown): value is Connector {
  return (
    typeof value === 'object' &&
    value !== null &&
    'id' in value &&
    'settings' in value &&
    'capabilities' in value &&
    'check' in value &&
    typeof value.check === 'function' &&
    'listChanges' in value &&
    typeof value.listChanges === 'function' &&
    'download' in value &&
    typeof value.download === 'function'
  );
}
