/** A drive's listing: one delta link leads through the first pass and every change after it. */
import { type Static, Type } from 'typebox';
import { ConnectorError, type Cursor, type SyncEvent } from '../connector.ts';
import { answerText } from '../kit/answer-error.ts';
import { cursorCodec } from '../kit/cursor.ts';
import { createPageGuard } from '../kit/page-guard.ts';
import { openDrive } from './drive.ts';
import { itemPage } from './drive-item.ts';
import { askGraph, errorOf, GRAPH, type OneDriveContext, PROVIDER, readJson } from './graph.ts';
import { createPagePass } from './page-events.ts';
import { rootFolder } from './settings.ts';

/** `link`: opaque, as Graph gave it. `full`: whether the pass that it belongs to tells of everything. */
const codec = cursorCodec(
  1,
  Type.Object({ drive: Type.String(), folder: Type.String(), link: Type.String(), full: Type.Boolean() }),
);

/** Graph may ask for a listing anew while one goes on; what does so again and again would never end. */
const RESYNCS = 3;

type Page = Static<typeof itemPage>;
interface Resync {
  readonly reason: string;
  readonly link: string;
}

/** See {@link Connector.listChanges}. */
export async function* listChanges(cursor: Cursor | null, context: OneDriveContext): AsyncGenerator<SyncEvent> {
  const drive = (await openDrive(context)).id;
  const folder = rootFolder(context.settings);
  const first = `${GRAPH}/drives/${encodeURIComponent(drive)}/root/delta`;
  const kept = cursor === null ? undefined : codec.read(cursor);
  const isOurs = kept?.drive === drive && kept.folder === folder;
  if (cursor !== null && !isOurs) yield { type: 'reset', reason: 'The source is set to another drive or folder now' };
  let at = isOurs ? { link: kept.link, full: kept.full } : { link: first, full: true };
  for (let resyncs = 0; resyncs < RESYNCS; resyncs += 1) {
    const write = (link: string, full: boolean): Cursor => codec.write({ drive, folder, link, full });
    const resync = yield* pass(at.link, at.full, drive, write, context);
    if (resync === null) return;
    yield { type: 'reset', reason: resync.reason };
    at = { link: resync.link === '' ? first : resync.link, full: true };
  }
  throw new ConnectorError('transient', `${PROVIDER} ends its own listings before they are read`);
}

/** One pass from `start` on; what is returned is why it has to begin anew, or null at its end. */
async function* pass(
  start: string,
  full: boolean,
  drive: string,
  write: (link: string, full: boolean) => Cursor,
  context: OneDriveContext,
): AsyncGenerator<SyncEvent, Resync | null> {
  const guard = createPageGuard(PROVIDER);
  const events = createPagePass(context, drive, full);
  for (let link = start; ; ) {
    guard.next(link);
    const page = await askPage(link, full, context);
    if ('reason' in page) return page;
    yield* events(page.value);
    const [next, delta] = [page['@odata.nextLink'], page['@odata.deltaLink']];
    if (next === undefined && delta !== undefined) {
      yield { type: 'complete', cursor: write(delta, false), coverage: full ? 'full' : 'delta' };
      return null;
    }
    if (next === undefined) throw new ConnectorError('transient', `${PROVIDER} told neither a next page nor an end`);
    yield { type: 'checkpoint', cursor: write(next, full) };
    link = next;
  }
}

async function askPage(link: string, full: boolean, context: OneDriveContext): Promise<Page | Resync> {
  // Without this header, a change tells every folder above it as well, as if those had been renamed.
  const headers: Record<string, string> = full ? {} : { deltaexcludeparent: 'true' };
  const response = await askGraph(context, link, { headers }, [410]);
  if (response.status !== 410) return readJson(context, response, itemPage);
  // resyncChangesUploadDifferences asks a two-way client to keep what only it has. A mirror has nothing of its own: both
  // kinds mean a listing of everything, and the guard of deletes stands behind it.
  const { code = 'resyncRequired' } = errorOf(await answerText(response));
  return { reason: `OneDrive asks for a full listing: ${code}`, link: response.headers.get('location') ?? '' };
}
