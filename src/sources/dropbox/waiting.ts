/** Dropbox's long poll: one request that is answered when something has changed. */
import { ConnectorError, type Cursor } from '../connector.ts';
import { ask, type DropboxContext } from './client.ts';
import { readCursor } from './listing.ts';

/** Seconds, between the 30 and the 480 that Dropbox allows; it adds up to 90 of its own, to spread its callers. */
const LONGEST_WAIT = 120;

/** See {@link Connector.waitForChanges}. */
export async function waitForChanges(
  cursor: Cursor,
  context: DropboxContext,
): Promise<{ readonly changed: boolean; readonly backoffMs?: number | undefined }> {
  const kept = readCursor(cursor, context.settings);
  // Whatever it is, only a listing can tell; within a first pass there is more to list for certain.
  if (kept === null || kept.full) return { changed: true };
  try {
    const told = await ask(context, ({ sdk }) =>
      sdk.filesListFolderLongpoll({ cursor: kept.cursor, timeout: LONGEST_WAIT }, { signal: context.signal }),
    );
    return { changed: told.changes, backoffMs: told.backoff === undefined ? undefined : told.backoff * 1000 };
  } catch (thrown) {
    if (thrown instanceof ConnectorError && thrown.kind === 'cursor-expired') return { changed: true };
    throw thrown;
  }
}
