/** The fake of S3: one bucket behind verified signatures. */
import { contextOver } from '../fake-context.ts';
import { type FakeAnswer, type FakeRequest, openHttpFake } from '../http-fake.ts';
import type { ProviderFake } from '../provider-fake.ts';
import { FAKE_KEYS, signatureFault } from './worlds/aws-signature.ts';
import { createS3World, xml, xmlError } from './worlds/s3-world.ts';

const ORIGIN = 'https://s3.example.com';
const BUCKET = 'research';

const fake: ProviderFake = {
  connector: 's3',
  impossible: {
    'expired-token': 'its keys do not expire; those of a session are answered as keys that are gone',
    'cursor-lost': 'a pass goes on after a key, which is never too old',
  },
  async open({ pageSize = 1000 } = {}) {
    const world = createS3World();

    const list = ({ searchParams }: URL): FakeAnswer => {
      const prefix = searchParams.get('prefix') ?? '';
      const token = searchParams.get('continuation-token');
      const after = token === null ? (searchParams.get('start-after') ?? '') : Buffer.from(token, 'base64').toString();
      const keys = [...world.objects.keys()]
        .filter((key) => key.startsWith(prefix) && Buffer.compare(Buffer.from(key), Buffer.from(after)) > 0)
        .sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
      const shown = keys.slice(0, Math.min(pageSize, Number(searchParams.get('max-keys') ?? 1000)));
      const isStuck = http.strikes('repeat-for-ever', 'list');
      const next = isStuck || http.strikes('duplicate-page', 'list') ? after : (shown.at(-1) ?? after);
      const isMore = isStuck || keys.length > shown.length || next === after;
      const isUrl = searchParams.get('encoding-type') === 'url';
      const written = (key: string): string =>
        isUrl
          ? encodeURIComponent(key).replaceAll('%20', '+').replaceAll('%2F', '/')
          : key.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
      const contents = shown.map((key) => {
        const { etag, content, modified } = world.objects.get(key) ?? { etag: '', content: '', modified: new Date() };
        return `<Contents><Key>${written(key)}</Key><LastModified>${modified.toISOString()}</LastModified><ETag>&quot;${etag}&quot;</ETag><Size>${content.length}</Size></Contents>`;
      });
      const more = isMore && shown.length > 0;
      return {
        headers: { 'content-type': 'application/xml' },
        body: xml(
          `<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>${BUCKET}</Name><KeyCount>${shown.length}</KeyCount>` +
            `${isUrl ? '<EncodingType>url</EncodingType>' : ''}<IsTruncated>${more}</IsTruncated>` +
            `${more ? `<NextContinuationToken>${Buffer.from(next).toString('base64')}</NextContinuationToken>` : ''}${contents.join('')}</ListBucketResult>`,
        ),
      };
    };
    const keyOf = ({ url }: FakeRequest): string => decodeURIComponent(url.pathname.slice(BUCKET.length + 2));

    const http = await openHttpFake({
      origins: [ORIGIN],
      pointOf: (request) => {
        if (keyOf(request) === '') return 'list';
        if (request.method === 'GET' && !request.url.searchParams.has('uploadId')) return 'download';
        return request.method === 'HEAD' ? undefined : 'upload';
      },
      answer: (request) => {
        const fault = signatureFault(request);
        if (fault !== undefined) return xmlError(403, fault);
        if (!request.url.pathname.startsWith(`/${BUCKET}`)) return xmlError(404, 'NoSuchBucket');
        const key = keyOf(request);
        return key === '' ? list(request.url) : world.answer(key, request);
      },
      limited: (retryAfter) => xmlError(503, 'SlowDown', { 'retry-after': String(retryAfter) }),
      broken: (status) => xmlError(status, status === 503 ? 'ServiceUnavailable' : 'InternalError'),
      refused: () => xmlError(403, 'InvalidAccessKeyId'),
      tokenOf: () => accessToken,
    });
    const { accessToken } = await http.tokens.auth.get();

    return {
      ...http.place,
      context: (signal) =>
        contextOver(http, {
          settings: {
            bucket: BUCKET,
            prefix: '',
            region: 'us-east-1',
            endpoint: ORIGIN,
            forcePathStyle: true,
            checksums: 'required',
            conditionalWrites: true,
          },
          keys: FAKE_KEYS,
          signal,
        }),
      async put(path, content) {
        world.put(path, Buffer.from(content));
        return path;
      },
      async remove(path) {
        for (const key of [...world.objects.keys()])
          if (key === path || key.startsWith(`${path}/`)) world.objects.delete(key);
      },
      async move(from, to) {
        world.put(to, world.objects.get(from)?.content ?? Buffer.alloc(0));
        world.objects.delete(from);
      },
    };
  },
};

export default fake;
