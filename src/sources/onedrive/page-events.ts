/** A page of a delta as events: last word wins, paths derived, what lies below a moved folder told anew. */
import type { Static } from 'typebox';
import type { SyncEvent } from '../connector.ts';
import { createPageGuard } from '../kit/page-guard.ts';
import { type DriveItem, idOf, isFolder, itemPage, remoteItem } from './drive-item.ts';
import { createFolderTree, type FolderTree } from './folder-tree.ts';
import { askJson, GRAPH, type OneDriveContext, PROVIDER } from './graph.ts';
import { rootFolder } from './settings.ts';

interface Pass {
  readonly context: OneDriveContext;
  readonly driveId: string;
  readonly full: boolean;
  readonly tree: FolderTree;
  /** With a slash at its end; '' where the whole drive is followed. */
  readonly folder: string;
}

/** What turns the pages of one pass into events, in order. */
export function createPagePass(
  context: OneDriveContext,
  driveId: string,
  full: boolean,
): (items: readonly DriveItem[]) => AsyncGenerator<SyncEvent> {
  const folder = rootFolder(context.settings);
  const tree = createFolderTree(context, driveId);
  const pass: Pass = { context, driveId, full, tree, folder: folder === '' ? '' : `${folder}/` };
  return (items) => pageEvents(items, pass);
}

async function* pageEvents(items: readonly DriveItem[], pass: Pass): AsyncGenerator<SyncEvent> {
  // The same item may be told twice in a feed; only what is said last holds.
  const last = [...new Map(items.map((item) => [item.id, item])).values()];
  const there = last.filter((item) => item.deleted === undefined);
  // Of a delta, a folder that is told was made, renamed or moved; its children are not told.
  const moved = there.filter((item) => pass.tree.note(item) || (!pass.full && isFolder(item)));
  for (const item of there) yield* itemEvents(item, pass);
  const walked = new Set<string>();
  for (const item of moved) if (item.root === undefined) yield* walk(item.id, walked, pass);
  // After the items of the page: what was moved out of a deleted folder has its new place by then.
  for (const { id, deleted } of last) {
    if (deleted !== undefined) yield { type: 'delete', id: idOf(pass.driveId, id), subtree: true };
  }
}

async function* itemEvents(item: DriveItem, pass: Pass): AsyncGenerator<SyncEvent> {
  if (item.root !== undefined) return;
  const path = await pass.tree.pathOf(item);
  const inside = within(path, pass.folder);
  if (inside !== undefined) yield { type: 'upsert', item: remoteItem(item, pass.driveId, inside) };
  else if (!pass.full) yield { type: 'delete', id: idOf(pass.driveId, item.id), subtree: true };
}

/** Everything below a folder, by asking for its children, and for theirs. */
async function* walk(folderId: string, walked: Set<string>, pass: Pass): AsyncGenerator<SyncEvent> {
  const waiting = [folderId];
  for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
    if (walked.has(id)) continue;
    walked.add(id);
    for await (const item of childrenOf(id, pass)) {
      pass.tree.note(item);
      if (isFolder(item)) waiting.push(item.id);
      yield* itemEvents(item, pass);
    }
  }
}

async function* childrenOf(id: string, pass: Pass): AsyncGenerator<DriveItem> {
  const guard = createPageGuard(PROVIDER);
  const drive = encodeURIComponent(pass.driveId);
  let link: string | undefined = `${GRAPH}/drives/${drive}/items/${encodeURIComponent(id)}/children?$top=200`;
  while (link !== undefined) {
    guard.next(link);
    const page: Static<typeof itemPage> = await askJson(pass.context, link, itemPage);
    yield* page.value;
    link = page['@odata.nextLink'];
  }
}

/** The path below the folder that is followed; undefined outside of it. Names of a drive ignore case. */
function within(path: string, folder: string): string | undefined {
  if (path.slice(0, folder.length).toLowerCase() !== folder.toLowerCase()) return undefined;
  const inside = path.slice(folder.length);
  return inside === '' ? undefined : inside;
}
