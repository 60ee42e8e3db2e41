/** Files of a listing as events. */
import type { SyncEvent } from '../../connector.ts';
import { type DriveFile, isShortcut } from './files.ts';
import { fileItem, folderOf, partOf, shortcutItem } from './item.ts';
import { isLost } from './place.ts';
import { targetOf } from './shortcuts.ts';
import type { Telling } from './telling.ts';
import { twinName } from './tree.ts';

/** So many shortcuts are followed at once. */
const AT_ONCE = 8;

/** The events of files that lie in the source; others are left out. Of those of one name the first keeps it: oldest first. */
export async function tellFiles(telling: Telling, files: readonly DriveFile[]): Promise<SyncEvent[]> {
  const holders = new Map<string, string>();
  const placed = files.flatMap((file) => {
    const folder = folderOf(file, telling.place, telling.tree);
    return folder === undefined ? [] : [{ file, folder }];
  });
  const targets = await followShortcuts(
    telling,
    placed.map(({ file }) => file).filter((file) => isShortcut(file)),
  );
  return placed.map(({ file, folder }): SyncEvent => {
    const target = targets.get(file.id ?? '');
    const plain = partOf(file);
    const place = `${folder}/${plain}`;
    const id = file.id ?? '';
    if (!holders.has(place)) holders.set(place, id);
    const part = holders.get(place) === id ? plain : twinName(plain, id, true);
    const below = telling.tree.paths().get(folder) ?? '';
    const path = below === '' ? part : `${below}/${part}`;
    if (target === undefined) return { type: 'upsert', item: fileItem(file, folder, path) };
    if ('type' in target) return target;
    return { type: 'upsert', item: shortcutItem(file, folder, path, target) };
  });
}

type Target = Awaited<ReturnType<typeof targetOf>> | (SyncEvent & { readonly type: 'item-error' });

async function followShortcuts(telling: Telling, shortcuts: readonly DriveFile[]): Promise<Map<string, Target>> {
  const targets = new Map<string, Target>();
  for (let from = 0; from < shortcuts.length; from += AT_ONCE) {
    await Promise.all(
      shortcuts.slice(from, from + AT_ONCE).map(async (shortcut) => {
        targets.set(shortcut.id ?? '', await followShortcut(telling, shortcut));
      }),
    );
  }
  return targets;
}

async function followShortcut({ context, place, tree, leads }: Telling, shortcut: DriveFile): Promise<Target> {
  leads.add(shortcut.shortcutDetails?.targetId ?? '', shortcut.id ?? '');
  try {
    return await targetOf(context, shortcut, place, tree);
  } catch (thrown) {
    if (!isLost(thrown)) throw thrown;
    return { type: 'item-error', ref: { id: shortcut.id ?? '', kind: 'shortcut' }, error: thrown };
  }
}
