/** Objects written: small ones at once, larger ones in parts that are kept by the store until the last one came. */
import type { HeadObjectCommandOutput } from '@aws-sdk/client-s3';
import { ConnectorError, type ItemRef, type RemoteItem, type UploadRequest } from '../connector.ts';
import { portions } from '../kit/portions.ts';
import { send } from './client.ts';
import { bareTag, objectItem } from './listing.ts';
import { uploadParts, type WriteCondition } from './parts.ts';
import { keyPrefix, type S3Context } from './settings.ts';

/** At most this in one request. */
const AT_ONCE = 8 * 1024 * 1024;

/** See {@link Connector.upload}. */
export async function uploadObject(request: UploadRequest, context: S3Context): Promise<RemoteItem> {
  const { bucket } = context.settings;
  const key = keyPrefix(context.settings) + request.path;
  requireKey(key);
  const target = { Bucket: bucket, Key: key };
  const condition = await conditionOf(request, key, context);
  const type = request.mediaType === undefined ? {} : { ContentType: request.mediaType };
  if (request.size <= AT_ONCE) {
    const Body = await wholeContent(request);
    await send(context, (sdk, client) =>
      client.send(new sdk.PutObjectCommand({ ...target, ...type, ...condition, Body })),
    );
  } else {
    await uploadParts(request, { target, type, condition }, context);
  }
  const facts = await head(key, context);
  if (facts === undefined) throw new ConnectorError('conflict', 'The object was removed as soon as it was written');
  return objectItem(
    key,
    { ETag: facts.ETag, Size: facts.ContentLength, LastModified: facts.LastModified },
    context.settings,
  );
}

/** See {@link Connector.remove}. What is gone already is gone. */
export async function removeObject(ref: ItemRef, context: S3Context): Promise<void> {
  const facts = await head(ref.id, context);
  if (facts === undefined) return;
  if (ref.version !== undefined && bareTag(facts.ETag) !== ref.version) throw changed();
  const target = { Bucket: context.settings.bucket, Key: ref.id };
  await send(context, (sdk, client) => client.send(new sdk.DeleteObjectCommand(target)));
}

/** Undefined where there is none. */
async function head(key: string, context: S3Context): Promise<HeadObjectCommandOutput | undefined> {
  const target = { Bucket: context.settings.bucket, Key: key };
  try {
    return await send(context, (sdk, client) => client.send(new sdk.HeadObjectCommand(target)));
  } catch (thrown) {
    if (thrown instanceof ConnectorError && thrown.kind === 'not-found') return undefined;
    throw thrown;
  }
}

/** Asks the store itself first where it cannot compare. @throws ConnectorError conflict */
async function conditionOf({ replaces }: UploadRequest, key: string, context: S3Context): Promise<WriteCondition> {
  if (replaces === 'any') return {};
  if (context.settings.conditionalWrites) {
    return replaces === null ? { IfNoneMatch: '*' } : { IfMatch: `"${replaces}"` };
  }
  const facts = await head(key, context);
  if ((facts === undefined ? null : bareTag(facts.ETag)) !== replaces) throw changed();
  return {};
}

async function wholeContent(request: UploadRequest): Promise<Uint8Array<ArrayBuffer>> {
  for await (const { bytes } of portions(request, 0, AT_ONCE)) return bytes;
  return new Uint8Array();
}

function requireKey(key: string): void {
  const isSound = !key.includes('\0') && key.split('/').every((part) => part !== '' && part !== '.' && part !== '..');
  if (isSound && Buffer.byteLength(key) <= 1024) return;
  throw new ConnectorError('forbidden', 'That is no key for an object', {
    hint: 'At most 1024 bytes, and no part between its slashes may be empty, "." or "..".',
  });
}

function changed(): ConnectorError {
  return new ConnectorError('conflict', 'The object is another one by now');
}
