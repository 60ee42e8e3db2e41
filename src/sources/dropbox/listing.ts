/** A listing: one cursor leads through the first pass and every change after it. */
import type { files } from 'dropbox';
import { Type } from 'typebox';
import { ConnectorError, type Cursor, type SyncEvent } from '../connector.ts';
import { cursorCodec } from '../kit/cursor.ts';
import { createPageGuard } from '../kit/page-guard.ts';
import { ask, type DropboxContext } from './client.ts';
import { entryEvent } from './entries.ts';
import { PROVIDER } from './errors.ts';
import { type DropboxSettings, rootDepth, rootFolder } from './settings.ts';

/** Entries on one page: the most that Dropbox gives, so that a listing costs few requests. */
const PAGE = 2000;

const CURSOR = cursorCodec(
  1,
  Type.Object({
    cursor: Type.String(),
    /** Whether the pass that it belongs to tells of everything. */
    full: Type.Boolean(),
    /** The settings that it was made under: Dropbox binds its cursors to the folder of the first request. */
    of: Type.String(),
  }),
);

/** See {@link Connector.listChanges}. */
export async function* listChanges(cursor: Cursor | null, context: DropboxContext): AsyncGenerator<SyncEvent> {
  const kept = cursor === null ? null : readCursor(cursor, context.settings);
  if (cursor !== null && kept === null) {
    yield { type: 'reset', reason: 'The source was set to another folder, or its cursor is of an older release' };
  }
  if (kept !== null) {
    const reason = yield* pages(kept.cursor, kept.full, context);
    if (reason === null) return;
    yield { type: 'reset', reason };
  }
  const first = await firstPage(context);
  if (yield* page(first, true, false, context)) return;
  const reason = yield* pages(first.cursor, true, context);
  if (reason !== null) throw new ConnectorError('transient', `Dropbox ended its own listing: ${reason}`);
}

/** What Dropbox knows the cursor by; null where it was not made by this connector for these settings. */
export function readCursor(cursor: Cursor, settings: DropboxSettings): { cursor: string; full: boolean } | null {
  const state = CURSOR.read(cursor);
  return state?.of === scopeOf(settings) ? state : null;
}

/** The pages after `cursor`; returns why the cursor was of no use, or null at the end of the pass. */
async function* pages(
  cursor: string,
  full: boolean,
  context: DropboxContext,
): AsyncGenerator<SyncEvent, string | null> {
  const guard = createPageGuard(PROVIDER);
  for (let at = cursor; ; ) {
    guard.next(at);
    const found = await nextPage(at, context);
    if (typeof found === 'string') return found;
    if (yield* page(found, full, true, context)) return null;
    at = found.cursor;
  }
}

/** One page and what ends it; true at the end of the pass. `isDelta`: its entries tell of changes. */
async function* page(
  found: files.ListFolderResult,
  full: boolean,
  isDelta: boolean,
  context: DropboxContext,
): AsyncGenerator<SyncEvent, boolean> {
  const { settings } = context;
  for (const entry of found.entries) {
    const event = entryEvent(entry, rootDepth(settings), isDelta);
    if (event !== null) yield event;
  }
  const isEnd = !found.has_more;
  const cursor = CURSOR.write({ cursor: found.cursor, full: full && !isEnd, of: scopeOf(settings) });
  yield isEnd ? { type: 'complete', cursor, coverage: full ? 'full' : 'delta' } : { type: 'checkpoint', cursor };
  return isEnd;
}

async function firstPage(context: DropboxContext): Promise<files.ListFolderResult> {
  const path = rootFolder(context.settings);
  try {
    return await ask(context, ({ sdk }) =>
      sdk.filesListFolder({ path, recursive: true, limit: PAGE }, { signal: context.signal }),
    );
  } catch (thrown) {
    // Were this an empty listing, everything that came from the folder would be taken for deleted.
    if (!(thrown instanceof ConnectorError) || thrown.kind !== 'not-found') throw thrown;
    throw new ConnectorError('config', `There is no folder ${path} in this Dropbox`, {
      cause: thrown,
      hint: 'Set the source to a folder that exists, or to everything.',
    });
  }
}

/** The page, or why there is none. */
async function nextPage(cursor: string, context: DropboxContext): Promise<files.ListFolderResult | string> {
  try {
    return await ask(context, ({ sdk }) => sdk.filesListFolderContinue({ cursor }, { signal: context.signal }));
  } catch (thrown) {
    if (thrown instanceof ConnectorError && thrown.kind === 'cursor-expired') return thrown.message;
    throw thrown;
  }
}

function scopeOf(settings: DropboxSettings): string {
  const { space = 'all', namespaceId = '' } = settings;
  return [space, namespaceId, rootFolder(settings).toLowerCase()].join('|');
}
