/** An upload in parts, which goes on after the last part that the store has. */
import type { CompletedPart } from '@aws-sdk/client-s3';
import { Type } from 'typebox';
import { ConnectorError, type UploadRequest } from '../connector.ts';
import { cursorCodec } from '../kit/cursor.ts';
import { portions } from '../kit/portions.ts';
import { send } from './client.ts';
import type { S3Context } from './settings.ts';

/** The least that S3 takes is 5 MiB, and no more than 10,000 parts. */
const LEAST_PART = 8 * 1024 * 1024;
const MOST_PARTS = 10_000;

const states = cursorCodec(
  1,
  Type.Object({ uploadId: Type.String(), partSize: Type.Integer({ minimum: LEAST_PART }) }),
);

/** What must be there for a write, as the store takes it. */
export interface WriteCondition {
  readonly IfMatch?: string;
  readonly IfNoneMatch?: '*';
}

interface Target {
  readonly target: { readonly Bucket: string; readonly Key: string };
  readonly type: { readonly ContentType?: string };
  readonly condition: WriteCondition;
}

/** @throws ConnectorError; what was told by `onProgress` stays at the store, to go on from */
export async function uploadParts(request: UploadRequest, to: Target, context: S3Context): Promise<void> {
  const known = request.resume === undefined ? undefined : states.read(request.resume);
  const partSize = known?.partSize ?? Math.max(LEAST_PART, Math.ceil(request.size / MOST_PARTS));
  const uploadId = known?.uploadId ?? (await begin(to, context));
  const upload = { ...to.target, UploadId: uploadId };
  const resume = states.write({ uploadId, partSize });
  const parts = known === undefined ? [] : await partsThere(upload, partSize, context);
  let isTold = known !== undefined;
  try {
    for await (const { from, bytes } of portions(request, parts.length * partSize, partSize)) {
      const number = from / partSize + 1;
      const { ETag } = await send(context, (sdk, client) =>
        client.send(new sdk.UploadPartCommand({ ...upload, PartNumber: number, Body: bytes })),
      );
      parts.push({ PartNumber: number, ETag });
      isTold ||= request.onProgress !== undefined;
      await request.onProgress?.(resume, from + bytes.length);
    }
    await send(context, (sdk, client) =>
      client.send(
        new sdk.CompleteMultipartUploadCommand({ ...upload, ...to.condition, MultipartUpload: { Parts: parts } }),
      ),
    );
  } catch (thrown) {
    const isConflict = thrown instanceof ConnectorError && thrown.kind === 'conflict';
    // Parts that nobody goes on with cost money for ever.
    if ((!isTold || isConflict) && !context.signal.aborted) await abort(upload, context);
    throw thrown;
  }
}

async function begin({ target, type }: Target, context: S3Context): Promise<string> {
  const { UploadId } = await send(context, (sdk, client) =>
    client.send(new sdk.CreateMultipartUploadCommand({ ...target, ...type })),
  );
  if (UploadId !== undefined) return UploadId;
  throw new ConnectorError('transient', 'S3 began an upload without a name for it');
}

type Upload = Target['target'] & { readonly UploadId: string };

/** The parts from the first on, as far as they are whole and without a gap. */
async function partsThere(upload: Upload, partSize: number, context: S3Context): Promise<CompletedPart[]> {
  const parts: CompletedPart[] = [];
  for (let marker: string | undefined; ; ) {
    const page = await send(context, (sdk, client) =>
      client.send(
        new sdk.ListPartsCommand({ ...upload, ...(marker === undefined ? {} : { PartNumberMarker: marker }) }),
      ),
    );
    for (const { PartNumber, ETag, Size } of page.Parts ?? []) {
      if (PartNumber !== parts.length + 1 || Size !== partSize) return parts;
      parts.push({ PartNumber, ETag });
    }
    if (page.IsTruncated !== true || page.NextPartNumberMarker === marker) return parts;
    marker = page.NextPartNumberMarker;
  }
}

async function abort(upload: Upload, context: S3Context): Promise<void> {
  try {
    await send(context, (sdk, client) => client.send(new sdk.AbortMultipartUploadCommand(upload)));
  } catch (cause) {
    // What went wrong first is what people need to know.
    context.log.warn({ err: cause }, 'parts of an upload stay at the store until it clears them away');
  }
}
