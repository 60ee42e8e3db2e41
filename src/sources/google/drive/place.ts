/** What a source of Drive is made of: where its root is, which change logs tell of it, which shared drives belong to it. */
import { ConnectorError, type SyncEvent } from '../../connector.ts';
import { createPageGuard } from '../../kit/page-guard.ts';
import { ask, type DriveContext, getFile, OWN_LOG, PROVIDER } from './client.ts';
import { isFolder } from './files.ts';
import { folderId } from './settings.ts';
import { BASE, type FolderTree } from './tree.ts';

/** Folders that Drive shows beside My Drive, and we below the root. */
const DRIVES = '@drives';
export const SHARED = '@shared';

export interface DrivePlace {
  /** The real id of the source's root; empty where My Drive is no part of it. */
  readonly base: string;
  /** One folder, with what lies below it, and not whole drives. */
  readonly isFolder: boolean;
  readonly logs: readonly string[];
  readonly sharedDrives: readonly { readonly id: string; readonly name: string }[];
  readonly hasShared: boolean;
  /** Chosen shared drives that do not open. */
  readonly lost: readonly (SyncEvent & { readonly type: 'item-error' })[];
}

/** @throws ConnectorError config where the chosen folder is none, or gone: that is not the same as empty */
export async function openPlace(context: DriveContext): Promise<DrivePlace> {
  const id = folderId(context.settings);
  if (id !== '') return openFolder(context, id);
  const { myDrive = true, sharedWithMe = false } = context.settings;
  const base = myDrive || sharedWithMe ? ((await getFile(context, 'root', 'id')).id ?? '') : '';
  const { found, lost } = await openSharedDrives(context);
  return {
    base: myDrive ? base : '',
    isFolder: false,
    logs: [...(myDrive || sharedWithMe ? [OWN_LOG] : []), ...found.map((drive) => drive.id)],
    sharedDrives: found,
    hasShared: sharedWithMe,
    lost,
  };
}

/** Puts what is no folder of anybody's into the tree: the shared drives themselves, and what lies about them. */
export function plantPlace(place: DrivePlace, tree: FolderTree): void {
  if (place.sharedDrives.length > 0)
    tree.set(DRIVES, { name: 'Shared drives', parent: BASE, created: 0, isShared: false });
  if (place.hasShared) tree.set(SHARED, { name: 'Shared with me', parent: BASE, created: 0, isShared: false });
  for (const { id, name } of place.sharedDrives) tree.set(id, { name, parent: DRIVES, created: 0, isShared: false });
}

/** Whether this is one of ours that no place knows by this id. */
export function isPlanted(id: string): boolean {
  return id === BASE || id === DRIVES || id === SHARED;
}

/** The shared drives that had a log and are no part of the place any more. */
export function goneDrives(place: DrivePlace, logs: readonly string[]): string[] {
  const there = new Set([...place.logs, ...place.lost.map((event) => event.ref.id), OWN_LOG]);
  return logs.filter((log) => !there.has(log));
}

async function openFolder(context: DriveContext, id: string): Promise<DrivePlace> {
  const folder = await getFile(context, id, 'id,name,mimeType,trashed,driveId').catch((thrown: unknown) => {
    if (!(thrown instanceof ConnectorError) || thrown.kind !== 'not-found') throw thrown;
    throw new ConnectorError('config', 'The folder is not there, or not shared with this account', {
      cause: thrown,
      hint: 'Open the folder in a browser with this account and take its link from there.',
    });
  });
  if (!isFolder(folder)) throw new ConnectorError('config', `“${folder.name ?? id}” is no folder`);
  if (folder.trashed === true) {
    throw new ConnectorError('config', `The folder “${folder.name ?? id}” is in the bin`, {
      hint: 'Restore it, or choose another one; what was taken from it is kept meanwhile.',
    });
  }
  const log = folder.driveId ?? OWN_LOG;
  return { base: folder.id ?? id, isFolder: true, logs: [log], sharedDrives: [], hasShared: false, lost: [] };
}

async function openSharedDrives(
  context: DriveContext,
): Promise<{ found: { id: string; name: string }[]; lost: DrivePlace['lost'] }> {
  const chosen = context.settings.sharedDrives ?? [];
  if (chosen.includes('*')) return { found: await allSharedDrives(context), lost: [] };
  const found: { id: string; name: string }[] = [];
  const lost: (SyncEvent & { readonly type: 'item-error' })[] = [];
  for (const driveId of new Set(chosen)) {
    try {
      found.push(await getSharedDrive(context, driveId));
    } catch (thrown) {
      if (!isLost(thrown)) throw thrown;
      lost.push({ type: 'item-error', ref: { id: driveId, kind: 'folder' }, error: thrown });
    }
  }
  return { found, lost };
}

/** @throws ConnectorError not-found, forbidden where it is not ours to see */
export async function getSharedDrive(context: DriveContext, driveId: string): Promise<{ id: string; name: string }> {
  const drive = await ask(context, (api, options) => api.drives.get({ driveId, fields: 'id,name' }, options));
  return { id: drive.id ?? driveId, name: drive.name ?? driveId };
}

/** Whether a shared drive or an item is not there for us: gone, or no longer ours to see. */
export function isLost(thrown: unknown): thrown is ConnectorError {
  return thrown instanceof ConnectorError && (thrown.kind === 'not-found' || thrown.kind === 'forbidden');
}

async function allSharedDrives(context: DriveContext): Promise<{ id: string; name: string }[]> {
  const found: { id: string; name: string }[] = [];
  const guard = createPageGuard(PROVIDER);
  for (let pageToken: string | undefined; ; ) {
    const page = await ask(context, (api, options) =>
      api.drives.list(
        { pageSize: 100, fields: 'nextPageToken,drives(id,name)', ...(pageToken === undefined ? {} : { pageToken }) },
        options,
      ),
    );
    for (const { id, name } of page.drives ?? []) if (id) found.push({ id, name: name ?? id });
    if (!page.nextPageToken) return found;
    guard.next(page.nextPageToken);
    pageToken = page.nextPageToken;
  }
}
