/** The folders of a source, read whole. */
import type { SyncEvent } from '../../connector.ts';
import { type DriveFile, isFolder } from './files.ts';
import { driveItem, folderItem, treeFolder } from './item.ts';
import { allFiles, chunks, FOLDERS, FOLDERS_AT_ONCE, within } from './pages.ts';
import { isPlanted, plantPlace } from './place.ts';
import type { Telling } from './told.ts';
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
  const isPartial = place.isFolder ? await readLevels(telling, files) : await readDrives(telling, files);
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

async function readDrives(telling: Telling, files: Map<string, DriveFile>): Promise<boolean> {
  let isPartial = false;
  for (const log of telling.place.logs) {
    const found = await allFiles(telling.context, { log, q: FOLDERS });
    isPartial ||= found.isPartial;
    for (const file of found.files) {
      if (file.id === telling.place.base) continue;
      plantFolder(telling, file);
      files.set(file.id ?? '', file);
    }
  }
  return isPartial;
}

async function readLevels(telling: Telling, files: Map<string, DriveFile>): Promise<boolean> {
  const log = telling.place.logs[0] ?? '';
  let isPartial = false;
  for (let level = [telling.place.base]; level.length > 0; ) {
    const below: string[] = [];
    for (const portion of chunks(level, FOLDERS_AT_ONCE)) {
      const found = await allFiles(telling.context, { log, q: `${within(portion)} and ${FOLDERS}` });
      isPartial ||= found.isPartial;
      for (const file of found.files) {
        const id = file.id ?? '';
        // Folders that lie in circles, or in two places, are met again.
        if (!isFolder(file) || files.has(id) || id === telling.place.base) continue;
        plantFolder(telling, file);
        files.set(id, file);
        below.push(id);
      }
    }
    level = below;
  }
  return isPartial;
}
