/** Everything that there is: the folders first, since paths follow from them, then the files, page by page. */
import type { SyncEvent } from '../../connector.ts';
import { ask, type DriveContext, OWN_LOG } from './client.ts';
import { type DriveCursor, driveCursor } from './cursor.ts';
import { readFolders, realId, sharedFolders, tellFolders } from './folders.ts';
import { createLeads } from './leads.ts';
import { claimNames, tellListed } from './listed.ts';
import { logOf } from './logs.ts';
import { createNames, type Names } from './names.ts';
import { packTree, unpackTree } from './packed-tree.ts';
import { chunks, FILES, type FileQuery, filePages, pagesOfEach, SHARED_WITH_US, within } from './pages.ts';
import { type DrivePlace, getSharedDrive, isLost, openPlace, SHARED } from './place.ts';
import { scopeOf } from './settings.ts';
import type { Telling } from './telling.ts';
import { BASE, createTree } from './tree.ts';

type FullState = NonNullable<DriveCursor['full']>;

/** A portion of the listing, and the folders whose files it is asked for. */
interface Part {
  /** Where it is one alone, each page of it is a checkpoint; of several, all of them together. */
  readonly queries: readonly FileQuery[];
  readonly folders: ReadonlySet<string> | undefined;
}

/** So many folders are one part where they are asked one by one. */
const FOLDERS_OF_A_PART = 24;

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
    // Where parts are made of folders, they may be others now.
    const at = state.part < drivesOf(place).length ? state : { part: drivesOf(place).length, pages: 0 };
    state = { ...at, empty: state.empty, isPartial: state.isPartial || folders.isPartial };
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
    const [query, ...others] = one.queries;
    if (query === undefined || others.length > 0) {
      const names = createNames();
      for await (const page of pagesOfEach(context, one.queries)) {
        yield* await tellListed(telling, page.files, names, one.folders);
        state = { ...state, isPartial: state.isPartial || page.isPartial };
      }
    } else {
      let { page: from, pages } = part === state.part ? state : { page: undefined, pages: 0 };
      const names = await namesBefore(telling, query, pages);
      for await (const page of filePages(context, query, { from })) {
        yield* await tellListed(telling, page.files, names, one.folders);
        pages += 1;
        from = page.next;
        const empty = page.files.length > 0 ? state.empty.filter((id) => id !== query.log) : state.empty;
        state = { part, pages, ...(from && { page: from }), isPartial: state.isPartial || page.isPartial, empty };
        if (from !== undefined) yield { type: 'checkpoint', cursor: cursorOf(state) };
      }
    }
    state = { part: part + 1, pages: 0, isPartial: state.isPartial, empty: state.empty };
    yield { type: 'checkpoint', cursor: cursorOf(state) };
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

/** The drives that are listed whole, which are the first parts. */
function drivesOf(place: DrivePlace): readonly string[] {
  return place.isFolder ? [] : place.logs.filter((log) => log !== OWN_LOG || place.base !== '');
}

function partsOf(telling: Telling): Part[] {
  const { place, tree } = telling;
  const byFolder = (ids: readonly string[]): Part[] =>
    chunks(ids.toSorted(), FOLDERS_OF_A_PART).map((folders) => ({
      queries: folders.map((id) => ({ log: logOf(telling, id), q: `${within(realId(telling, id))} and ${FILES}` })),
      folders: new Set(folders),
    }));
  if (place.isFolder) return byFolder([...tree.paths().keys()]);
  const drives = drivesOf(place).map((log) => ({ queries: [{ log, q: FILES }], folders: undefined }));
  const shared = byFolder(sharedFolders(tree));
  if (!place.hasShared) return [...drives, ...shared];
  const tops = { queries: [{ log: OWN_LOG, q: `${SHARED_WITH_US} and ${FILES}` }], folders: new Set([SHARED]) };
  return [...drives, tops, ...shared];
}

const NAME_FIELDS = 'id,name,mimeType,parents,ownedByMe,driveId,shortcutDetails(targetMimeType)';

/** A run that goes on in the middle does not know which names the pages before have taken: they are read again, names alone. */
async function namesBefore(telling: Telling, query: FileQuery, pages: number): Promise<Names> {
  const names = createNames();
  if (pages === 0) return names;
  let read = 0;
  for await (const page of filePages(telling.context, query, { fields: NAME_FIELDS })) {
    claimNames(telling, page.files, names);
    read += 1;
    if (read >= pages) break;
  }
  return names;
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
