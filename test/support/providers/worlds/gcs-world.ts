/** A bucket in memory that answers as Cloud Storage's JSON API does: generations, hashes, conditions, sessions of uploads. */
import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { createHasher } from '../../../../src/sources/kit/content-hash.ts';
import { type FakeAnswer, type FakeRequest, rangeAnswer } from '../../http-fake.ts';

export interface GcsObjectKept {
  readonly content: Buffer;
  readonly generation: string;
  readonly updated: string;
  readonly contentEncoding?: string;
}

interface Session {
  readonly name: string;
  readonly condition: string | null;
  content: Buffer;
}

export interface GcsWorld {
  readonly objects: Map<string, GcsObjectKept>;
  readonly put: (name: string, content: Uint8Array, contentEncoding?: string) => GcsObjectKept;
  readonly resource: (name: string) => Record<string, unknown>;
  readonly object: (name: string, request: FakeRequest) => FakeAnswer;
  readonly upload: (request: FakeRequest) => FakeAnswer;
}

export function createGcsWorld(): GcsWorld {
  const objects = new Map<string, GcsObjectKept>();
  const sessions = new Map<string, Session>();
  let count = 1_763_000_000_000_000;
  const put = (name: string, content: Uint8Array, contentEncoding?: string): GcsObjectKept => {
    count += 1;
    const kept = {
      content: Buffer.from(content),
      generation: String(count),
      updated: new Date().toISOString(),
      ...(contentEncoding === undefined ? {} : { contentEncoding }),
    };
    objects.set(name, kept);
    return kept;
  };
  const resource = (name: string): Record<string, unknown> => {
    const { content, ...rest } = objects.get(name) ?? put(name, Buffer.alloc(0));
    return {
      name,
      size: String(content.length),
      md5Hash: md5(content),
      crc32c: crc32c(content),
      contentType: 'text/plain',
      ...rest,
    };
  };
  const store = (name: string, condition: string | null, content: Buffer): FakeAnswer => {
    if (condition !== null && condition !== (objects.get(name)?.generation ?? '0'))
      return jsonError(412, 'conditionNotMet');
    put(name, content);
    return { body: resource(name) };
  };
  return {
    objects,
    put,
    resource,
    object(name, request) {
      const there = objects.get(name);
      if (there === undefined) return jsonError(404, 'notFound');
      const wanted = request.url.searchParams.get('ifGenerationMatch');
      if (wanted !== null && wanted !== there.generation) return jsonError(412, 'conditionNotMet');
      if (request.method === 'DELETE') {
        objects.delete(name);
        return { status: 204 };
      }
      const headers = {
        'content-type': 'text/plain',
        'x-goog-generation': there.generation,
        'x-goog-stored-content-encoding': there.contentEncoding ?? 'identity',
        'x-goog-hash': hashes(there),
      };
      return rangeAnswer(request, there.content, headers);
    },
    upload(request) {
      const { searchParams } = request.url;
      const name = searchParams.get('name') ?? '';
      const condition = searchParams.get('ifGenerationMatch');
      if (searchParams.get('uploadType') === 'media') return store(name, condition, request.body);
      const id = searchParams.get('upload_id');
      if (id === null) {
        const fresh = `session-${sessions.size + 1}`;
        sessions.set(fresh, { name, condition, content: Buffer.alloc(0) });
        const location = `${request.url.origin}${request.url.pathname}?uploadType=resumable&name=${encodeURIComponent(name)}&upload_id=${fresh}`;
        return { headers: { location } };
      }
      const session = sessions.get(id);
      if (session === undefined) return jsonError(404, 'notFound');
      return addPortion(session, request, store);
    },
  };
}

function addPortion(
  session: Session,
  request: FakeRequest,
  store: (name: string, condition: string | null, content: Buffer) => FakeAnswer,
): FakeAnswer {
  const range = request.headers.get('content-range') ?? '';
  const [, from, to, total] = /^bytes (\d+)-(\d+)\/(\d+)$/.exec(range) ?? [];
  if (from !== undefined) {
    const isLast = Number(to) + 1 === Number(total);
    if (Number(from) !== session.content.length) return jsonError(503, 'backendError');
    if (Number(to) + 1 - Number(from) !== request.body.length) return jsonError(400, 'invalid');
    if (!isLast && request.body.length % (256 * 1024) !== 0) return jsonError(400, 'invalid');
    session.content = Buffer.concat([session.content, request.body]);
    if (isLast) return store(session.name, session.condition, session.content);
  } else if (!/^bytes \*\/\d+$/.test(range)) return jsonError(400, 'invalid');
  const kept = session.content.length;
  return { status: 308, headers: kept === 0 ? {} : { range: `bytes=0-${kept - 1}` } };
}

export function jsonError(status: number, reason: string, headers: Readonly<Record<string, string>> = {}): FakeAnswer {
  const message = `${reason} of the fake`;
  return {
    status,
    headers,
    body: { error: { code: status, message, errors: [{ message, domain: 'global', reason }] } },
  };
}

/** Of what is kept compressed, they are of the compressed bytes. */
function hashes({ content, contentEncoding }: GcsObjectKept): string {
  const kept = contentEncoding === undefined ? content : gzipSync(content);
  return `crc32c=${crc32c(kept)},md5=${md5(kept)}`;
}

function md5(content: Buffer): string {
  return createHash('md5').update(content).digest('base64');
}

function crc32c(content: Buffer): string {
  const hasher = createHasher('crc32c');
  hasher?.update(content);
  return hasher?.digest().toString('base64') ?? '';
}
