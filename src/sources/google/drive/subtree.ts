/** Folders that came, or whose path changed, with everything below them: Drive tells of the folder alone. */
import type { SyncEvent } from '../../connector.ts';
import { getFile } from './client.ts';
import { type DriveFile, FILE_FIELDS, isFolder } from './files.ts';
import { plantFolder, realId } from './folders.ts';
import { driveItem, folderItem } from './item.ts';
import { tellListed } from './listed.ts';
import { logOf } from './logs.ts';
import { createNames } from './names.ts';
import { pagesOfEach, within } from './pages.ts';
import { isLost, isPlanted } from './place.ts';
import type { Telling } from './telling.ts';

/** The folders of the tree whose path is another than `before`, the uppermost of each subtree alone. */
export function movedFolders(
  telling: Telling,
  before: ReadonlyMap<string, string>,
  told: ReadonlySet<string>,
): string[] {
  const moved = new Set<string>();
  for (const [id, path] of telling.tree.paths()) {
    if (!isPlanted(id) && !told.has(id) && before.get(id) !== path) moved.add(id);
  }
  return [...moved].filter((id) => !moved.has(telling.tree.get(id)?.parent ?? ''));
}

/**
 * Tells `tops` and all below them, filling the tree on the way. `known`: what is at hand of them already; `told` gains every
 * folder that was told.
 */
export async function* tellSubtrees(
  telling: Telling,
  tops: readonly string[],
  known: ReadonlyMap<string, DriveFile>,
  told: Set<string>,
): AsyncGenerator<SyncEvent> {
  for (const id of tops) {
    told.add(id);
    yield* await tellFolder(telling, id, known);
  }
  for (let level = tops; level.length > 0; ) {
    const below = new Map<string, DriveFile>();
    for (const [log, ids] of Map.groupBy(level, (id) => logOf(telling, id))) {
      yield* tellLevel(telling, log, ids, below);
    }
    // Only now that all folders of the level are known are their paths: two of one name are told apart.
    const paths = telling.tree.paths();
    const next = [...below].filter(([id]) => paths.has(id) && !told.has(id));
    for (const [id, file] of next) {
      told.add(id);
      const parent = telling.tree.get(id)?.parent ?? '';
      yield { type: 'upsert', item: folderItem(file, parent, paths.get(id) ?? '') };
    }
    level = next.map(([id]) => id);
  }
}

async function* tellLevel(
  telling: Telling,
  log: string,
  folders: readonly string[],
  below: Map<string, DriveFile>,
): AsyncGenerator<SyncEvent> {
  const names = createNames();
  const meant = new Set(folders);
  const queries = folders.map((id) => ({ log, q: `${within(realId(telling, id))} and trashed = false` }));
  for await (const page of pagesOfEach(telling.context, queries)) {
    for (const file of page.files.filter(isFolder)) {
      plantFolder(telling, file);
      below.set(file.id ?? '', file);
    }
    const files = page.files.filter((file) => !isFolder(file));
    yield* await tellListed(telling, files, names, meant);
  }
}

async function tellFolder(telling: Telling, id: string, known: ReadonlyMap<string, DriveFile>): Promise<SyncEvent[]> {
  const parent = telling.tree.get(id)?.parent ?? '';
  const path = telling.tree.paths().get(id) ?? '';
  const drive = telling.place.sharedDrives.find((one) => one.id === id);
  if (drive !== undefined) return [{ type: 'upsert', item: driveItem(drive, path) }];
  try {
    const file = known.get(id) ?? (await getFile(telling.context, id, FILE_FIELDS));
    return [{ type: 'upsert', item: folderItem(file, parent, path) }];
  } catch (thrown) {
    // Gone since the change: the log tells of that next.
    if (!isLost(thrown)) throw thrown;
    return [];
  }
}
