import type { Query } from '../database/session.ts';
import { type Actor, hasRole, ownerOf } from '../kernel/actor.ts';
import { AppError } from '../kernel/errors.ts';
import type { SyncSource } from './sync/source.ts';

export interface LockedSource extends SyncSource {
  readonly sync_frequency: string | null;
}

const COLUMNS = `source_id, name, source_type, config, rules, is_active, is_shared, delete_guard, connection_status, owner_id,
  owner_label, owner_role, owner_scopes, owner_user_id, credential_id, sync_frequency, version`;

/** @throws AppError NOT_FOUND, also for somebody's private one: ids must not be told apart */
export const noSource = (): AppError =>
  new AppError('NOT_FOUND', 'There is no source with this id', { path: 'sourceId', hint: 'See the list of sources.' });

/**
 * A source that the actor may change, locked until the transaction ends. Administrators may change what is shared: from then on
 * the transaction acts for its owner, whose rows alone it may then see and write.
 * @throws AppError NOT_FOUND; FORBIDDEN for another's; CONFLICT when its version is not `ifVersion`
 */
export async function lockSource(
  query: Query,
  actor: Actor,
  sourceId: string,
  ifVersion?: number | null,
): Promise<LockedSource> {
  const [row] = await query<LockedSource & Record<string, unknown>>(
    'source lock',
    `SELECT ${COLUMNS} FROM data_sources WHERE source_id::text = $1 FOR UPDATE`,
    [sourceId],
  );
  if (row === undefined) throw noSource();
  if (row.owner_id !== ownerOf(actor)) {
    if (!hasRole(actor, 'admin')) {
      throw new AppError('FORBIDDEN', 'This source is somebody else’s', { hint: 'Ask its owner or an administrator.' });
    }
    await query('source owner acts', "SELECT set_config('cairn.owner', $1, true)", [row.owner_id]);
  }
  if (ifVersion == null || row.version === ifVersion) return row;
  throw new AppError('CONFLICT', `The source has version ${row.version} by now`, {
    path: 'ifVersion',
    hint: 'Read it again, and change what it is now.',
  });
}
