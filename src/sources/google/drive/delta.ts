/** What changed since: each change log from where it stood, and everything whose path follows from what changed. */
import type { drive_v3 } from '@googleapis/drive';
import { ConnectorError, type SyncEvent } from '../../connector.ts';
import { createPageGuard } from '../../kit/page-guard.ts';
import { ask, type DriveContext, getFile, OWN_LOG, PROVIDER } from './client.ts';
import { type DriveCursor, driveCursor } from './cursor.ts';
import { type DriveFile, FILE_FIELDS, isFolder } from './files.ts';
import { plantFolder, readFolders } from './folders.ts';
import { startToken } from './full.ts';
import { folderOf } from './item.ts';
import { createLeads } from './leads.ts';
import { packTree, unpackTree } from './packed-tree.ts';
import { goneDrives, isLost, openPlace, plantPlace } from './place.ts';
import { withNamesakes } from './siblings.ts';
import { movedFolders, tellSubtrees } from './subtree.ts';
import type { Telling } from './telling.ts';
import { tellFiles } from './told.ts';
import { createTree } from './tree.ts';

/** What a pass over the logs goes by. */
interface Pass extends Telling {
  /** The folders are what they were before the pass, so that paths can be compared. */
  readonly isTreeKept: boolean;
  /** Reads the folders where the cursor could not carry them, and only where something has changed. */
  readonly load: () => Promise<void>;
}

/** @throws ConnectorError; `cursor-expired` where a log no longer knows its token */
export async function* listDelta(context: DriveContext, cursor: DriveCursor): AsyncGenerator<SyncEvent> {
  const place = await openPlace(context);
  const kept = cursor.tree === undefined ? undefined : unpackTree(cursor.tree);
  const telling: Telling = { context, place, tree: createTree(kept), leads: createLeads(cursor.leads) };
  let isLoaded = kept !== undefined;
  const load = async (): Promise<void> => {
    if (!isLoaded) await readFolders(telling);
    isLoaded = true;
  };
  const pass: Pass = { ...telling, isTreeKept: kept !== undefined, load };
  const logs: Record<string, string> = { ...cursor.logs };
  const cursorOf = (): string => {
    const tree = isLoaded ? packTree(telling.tree) : undefined;
    return driveCursor.write({
      scope: cursor.scope,
      logs,
      leads: telling.leads.kept(),
      ...(tree === undefined ? {} : { tree }),
    });
  };
  yield* place.lost;
  let hasTold = false;
  for await (const event of tellDrives(pass, logs)) {
    hasTold = true;
    yield event;
  }
  if (hasTold) yield { type: 'checkpoint', cursor: cursorOf() };
  for (const log of place.logs) {
    const guard = createPageGuard(PROVIDER);
    for (;;) {
      const page = await changePage(context, log, logs[log] ?? '');
      if (page.changes !== undefined && page.changes.length > 0) yield* tellChanges(pass, page.changes);
      const next = page.nextPageToken ?? page.newStartPageToken;
      if (!next) throw new ConnectorError('transient', `${PROVIDER} sent a page of changes that leads nowhere`);
      logs[log] = next;
      if (!page.nextPageToken) break;
      guard.next(next);
      yield { type: 'checkpoint', cursor: cursorOf() };
    }
  }
  yield { type: 'complete', cursor: cursorOf(), coverage: 'delta' };
}

/** Shared drives that came, went or were renamed; `logs` follows. */
async function* tellDrives(pass: Pass, logs: Record<string, string>): AsyncGenerator<SyncEvent> {
  const { context, place, tree } = pass;
  const before = tree.paths();
  for (const id of goneDrives(place, Object.keys(logs))) {
    tree.remove(id);
    delete logs[id];
    if (!before.has(id)) yield { type: 'delete', id, subtree: true };
  }
  yield* tellGone(pass, before);
  const fresh = place.logs.filter((log) => logs[log] === undefined);
  // Its log starts before its files are listed, as in a full listing.
  for (const log of fresh) logs[log] = await startToken(context, log);
  if (fresh.length > 0) await pass.load();
  if (pass.isTreeKept) plantPlace(place, tree);
  const moved = pass.isTreeKept ? movedFolders(pass, before, new Set()) : fresh;
  yield* tellSubtrees(pass, moved, new Map(), new Set());
}

async function changePage(context: DriveContext, log: string, pageToken: string): Promise<drive_v3.Schema$ChangeList> {
  const page = await ask(context, (drive, options) =>
    drive.changes.list(
      {
        pageToken,
        pageSize: 1000,
        spaces: 'drive',
        includeRemoved: true,
        includeItemsFromAllDrives: true,
        supportsAllDrives: true,
        fields: `nextPageToken,newStartPageToken,changes(changeType,removed,fileId,file(${FILE_FIELDS}))`,
        ...(log === OWN_LOG ? {} : { driveId: log }),
      },
      options,
    ),
  );
  if (!Array.isArray(page.changes)) throw new ConnectorError('transient', `${PROVIDER} sent a page without changes`);
  return page;
}

/** One page of a log. */
async function* tellChanges(pass: Pass, changes: readonly drive_v3.Schema$Change[]): AsyncGenerator<SyncEvent> {
  await pass.load();
  const telling: Telling = pass;
  const { place, tree } = telling;
  const { removed, files } = await lastOfEach(telling, changes);
  const folders = files.filter((file) => isFolder(file) && file.id !== place.base);
  const before = new Map(tree.paths());
  // A tree that was read just now knows the new paths already: what changed of folders is told with all below them.
  if (!pass.isTreeKept) for (const folder of folders) before.delete(folder.id ?? '');
  for (const id of removed) tree.remove(id);
  for (const folder of folders) {
    if (folder.trashed === true) tree.remove(folder.id ?? '');
    else plantFolder(telling, folder);
  }
  // Deletes first: what was moved out of a folder that is gone is told after it.
  yield* tellGone(telling, before);
  const known = new Map(folders.map((folder) => [folder.id ?? '', folder]));
  const here: DriveFile[] = [];
  const gone = [...removed, ...folders.flatMap(({ id }) => (id && !tree.paths().has(id) ? [id] : []))];
  for (const id of gone) if (!before.has(id)) yield { type: 'delete', id, subtree: true };
  for (const file of files.filter((one) => !isFolder(one))) {
    const isHere = file.trashed !== true && folderOf(file, place, tree) !== undefined;
    if (isHere) here.push(file);
    else yield { type: 'delete', id: file.id ?? '', subtree: false };
  }
  const told = new Set<string>();
  for (let moved = movedFolders(telling, before, told); moved.length > 0; ) {
    yield* tellSubtrees(telling, moved, known, told);
    moved = movedFolders(telling, before, told);
  }
  tree.prune();
  const rest = here.filter((file) => !told.has(folderOf(file, place, tree) ?? ''));
  yield* await tellFiles(telling, await withNamesakes(telling, rest));
}

function* tellGone(telling: Telling, before: ReadonlyMap<string, string>): Generator<SyncEvent> {
  const after = telling.tree.paths();
  for (const id of before.keys()) if (!after.has(id)) yield { type: 'delete', id, subtree: true };
}

/** Each file once, as the page tells of it last. */
async function lastOfEach(
  telling: Telling,
  changes: readonly drive_v3.Schema$Change[],
): Promise<{ removed: string[]; files: DriveFile[] }> {
  const last = new Map<string, DriveFile | undefined>();
  for (const { fileId, file, removed, changeType } of changes) {
    if (!fileId || changeType === 'drive') continue;
    last.delete(fileId);
    last.set(fileId, removed === true ? undefined : (file ?? undefined));
  }
  const removed: string[] = [];
  const files: DriveFile[] = [];
  // A shortcut has the content of its target, and no change of its own when that changes.
  const leading = [...last.keys()].flatMap((id) => telling.leads.to(id)).filter((id) => !last.has(id));
  for (const id of new Set(leading)) {
    const shortcut = await getIfThere(telling, id);
    if (shortcut !== undefined) files.push(shortcut);
  }
  for (const [id, file] of last) {
    const there = file ?? (await fromOtherLog(telling, id));
    if (there === undefined) removed.push(id);
    else files.push(there);
  }
  return { removed, files };
}

/** What left one drive may have come into another, whose log has told of it already. */
async function fromOtherLog(telling: Telling, id: string): Promise<DriveFile | undefined> {
  return telling.place.logs.length < 2 ? undefined : getIfThere(telling, id);
}

async function getIfThere({ context }: Telling, id: string): Promise<DriveFile | undefined> {
  try {
    return await getFile(context, id, FILE_FIELDS);
  } catch (thrown) {
    if (!isLost(thrown)) throw thrown;
    return undefined;
  }
}
