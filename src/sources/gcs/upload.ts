/** Objects written: small ones at once, larger ones in a session that goes on where it broke off. */
import { Type } from 'typebox';
import { ConnectorError, type ItemRef, type RemoteItem, type UploadRequest } from '../connector.ts';
import { answerJson } from '../kit/answer-json.ts';
import { cursorCodec } from '../kit/cursor.ts';
import { type Portion, portions } from '../kit/portions.ts';
import { OBJECT, OBJECT_FIELDS, objectItem } from './listing.ts';
import { objectPath, PROVIDER, request } from './request.ts';
import { type GcsContext, namePrefix } from './settings.ts';

/** At most this in one request; of a session, a multiple of 256 KiB. */
const AT_ONCE = 8 * 1024 * 1024;
/** How Cloud Storage says: that much has come, go on. */
const GO_ON = 308;

const states = cursorCodec(1, Type.Object({ uploadId: Type.String() }));

/** See {@link Connector.upload}. */
export async function uploadObject(upload: UploadRequest, context: GcsContext): Promise<RemoteItem> {
  const name = namePrefix(context.settings) + upload.path;
  requireName(name);
  const answer = upload.size <= AT_ONCE ? await putWhole(name, upload, context) : await putParts(name, upload, context);
  const object = await answerJson(answer, OBJECT, { provider: PROVIDER, signal: context.signal });
  return objectItem(object, context.settings);
}

/** See {@link Connector.remove}. What is gone already is gone. */
export async function removeObject(ref: ItemRef, context: GcsContext): Promise<void> {
  const answer = await request(context, {
    method: 'DELETE',
    path: objectPath(context, ref.id),
    query: { ifGenerationMatch: ref.version },
    accepts: [404],
  });
  await answer.body?.cancel();
}

async function putWhole(name: string, upload: UploadRequest, context: GcsContext): Promise<Response> {
  let body = new Uint8Array();
  for await (const { bytes } of portions(upload, 0, AT_ONCE)) body = bytes;
  return request(context, {
    method: 'POST',
    path: `/upload${objectPath(context)}`,
    query: { uploadType: 'media', name, fields: OBJECT_FIELDS, ...conditionOf(upload) },
    headers: { 'content-type': typeOf(upload) },
    body,
  });
}

async function putParts(name: string, upload: UploadRequest, context: GcsContext): Promise<Response> {
  const known = upload.resume === undefined ? undefined : states.read(upload.resume);
  const uploadId = known?.uploadId ?? (await begin(name, upload, context));
  const resume = states.write({ uploadId });
  const put = (headers: Record<string, string>, body?: Uint8Array<ArrayBuffer>): Promise<Response> =>
    request(context, {
      method: 'PUT',
      path: `/upload${objectPath(context)}`,
      query: { uploadType: 'resumable', name, upload_id: uploadId, fields: OBJECT_FIELDS },
      headers,
      body,
      accepts: [GO_ON],
    });
  let from = 0;
  if (known !== undefined) {
    const there = await put({ 'content-range': `bytes */${upload.size}` }, new Uint8Array()).catch(lost);
    if (there.status !== GO_ON) return there;
    from = keptBytes(there);
  }
  for await (const portion of portions(upload, from, AT_ONCE)) {
    const answer = await put({ 'content-range': rangeOf(portion, upload.size) }, portion.bytes);
    if (answer.status !== GO_ON) return answer;
    const end = portion.from + portion.bytes.length;
    // It may keep less than was sent; the next attempt asks how much.
    if (keptBytes(answer) !== end) throw new ConnectorError('transient', `${PROVIDER} kept a part of what was sent`);
    await upload.onProgress?.(resume, end);
  }
  throw new ConnectorError('transient', `${PROVIDER} waits for more than there is`);
}

async function begin(name: string, upload: UploadRequest, context: GcsContext): Promise<string> {
  const answer = await request(context, {
    method: 'POST',
    path: `/upload${objectPath(context)}`,
    query: { uploadType: 'resumable', name, ...conditionOf(upload) },
    headers: { 'x-upload-content-type': typeOf(upload), 'x-upload-content-length': String(upload.size) },
  });
  await answer.body?.cancel();
  const location = answer.headers.get('location');
  const id = location === null ? null : new URL(location).searchParams.get('upload_id');
  if (id !== null) return id;
  throw new ConnectorError('transient', `${PROVIDER} began an upload without an address for it`);
}

/** `null`: none may be there, which its store writes as generation 0. */
function conditionOf({ replaces }: UploadRequest): { ifGenerationMatch?: string } {
  return replaces === 'any' ? {} : { ifGenerationMatch: replaces ?? '0' };
}

function keptBytes(answer: Response): number {
  const last = /^bytes=0-(\d+)$/.exec(answer.headers.get('range') ?? '')?.[1];
  return last === undefined ? 0 : Number(last) + 1;
}

function rangeOf({ from, bytes }: Portion, size: number): string {
  return `bytes ${from}-${from + bytes.length - 1}/${size}`;
}

function typeOf({ mediaType }: UploadRequest): string {
  return mediaType ?? 'application/octet-stream';
}

/** A session lives for a week. */
function lost(thrown: unknown): never {
  const isGone = thrown instanceof ConnectorError && thrown.kind === 'not-found';
  throw isGone ? new ConnectorError('conflict', 'The upload was given up meanwhile; it begins anew') : thrown;
}

function requireName(name: string): void {
  const isSound =
    !/[\0\r\n]/.test(name) && name.split('/').every((part) => part !== '' && part !== '.' && part !== '..');
  if (isSound && Buffer.byteLength(name) <= 1024) return;
  throw new ConnectorError('forbidden', 'That is no name for an object', {
    hint: 'At most 1024 bytes in one line, and no part between its slashes may be empty, "." or "..".',
  });
}
