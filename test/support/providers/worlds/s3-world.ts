/** A bucket in memory that answers as S3 does: conditions, ranges, checksums, uploads in parts, cold objects. */
import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { type FakeAnswer, type FakeRequest, rangeAnswer } from '../../http-fake.ts';

interface Stored {
  readonly content: Buffer;
  readonly etag: string;
  readonly modified: Date;
}

export interface S3World {
  readonly objects: Map<string, Stored>;
  readonly put: (key: string, content: Uint8Array) => void;
  readonly answer: (key: string, request: FakeRequest) => FakeAnswer;
}

/** Keys that begin so lie in cold storage. */
export const COLD = 'cold/';

export function createS3World(): S3World {
  const objects = new Map<string, Stored>();
  const uploads = new Map<string, Map<number, Buffer>>();
  let count = 0;
  const store = (key: string, content: Buffer, etag = md5(content).toString('hex')): void => {
    objects.set(key, { content, etag, modified: new Date() });
  };
  const put = (key: string, request: FakeRequest, content: Buffer, etag?: string): FakeAnswer => {
    const checksum = request.headers.get('x-amz-checksum-crc32');
    if (checksum !== null && checksum !== crc32Of(request.body)) return xmlError(400, 'BadDigest');
    const there = objects.get(key);
    const wanted = request.headers.get('if-match');
    if (wanted !== null && there === undefined) return xmlError(404, 'NoSuchKey');
    if (wanted !== null && wanted !== `"${there?.etag}"`) return xmlError(412, 'PreconditionFailed');
    if (request.headers.get('if-none-match') === '*' && there !== undefined) return xmlError(412, 'PreconditionFailed');
    store(key, content, etag);
    const tag = `"${objects.get(key)?.etag}"`;
    return {
      headers: { etag: tag },
      body: xml(`<CompleteMultipartUploadResult><ETag>${tag}</ETag></CompleteMultipartUploadResult>`),
    };
  };
  const ofUpload = (key: string, id: string, request: FakeRequest): FakeAnswer => {
    const parts = uploads.get(id);
    if (parts === undefined) return xmlError(404, 'NoSuchUpload');
    const number = Number(request.url.searchParams.get('partNumber'));
    if (request.method === 'PUT') {
      parts.set(number, request.body);
      return { headers: { etag: `"${md5(request.body).toString('hex')}"` } };
    }
    if (request.method === 'GET')
      return listParts(parts, Number(request.url.searchParams.get('part-number-marker') ?? 0));
    if (request.method === 'DELETE') return { status: uploads.delete(id) ? 204 : 404 };
    const named = [...request.body.toString().matchAll(/<PartNumber>(\d+)<\/PartNumber>/g)].map(([, one]) =>
      Number(one),
    );
    const contents = named.map((one) => parts.get(one) ?? Buffer.alloc(0));
    if (contents.slice(0, -1).some((part) => part.length < 5 * 1024 * 1024)) return xmlError(400, 'EntityTooSmall');
    const etag = `${md5(Buffer.concat(contents.map(md5))).toString('hex')}-${contents.length}`;
    const answer = put(key, request, Buffer.concat(contents), etag);
    if ((answer.status ?? 200) === 200) uploads.delete(id);
    return answer;
  };
  return {
    objects,
    put: (key, content) => store(key, Buffer.from(content)),
    answer(key, request) {
      const { method, url } = request;
      const uploadId = url.searchParams.get('uploadId');
      if (uploadId !== null) return ofUpload(key, uploadId, request);
      if (method === 'POST' && url.searchParams.has('uploads')) {
        count += 1;
        const id = `upload-${count}`;
        uploads.set(id, new Map());
        return {
          body: xml(`<InitiateMultipartUploadResult><UploadId>${id}</UploadId></InitiateMultipartUploadResult>`),
        };
      }
      if (method === 'PUT') return put(key, request, request.body);
      if (method === 'DELETE') {
        objects.delete(key);
        return { status: 204 };
      }
      return read(objects.get(key), key, request);
    },
  };
}

function read(stored: Stored | undefined, key: string, request: FakeRequest): FakeAnswer {
  if (stored === undefined) return request.method === 'HEAD' ? { status: 404 } : xmlError(404, 'NoSuchKey');
  const wanted = request.headers.get('if-match');
  if (wanted !== null && wanted !== `"${stored.etag}"`) return xmlError(412, 'PreconditionFailed');
  if (key.startsWith(COLD) && request.method === 'GET') return xmlError(403, 'InvalidObjectState');
  const isWhole = request.headers.get('range') === null && request.headers.get('x-amz-checksum-mode') === 'ENABLED';
  const checksum = createHash('sha256').update(stored.content).digest('base64');
  const headers = {
    etag: `"${stored.etag}"`,
    'last-modified': stored.modified.toUTCString(),
    'content-type': 'binary/octet-stream',
    ...(isWhole ? { 'x-amz-checksum-sha256': checksum, 'x-amz-checksum-type': 'FULL_OBJECT' } : {}),
  };
  if (request.method === 'HEAD') return { headers: { ...headers, 'content-length': String(stored.content.length) } };
  return rangeAnswer(request, stored.content, headers);
}

/** Two parts on a page, so that more than one page is asked for. */
function listParts(parts: ReadonlyMap<number, Buffer>, after: number): FakeAnswer {
  const rest = [...parts].filter(([number]) => number > after).sort(([a], [b]) => a - b);
  const shown = rest.slice(0, 2);
  const lines = shown.map(
    ([number, part]) =>
      `<Part><PartNumber>${number}</PartNumber><ETag>"${md5(part).toString('hex')}"</ETag><Size>${part.length}</Size></Part>`,
  );
  const more = rest.length > shown.length;
  const marker = `<NextPartNumberMarker>${shown.at(-1)?.[0] ?? after}</NextPartNumberMarker>`;
  return {
    body: xml(`<ListPartsResult><IsTruncated>${more}</IsTruncated>${marker}${lines.join('')}</ListPartsResult>`),
  };
}

export function xmlError(status: number, code: string, headers: Readonly<Record<string, string>> = {}): FakeAnswer {
  return {
    status,
    headers: { 'content-type': 'application/xml', ...headers },
    body: xml(`<Error><Code>${code}</Code><Message>${code} of the fake</Message></Error>`),
  };
}

export function xml(text: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${text}`;
}

function crc32Of(bytes: Buffer): string {
  const value = Buffer.alloc(4);
  value.writeUInt32BE(crc32(bytes));
  return value.toString('base64');
}

function md5(bytes: Buffer): Buffer {
  return createHash('md5').update(bytes).digest();
}
