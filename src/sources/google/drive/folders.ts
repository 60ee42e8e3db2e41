/** The folders of a source, read whole. */
import type { SyncEvent } from '../../connector.ts';
import { OWN_LOG } from './client.ts';
import type { DriveFile } from './files.ts';
import { driveItem, folderItem, treeFolder } from './item.ts';
import { allFiles, FOLDERS, SHARED_WITH_US, within } from './pages.ts';
import { isPlanted, plantPlace } from './place.ts';
import type { Telling } from './telling.ts';
import type { FolderTree } from './tree.ts';
import { BASE } from './tree.ts';

export interface FolderListing {
  readonly files: ReadonlyMap<string, DriveFile>;
  readonly isPartial: boolean;
}

/**
 * Fills the tree. Whole drives tell all their folders in one listing, which is far fewer requests than asking folder by
 * folder; below one chosen folder they are asked level by level, since the drive around it may be a hundred times larger.
 */
export async function readFolders(telling: Telling): Promise<FolderListing> {
  const { place, tree } = telling;
  const files = new Map<string, DriveFile>();
  plantPlace(place, tree);
  const isPartial = place.isFolder
    ? await readLevels(telling, [place.base], place.logs[0] ?? OWN_LOG, files)
    : await readDrives(telling, files);
  tree.prune();
  return { files, isPartial };
}

/** The folders as events, parents first. */
export function* tellFolders(telling: Telling, files: ReadonlyMap<string, DriveFile>): Generator<SyncEvent> {
  for (const [id, path] of telling.tree.paths()) {
    const parent = telling.tree.get(id)?.parent;
    if (isPlanted(id) || parent === undefined) continue;
    const file = files.get(id);
    const drive = telling.place.sharedDrives.find((one) => one.id === id);
    if (drive !== undefined) yield { type: 'upsert', item: driveItem(drive, path) };
    else if (file !== undefined) yield { type: 'upsert', item: folderItem(file, parent, path) };
  }
}

/** The id by which Drive knows a folder of the tree. */
export function realId(telling: Telling, id: string): string {
  return id === BASE ? telling.place.base : id;
}

/** Puts a folder into the tree, or takes it out where it hangs on nothing any more. */
export function plantFolder(telling: Telling, file: DriveFile): void {
  const folder = treeFolder(file, telling.place);
  if (folder === undefined) telling.tree.remove(file.id ?? '');
  else telling.tree.set(file.id ?? '', folder);
}

/** @returns whether some of it could not be looked at */
async function readDrives(telling: Telling, files: Map<string, DriveFile>): Promise<boolean> {
  const { place, context } = telling;
  const logs = place.logs.filter((log) => log !== OWN_LOG || place.base !== '');
  const found = await allFiles(
    context,
    logs.map((log) => ({ log, q: FOLDERS })),
  );
  keep(telling, found.files, files);
  const queries = place.hasShared ? [{ log: OWN_LOG, q: `${SHARED_WITH_US} and ${FOLDERS}` }] : [];
  const others = await allFiles(context, queries);
  keep(telling, others.files, files);
  const tops = sharedFolders(telling.tree);
  return (await readLevels(telling, tops, OWN_LOG, files)) || found.isPartial || others.isPartial;
}

/**
 * The folders with people in them, the account's own or others': a listing of the account's drive promises only what it made,
 * opened or was given itself, which others' files in such folders need not be. They are asked folder by folder.
 */
export function sharedFolders(tree: FolderTree): string[] {
  return [...tree.paths().keys()].filter((id) => tree.get(id)?.isShared === true);
}

/** The folders below `tops`. */
async function readLevels(
  telling: Telling,
  tops: readonly string[],
  log: string,
  files: Map<string, DriveFile>,
): Promise<boolean> {
  const passed = new Set<string>();
  let isPartial = false;
  for (let level = tops; level.length > 0; ) {
    for (const id of level) passed.add(id);
    const queries = level.map((id) => ({ log, q: `${within(id)} and ${FOLDERS}` }));
    const found = await allFiles(telling.context, queries);
    isPartial ||= found.isPartial;
    keep(telling, found.files, files);
    // Folders that lie in circles, or in two places, are met again.
    level = [...new Set(found.files.map(({ id }) => id ?? ''))].filter((id) => !passed.has(id));
  }
  return isPartial;
}

function keep(telling: Telling, found: readonly DriveFile[], files: Map<string, DriveFile>): void {
  for (const file of found) {
    if (file.id === telling.place.base) continue;
    plantFolder(telling, file);
    files.set(file.id ?? '', file);
  }
}
