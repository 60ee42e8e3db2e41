/** A listing of a bucket: everything there is, in the order of names, each time. */
import { type Static, Type } from 'typebox';
import { ConnectorError, type ContentHash, type Cursor, type RemoteItem, type SyncEvent } from '../connector.ts';
import { answerJson } from '../kit/answer-json.ts';
import { cursorCodec } from '../kit/cursor.ts';
import { createPageGuard } from '../kit/page-guard.ts';
import { nameOf, pathOfKey } from '../kit/paths.ts';
import { nameFault, objectPath, PROVIDER, request } from './request.ts';
import { type GcsContext, type GcsSettings, namePrefix } from './settings.ts';

/** `after`: the last name of a pass that is under way, empty at its end. */
const cursors = cursorCodec(1, Type.Object({ after: Type.String(), of: Type.String() }));

/** What is asked for of an object. 64-bit numbers come as text. */
export const OBJECT = Type.Object({
  name: Type.String(),
  generation: Type.String(),
  size: Type.String({ pattern: '^\\d+$' }),
  updated: Type.String(),
  md5Hash: Type.Optional(Type.String()),
  crc32c: Type.Optional(Type.String()),
  contentType: Type.Optional(Type.String()),
  contentEncoding: Type.Optional(Type.String()),
});
export type GcsObject = Static<typeof OBJECT>;
export const OBJECT_FIELDS = Object.keys(OBJECT.properties).join(',');

/** An empty bucket has no items, but it says of what kind its answer is. */
const PAGE = Type.Object({
  kind: Type.Literal('storage#objects'),
  items: Type.Optional(Type.Array(OBJECT)),
  nextPageToken: Type.Optional(Type.String()),
});

/** See {@link Connector.listChanges}. */
export async function* listBucket(cursor: Cursor | null, context: GcsContext): AsyncGenerator<SyncEvent> {
  const of = `${context.settings.bucket}/${namePrefix(context.settings)}`;
  const read = cursor === null ? undefined : cursors.read(cursor);
  const kept = read?.of === of ? read : undefined;
  if (cursor !== null && kept === undefined) yield { type: 'reset', reason: 'The source is set to another bucket now' };
  const guard = createPageGuard(PROVIDER);
  const from = kept?.after ?? '';
  let after = from;
  for (let token: string | undefined; ; ) {
    context.signal.throwIfAborted();
    const page = await pageOf(context, { from, token });
    for (const object of page.items ?? []) {
      // What the pass begins at was told before it was broken off.
      if (object.name === from) continue;
      after = object.name;
      const event = eventOf(object, context.settings);
      if (event !== undefined) yield event;
    }
    token = page.nextPageToken;
    if (token === undefined) break;
    guard.next(`token ${token}`);
    guard.next(`name ${after}`);
    yield { type: 'checkpoint', cursor: cursors.write({ after, of }) };
  }
  yield { type: 'complete', cursor: cursors.write({ after: '', of }), coverage: 'full' };
}

/** One page of objects. @throws ConnectorError config where the bucket is not there or may not be listed */
export async function pageOf(
  context: GcsContext,
  { from, token, most = 1000 }: { readonly from: string; readonly token?: string | undefined; readonly most?: number },
): Promise<Static<typeof PAGE>> {
  const prefix = namePrefix(context.settings);
  const query = {
    prefix: prefix === '' ? undefined : prefix,
    startOffset: from === '' ? undefined : from,
    pageToken: token,
    maxResults: String(most),
    fields: `kind,nextPageToken,items(${OBJECT_FIELDS})`,
  };
  const answer = await request(context, { path: objectPath(context), query }).catch((thrown: unknown) => {
    if (!(thrown instanceof ConnectorError) || (thrown.kind !== 'forbidden' && thrown.kind !== 'not-found'))
      throw thrown;
    throw new ConnectorError('config', thrown.message, {
      cause: thrown,
      status: thrown.status,
      hint: 'Check the bucket’s name, and give the service account the role Storage Object Viewer on it.',
    });
  });
  return answerJson(answer, PAGE, { provider: PROVIDER, signal: context.signal });
}

/** What an object is as an item. */
export function objectItem(object: GcsObject, settings: GcsSettings): RemoteItem {
  const path = pathOfKey(object.name.slice(namePrefix(settings).length));
  // Kept compressed and given as it was: its size and hashes are of bytes that nobody gets.
  const isPacked = (object.contentEncoding ?? '') !== '';
  const modifiedAt = new Date(object.updated);
  return {
    id: object.name,
    kind: 'file',
    name: nameOf(path),
    path,
    version: object.generation,
    hash: isPacked ? undefined : hashOf(object),
    size: isPacked ? undefined : Number(object.size),
    mediaType: object.contentType,
    modifiedAt: Number.isNaN(modifiedAt.getTime()) ? undefined : modifiedAt,
    hasContent: true,
  };
}

/** Objects that were put together of others have no MD5. */
function hashOf({ md5Hash, crc32c }: GcsObject): ContentHash | undefined {
  if (md5Hash !== undefined) return { algorithm: 'md5', value: md5Hash };
  return crc32c === undefined ? undefined : { algorithm: 'crc32c', value: crc32c };
}

/** Undefined of markers of folders: names that end with a slash. */
function eventOf(object: GcsObject, settings: GcsSettings): SyncEvent | undefined {
  if (object.name.endsWith('/')) return undefined;
  const item = objectItem(object, settings);
  const fault = nameFault(object.name);
  if (fault === undefined) return { type: 'upsert', item };
  // What the database cannot keep is shown as the path does.
  const ref = { id: pathOfKey(object.name), path: item.path };
  return { type: 'item-error', ref, error: new ConnectorError('forbidden', fault) };
}
