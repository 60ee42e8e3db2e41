/** A source as connecting sees it, and who may connect it. */
import type { Query } from '../../database/session.ts';
import { type Actor, hasRole, ownerOf } from '../../kernel/actor.ts';
import { AppError } from '../../kernel/errors.ts';
import type { Connector } from '../connector.ts';
import { connectorOf } from '../registry.ts';
import type { SourcesHouse } from '../sources-house.ts';
import type { OpenableSource } from './connector-context.ts';

export interface ConnectableSource extends OpenableSource {
  readonly source_type: string;
  readonly connection_status: string;
  readonly account_id: string | null;
  readonly account_name: string | null;
}

export interface Connectable {
  readonly source: ConnectableSource;
  readonly connector: Connector;
}

/** Of the transaction's owner, or shared. */
export async function findSource(query: Query, sourceId: string): Promise<ConnectableSource | undefined> {
  const [source] = await query<ConnectableSource & Record<string, unknown>>(
    'source to connect',
    `SELECT source_id, owner_id, name, config, source_type, connection_status, account_id, account_name
       FROM data_sources
      WHERE source_id = $1`,
    [sourceId],
  );
  return source;
}

/**
 * The source for whoever may see and set its credentials: its owner, and administrators where it is shared.
 * @throws AppError NOT_FOUND for one that the actor does not see, FORBIDDEN for another's that is shared
 */
export async function requireConnectable(
  house: SourcesHouse,
  query: Query,
  actor: Actor,
  sourceId: string,
): Promise<Connectable> {
  const source = await findSource(query, sourceId);
  if (source === undefined) throw new AppError('NOT_FOUND', `There is no source ${sourceId}`, { path: 'sourceId' });
  if (source.owner_id !== ownerOf(actor) && !hasRole(actor, 'admin')) {
    throw new AppError('FORBIDDEN', `The credentials of ${source.name} are its owner's`, {
      hint: 'Ask its owner, or an administrator.',
    });
  }
  return { source, connector: connectorOf(await house.connectors(), source.source_type) };
}

/** As this actor, over the rows of every owner: what the change log calls them stays. */
export const overAll = (actor: Actor): Actor => ({ ...actor, owner: '*' });
