/** A listing of a bucket: everything there is, in the order of keys, each time. */
import type { _Object, ListObjectsV2CommandOutput } from '@aws-sdk/client-s3';
import { Type } from 'typebox';
import { ConnectorError, type Cursor, type RemoteItem, type SyncEvent } from '../connector.ts';
import { cursorCodec } from '../kit/cursor.ts';
import { createPageGuard } from '../kit/page-guard.ts';
import { nameOf, pathOfKey } from '../kit/paths.ts';
import { send } from './client.ts';
import { isWordless } from './errors.ts';
import { keyPrefix, type S3Context, type S3Settings } from './settings.ts';

/** `after`: the last key of a pass that is under way, empty at its end. The place's own tokens die; keys do not. */
const cursors = cursorCodec(1, Type.Object({ after: Type.String(), of: Type.String() }));

/** See {@link Connector.listChanges}. */
export async function* listBucket(cursor: Cursor | null, context: S3Context): AsyncGenerator<SyncEvent> {
  const of = scopeOf(context.settings);
  const read = cursor === null ? undefined : cursors.read(cursor);
  const kept = read?.of === of ? read : undefined;
  if (cursor !== null && kept === undefined) yield { type: 'reset', reason: 'The source is set to another bucket now' };
  const guard = createPageGuard('S3');
  let after = kept?.after ?? '';
  for (let token: string | undefined; ; ) {
    context.signal.throwIfAborted();
    const page = await pageOf(context, { after, token });
    for (const object of page.Contents ?? []) {
      const key = keyOf(object, page.EncodingType);
      after = key;
      const event = eventOf(key, object, context.settings);
      if (event !== undefined) yield event;
    }
    if (page.IsTruncated !== true) break;
    token = page.NextContinuationToken;
    guard.next(`token ${token ?? ''}`);
    guard.next(`key ${after}`);
    yield { type: 'checkpoint', cursor: cursors.write({ after, of }) };
  }
  yield { type: 'complete', cursor: cursors.write({ after: '', of }), coverage: 'full' };
}

/** What an object is as an item; by a key that was listed. */
export function objectItem(key: string, facts: Omit<_Object, 'Key'>, settings: S3Settings): RemoteItem {
  const path = pathOfKey(key.slice(keyPrefix(settings).length));
  const version = bareTag(facts.ETag);
  return {
    id: key,
    kind: 'file',
    name: nameOf(path),
    path,
    version,
    // Of one part and unencrypted it would be an MD5, which nobody tells.
    hash: { algorithm: 'etag', value: version },
    size: facts.Size,
    modifiedAt: facts.LastModified,
    hasContent: true,
  };
}

/** Without the quotes, which some stores leave out. */
export function bareTag(etag: string | undefined): string {
  return (etag ?? '').replace(/^"|"$/g, '');
}

/** A page of keys. @throws ConnectorError transient where the answer is none: an empty one would look like an empty bucket */
export async function pageOf(
  context: S3Context,
  { after, token, most }: { readonly after: string; readonly token?: string | undefined; readonly most?: number },
): Promise<ListObjectsV2CommandOutput> {
  const page = await send(context, (sdk, client) =>
    client.send(
      new sdk.ListObjectsV2Command({
        Bucket: context.settings.bucket,
        Prefix: keyPrefix(context.settings),
        // Control characters are no XML: they come only when keys are written as in a URL.
        EncodingType: 'url',
        ...(most === undefined ? {} : { MaxKeys: most }),
        ...(token === undefined ? (after === '' ? {} : { StartAfter: after }) : { ContinuationToken: token }),
      }),
    ),
  ).catch((thrown: unknown) => {
    throw thrown instanceof ConnectorError ? listingError(thrown, context.settings) : thrown;
  });
  if (page.Name !== undefined || page.KeyCount !== undefined) return page;
  throw new ConnectorError('transient', 'S3 answered with something that is no list of objects');
}

function listingError(error: ConnectorError, { endpoint }: S3Settings): ConnectorError {
  const { kind, status, retryAfterMs, cause } = error;
  if (isWordless(cause)) {
    const told = status === undefined ? '' : ` (it answered ${status})`;
    const isPassing = kind === 'transient' || kind === 'rate-limit';
    return new ConnectorError(
      isPassing ? kind : 'config',
      `What answers at ${endpoint === '' ? 'the address of S3' : endpoint} does not speak as S3 does${told}`,
      { cause: error, status, retryAfterMs, hint: NO_S3 },
    );
  }
  if (kind !== 'forbidden') return error;
  return new ConnectorError('config', error.message, {
    cause: error,
    status,
    hint: 'The keys must have the right to list this bucket (s3:ListBucket).',
  });
}

const NO_S3 =
  'Set "Endpoint" to the address at which the store speaks S3, which often is a host, port or path of its own; leave it empty for Amazon.';

function keyOf(object: _Object, encoding: string | undefined): string {
  const key = object.Key ?? '';
  return encoding === 'url' ? decodeURIComponent(key.replaceAll('+', ' ')) : key;
}

/** Undefined of markers of folders: keys that end with a slash. */
function eventOf(key: string, object: _Object, settings: S3Settings): SyncEvent | undefined {
  if (key === '' || key.endsWith('/')) return undefined;
  const item = objectItem(key, object, settings);
  const fault = faultOf(key);
  if (fault === undefined) return { type: 'upsert', item };
  // What the database cannot keep is shown as the path does.
  return {
    type: 'item-error',
    ref: { id: pathOfKey(key), path: item.path },
    error: new ConnectorError('forbidden', fault),
  };
}

function faultOf(key: string): string | undefined {
  if (key.includes('\0')) return 'Its key holds a NUL character, which no database keeps';
  if (key.split('/').some((part) => part === '.' || part === '..')) {
    return 'Its key has "." or ".." between slashes, which no URL carries';
  }
  return undefined;
}

function scopeOf(settings: S3Settings): string {
  return JSON.stringify([settings.endpoint, settings.bucket, keyPrefix(settings)]);
}
