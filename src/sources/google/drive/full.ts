/** Everything that there is: the folders first, since paths follow from them, then the files, page by page. */
import type { SyncEvent } from '../../connector.ts';
import { ask, type DriveContext, OWN_LOG } from './client.ts';
import { type DriveCursor, driveCursor } from './cursor.ts';
import { readFolders, realId, tellFolders } from './folders.ts';
import { folderOf, partOf } from './item.ts';
import { createLeads } from './leads.ts';
import { packTree, unpackTree } from './packed-tree.ts';
import { chunks, FILES, type FileQuery, FOLDERS_AT_ONCE, filePages, within } from './pages.ts';
import { getSharedDrive, isLost, openPlace } from './place.ts';
import { scopeOf } from './settings.ts';
import { type Telling, tellFiles } from './told.ts';
import { BASE, createTree } from './tree.ts';
import { createTwins, type Twins } from './twins.ts';

type FullState = NonNullable<DriveCursor['full']>;

/** One query of the listing, and the folders whose files it is asked for. */
interface Part {
  readonly query: FileQuery;
  readonly folders: ReadonlySet<string> | undefined;
}

/** A full listing, or the rest of one. @throws ConnectorError; `cursor-expired` where its page is too old to go on from */
export async function* listFull(context: DriveContext, resume?: DriveCursor): AsyncGenerator<SyncEvent> {
  const place = await openPlace(context);
  const isSamePlace = resume !== undefined && sameLogs(place.logs, resume.logs);
  const known = isSamePlace ? resume : undefined;
  const telling: Telling = {
    context,
    place,
    tree: createTree(unpackTree(known?.tree ?? '')),
    leads: createLeads(known?.leads),
  };
  // Before anything is listed, or what changes meanwhile would be told by nobody.
  const logs = known?.logs ?? (await startTokens(context, place.logs));
  let state: FullState = known?.full ?? {
    part: 0,
    pages: 0,
    isPartial: place.lost.length > 0,
    empty: place.sharedDrives.map((drive) => drive.id),
  };
  if (known?.tree === undefined || telling.tree.size() === 0) {
    const folders = await readFolders(telling);
    state = { ...state, isPartial: state.isPartial || folders.isPartial };
    yield* place.lost;
    yield* tellFolders(telling, folders.files);
  }
  const scope = scopeOf(context.settings);
  const tree = packTree(telling.tree);
  const cursorOf = (full?: FullState): string =>
    driveCursor.write({
      scope,
      logs,
      leads: telling.leads.kept(),
      ...(tree === undefined ? {} : { tree }),
      ...(full === undefined ? {} : { full }),
    });
  yield { type: 'checkpoint', cursor: cursorOf(state) };
  const parts = partsOf(telling);
  for (let part = state.part; part < parts.length; part += 1) {
    const one = parts[part];
    if (one === undefined) break;
    const from = part === state.part ? { page: state.page, pages: state.pages } : { page: undefined, pages: 0 };
    const twins = await twinsBefore(telling, one, from.pages);
    let pages = from.pages;
    for await (const page of filePages(context, one.query, { from: from.page })) {
      const { folders } = one;
      yield* await tellFiles(telling, page.files, twins, folders && ((folder) => folders.has(folder)));
      pages += 1;
      const empty = page.files.length > 0 ? state.empty.filter((id) => id !== one.query.log) : state.empty;
      const at = page.next === undefined ? { part: part + 1, pages: 0 } : { part, pages, page: page.next };
      state = { ...at, isPartial: state.isPartial || page.isPartial, empty };
      yield { type: 'checkpoint', cursor: cursorOf(state) };
    }
  }
  const lost = await confirmEmpty(telling, state.empty);
  yield* lost;
  yield {
    type: 'complete',
    cursor: cursorOf(),
    coverage: state.isPartial || lost.length > 0 ? 'partial' : 'full',
  };
}

/** Where a change log stands now. */
export async function startToken(context: DriveContext, log: string): Promise<string> {
  const answer = await ask(context, (drive, options) =>
    drive.changes.getStartPageToken({ supportsAllDrives: true, ...(log === OWN_LOG ? {} : { driveId: log }) }, options),
  );
  return answer.startPageToken ?? '';
}

async function startTokens(context: DriveContext, logs: readonly string[]): Promise<Record<string, string>> {
  const tokens: Record<string, string> = {};
  for (const log of logs) tokens[log] = await startToken(context, log);
  return tokens;
}

function sameLogs(logs: readonly string[], known: Readonly<Record<string, string>>): boolean {
  return logs.length === Object.keys(known).length && logs.every((log) => known[log] !== undefined);
}

function partsOf(telling: Telling): Part[] {
  const { place, tree } = telling;
  if (!place.isFolder) return place.logs.map((log) => ({ query: { log, q: FILES }, folders: undefined }));
  const log = place.logs[0] ?? OWN_LOG;
  const ids = [...tree.paths().keys()].sort();
  return chunks(ids, FOLDERS_AT_ONCE).map((folders) => ({
    query: { log, q: `${within(folders.map((id) => realId(telling, id)))} and ${FILES}` },
    folders: new Set(folders),
  }));
}

const NAME_FIELDS = 'id,name,mimeType,parents,ownedByMe,driveId';

/** A run that goes on in the middle does not know which names the pages before have taken: they are read again, names alone. */
async function twinsBefore(telling: Telling, part: Part, pages: number): Promise<Twins> {
  const twins = createTwins();
  if (pages === 0) return twins;
  let read = 0;
  for await (const page of filePages(telling.context, part.query, { fields: NAME_FIELDS })) {
    for (const file of page.files) {
      const folder = folderOf(file, telling.place, telling.tree);
      if (folder !== undefined) twins.claim(folder, partOf(file), file.id ?? '');
    }
    read += 1;
    if (read >= pages) break;
  }
  return twins;
}

/** A shared drive that we were shut out of lists as empty: only one that still opens is. */
async function confirmEmpty(telling: Telling, drives: readonly string[]): Promise<SyncEvent[]> {
  const hasFolders = new Set(telling.tree.entries().map(([, folder]) => folder.parent));
  const lost: SyncEvent[] = [];
  for (const id of drives) {
    if (id === BASE || hasFolders.has(id)) continue;
    try {
      await getSharedDrive(telling.context, id);
    } catch (thrown) {
      if (!isLost(thrown)) throw thrown;
      lost.push({ type: 'item-error', ref: { id, kind: 'folder' }, error: thrown });
    }
  }
  return lost;
}
