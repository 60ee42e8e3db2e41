/** Pages of a listing as events, whatever the order of the files in it. */
import type { SyncEvent } from '../../connector.ts';
import type { DriveFile } from './files.ts';
import { folderOf, partOf } from './item.ts';
import type { Names } from './names.ts';
import { withNamesakes } from './siblings.ts';
import type { Telling } from './telling.ts';
import { tellFiles } from './told.ts';

/**
 * Files that lie in the source, and in `folders` where those are given. Where a name comes up again, all that have it are
 * told together, oldest first, those that were told before among them: which of them keeps it does not depend on the order.
 */
export async function tellListed(
  telling: Telling,
  files: readonly DriveFile[],
  names: Names,
  folders?: ReadonlySet<string>,
): Promise<SyncEvent[]> {
  const alone: DriveFile[] = [];
  const again: DriveFile[] = [];
  for (const file of files) {
    const folder = folderOf(file, telling.place, telling.tree);
    if (folder === undefined || folders?.has(folder) === false) continue;
    const part = partOf(file);
    if (names.claim(folder, part, file.id ?? '')) alone.push(file);
    else if (names.isNew(folder, part)) again.push(file);
  }
  const events = await tellFiles(telling, alone);
  if (again.length > 0) events.push(...(await tellFiles(telling, await withNamesakes(telling, again))));
  return events;
}

/** Takes the names of files that an earlier run has told. */
export function claimNames(telling: Telling, files: readonly DriveFile[], names: Names): void {
  for (const file of files) {
    const folder = folderOf(file, telling.place, telling.tree);
    if (folder !== undefined) names.claim(folder, partOf(file), file.id ?? '');
  }
}
