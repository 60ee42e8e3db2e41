/** The content of an object, of the version that was listed. */
import type { GetObjectCommandOutput } from '@aws-sdk/client-s3';
import { ConnectorError, type ContentHash, type Download, type HashAlgorithm, type ItemRef } from '../connector.ts';
import { supposedHash } from '../kit/content-hash.ts';
import { wholeBody } from '../kit/whole-body.ts';
import { send } from './client.ts';
import { bareTag } from './listing.ts';
import type { S3Context } from './settings.ts';

/** See {@link Connector.download}. */
export async function downloadObject(ref: ItemRef, offset: number, context: S3Context): Promise<Download> {
  const answer = await send(context, (sdk, client) => {
    const command = new sdk.GetObjectCommand({
      Bucket: context.settings.bucket,
      Key: ref.id,
      ...(ref.version === undefined ? {} : { IfMatch: `"${ref.version}"` }),
      ...(offset === 0 ? {} : { Range: `bytes=${offset}-` }),
    });
    // Asked for by its header: the SDK's own option has it verify the stream, and stop at hashes that it does not know.
    command.middlewareStack.add(
      (next) => (args) => {
        Object.assign(Object(args.request).headers, { 'x-amz-checksum-mode': 'ENABLED' });
        return next(args);
      },
      { step: 'build', name: 'askForChecksum' },
    );
    return client.send(command);
  });
  const whole = sizeOf(answer);
  const version = bareTag(answer.ETag);
  const stream = answer.Body?.transformToWebStream() ?? null;
  if (offset > 0 && answer.ContentRange === undefined) {
    await stream?.cancel();
    throw new ConnectorError('transient', 'S3 sent the whole object where a part was asked for');
  }
  return {
    body: wholeBody(stream, { provider: 'S3', bytes: answer.ContentLength, signal: context.signal }),
    size: whole,
    version,
    mediaType: answer.ContentType,
    // Of a part, a checksum is the part's; an etag is the whole object's.
    hash: (offset === 0 ? checksumOf(answer) : undefined) ?? md5Of(answer, version),
  };
}

function sizeOf(answer: GetObjectCommandOutput): number | undefined {
  const whole = /\/(\d+)$/.exec(answer.ContentRange ?? '')?.[1];
  return whole === undefined ? answer.ContentLength : Number(whole);
}

/** The etag of what came in one part and is not encrypted with keys of its own: an MD5, as far as anybody can tell. */
function md5Of({ ServerSideEncryption: by, SSECustomerAlgorithm: own }: GetObjectCommandOutput, etag: string) {
  const isOther = by?.startsWith('aws:kms') === true || own !== undefined;
  return isOther ? undefined : supposedHash(etag);
}

/** The store's own checksum, where it is one of the whole content: of several parts it ends in their number. */
function checksumOf(answer: GetObjectCommandOutput): ContentHash | undefined {
  if (answer.ChecksumType === 'COMPOSITE') return undefined;
  const told: readonly (readonly [HashAlgorithm, string | undefined])[] = [
    ['sha256', answer.ChecksumSHA256],
    ['sha1', answer.ChecksumSHA1],
    ['crc32c', answer.ChecksumCRC32C],
  ];
  for (const [algorithm, value] of told) {
    if (value !== undefined && !value.includes('-')) return { algorithm, value };
  }
  return undefined;
}
