/** What shortcuts lead to. */
import { ConnectorError } from '../../connector.ts';
import { ask, type DriveContext, PROVIDER } from './client.ts';
import { type DriveFile, FILE_FIELDS, FOLDER_TYPE } from './files.ts';
import { folderOf } from './item.ts';
import { type DrivePlace, isLost } from './place.ts';
import type { FolderTree } from './tree.ts';

/**
 * The file that a shortcut leads to, or why its content is not taken: a folder's is not, since shortcuts may lead in circles,
 * and a file of this source is told by itself.
 * @throws ConnectorError not-found, forbidden where the target is not there for us
 */
export async function targetOf(
  context: DriveContext,
  shortcut: DriveFile,
  place: DrivePlace,
  tree: FolderTree,
): Promise<DriveFile | { readonly skipped: string }> {
  if (shortcut.shortcutDetails?.targetMimeType === FOLDER_TYPE) return { skipped: 'It leads to a folder.' };
  const target = await fetchTarget(context, shortcut, FILE_FIELDS);
  return folderOf(target, place, tree) === undefined ? target : { skipped: 'It leads to another item of this source.' };
}

/** @throws ConnectorError not-found, forbidden where the target is not there for us */
export async function fetchTarget(context: DriveContext, shortcut: DriveFile, fields: string): Promise<DriveFile> {
  const { targetId, targetResourceKey } = shortcut.shortcutDetails ?? {};
  if (!targetId) throw new ConnectorError('not-found', 'The shortcut leads nowhere');
  try {
    const target = await ask(context, (drive, options) =>
      drive.files.get(
        { fileId: targetId, fields, supportsAllDrives: true },
        { ...options, headers: resourceKeys(targetId, targetResourceKey) },
      ),
    );
    if (target.trashed !== true) return target;
  } catch (thrown) {
    if (!isLost(thrown)) throw thrown;
    throw new ConnectorError(thrown.kind, 'What the shortcut leads to is gone, or not shared with this account', {
      cause: thrown,
      status: thrown.status,
    });
  }
  throw new ConnectorError('not-found', `What the shortcut leads to is in the bin of ${PROVIDER}`);
}

/** Older links open only with the key that they carry. */
export function resourceKeys(id: string, key: string | null | undefined): Record<string, string> {
  return key ? { 'X-Goog-Drive-Resource-Keys': `${id}/${key}` } : {};
}
