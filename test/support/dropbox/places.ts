/** Dropboxes for one test file, closed after each test, and the connector over them. */
import { afterEach } from 'vitest';
import type { Connector, RemoteItem, SyncEvent, UploadRequest } from '../../../src/sources/connector.ts';
import declared from '../../../src/sources/connectors/dropbox.ts';
import { type DropboxFakeOptions, type DropboxPlace, openDropbox } from './server.ts';

/** As the engine holds it: of settings that only it knows. */
export const dropbox: Connector = declared;

export function useDropboxes(): (options?: DropboxFakeOptions) => Promise<DropboxPlace> {
  const opened: DropboxPlace[] = [];
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((place) => place.close()));
  });
  return async (options) => {
    const place = await openDropbox(options);
    opened.push(place);
    return place;
  };
}

/** Writes as a new file, unless `rest` says otherwise. */
export async function write(
  place: DropboxPlace,
  path: string,
  content: Uint8Array | string,
  rest: Partial<UploadRequest> = {},
): Promise<RemoteItem> {
  const bytes = Buffer.from(content);
  const open = (offset: number): ReadableStream<Uint8Array> => new Blob([bytes.subarray(offset)]).stream();
  if (dropbox.upload === undefined) throw new Error('The connector cannot write');
  return dropbox.upload({ path, size: bytes.length, open, replaces: null, ...rest }, place.context());
}

/** All that a listing tells, to its end. */
export async function listed(place: DropboxPlace, cursor: string | null = null): Promise<SyncEvent[]> {
  const events: SyncEvent[] = [];
  for await (const event of dropbox.listChanges(cursor, place.context())) events.push(event);
  return events;
}

/** The paths of what a listing tells to be there. */
export function pathsOf(events: readonly SyncEvent[]): (string | undefined)[] {
  return events.flatMap((event) => (event.type === 'upsert' && event.item.hasContent ? [event.item.path] : []));
}

export function cursorOf(events: readonly SyncEvent[]): string {
  const last = events.at(-1);
  if (last?.type !== 'complete') throw new Error('The listing did not come to its end');
  return last.cursor;
}
