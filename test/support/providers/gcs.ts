/** The fake of Google Cloud Storage: one bucket behind tokens of a service account. */
import { contextOver } from '../fake-context.ts';
import { type FakeAnswer, type FakeRequest, openHttpFake } from '../http-fake.ts';
import type { ProviderFake } from '../provider-fake.ts';
import { createGcsWorld, jsonError } from './worlds/gcs-world.ts';
import { answerToken, refusedGrant, serviceAccountKey } from './worlds/service-account.ts';

const ORIGIN = 'https://storage.googleapis.com';
const TOKENS = 'https://oauth2.googleapis.com';
const BUCKET = 'research-bucket';
/** Objects of such names are kept compressed: their size and hashes are of bytes that nobody gets. */
export const PACKED = 'packed/';
const OBJECTS = `/storage/v1/b/${BUCKET}/o`;

const fake: ProviderFake = {
  connector: 'gcs',
  impossible: {
    'expired-token': 'its tokens are made of its key: one that is refused is replaced at once (see test/sources/gcs)',
    'cursor-lost': 'a pass goes on after a name, which is never too old',
  },
  async open({ pageSize = 1000 } = {}) {
    const world = createGcsWorld();

    const list = ({ searchParams }: URL): FakeAnswer => {
      const prefix = searchParams.get('prefix') ?? '';
      const from = searchParams.get('startOffset') ?? '';
      const token = searchParams.get('pageToken');
      const after = token === null ? '' : Buffer.from(token, 'base64').toString();
      const names = [...world.objects.keys()]
        .filter((name) => name.startsWith(prefix) && name >= from && name > after)
        .sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
      const shown = names.slice(0, Math.min(pageSize, Number(searchParams.get('maxResults') ?? 1000)));
      const isAgain = http.strikes('repeat-for-ever', 'list') || http.strikes('duplicate-page', 'list');
      const next = isAgain ? after : (shown.at(-1) ?? after);
      const isMore = isAgain || names.length > shown.length;
      return {
        body: {
          kind: 'storage#objects',
          ...(isMore ? { nextPageToken: Buffer.from(next).toString('base64') || 'AA==' } : {}),
          ...(shown.length === 0 ? {} : { items: shown.map(world.resource) }),
        },
      };
    };
    const nameOf = ({ url }: FakeRequest): string => decodeURIComponent(url.pathname.slice(OBJECTS.length + 1));
    const isOfTokens = ({ url }: FakeRequest): boolean => url.origin === TOKENS;

    const http = await openHttpFake({
      origins: [ORIGIN, TOKENS],
      pointOf: (request) => {
        if (isOfTokens(request)) return undefined;
        if (request.url.pathname === OBJECTS) return 'list';
        return request.url.pathname.startsWith('/upload/')
          ? 'upload'
          : request.method === 'GET'
            ? 'download'
            : undefined;
      },
      answer: async (request) => {
        if (isOfTokens(request)) return answerToken(request, await current());
        const { pathname } = request.url;
        if (pathname === `/upload${OBJECTS}`) return world.upload(request);
        if (pathname === OBJECTS) return list(request.url);
        return pathname.startsWith(`${OBJECTS}/`) ? world.object(nameOf(request), request) : jsonError(404, 'notFound');
      },
      limited: (retryAfter) => jsonError(429, 'rateLimitExceeded', { 'retry-after': String(retryAfter) }),
      broken: (status) => jsonError(status, 'backendError'),
      refused: (kind, request) =>
        isOfTokens(request) && kind === 'revoked-token'
          ? refusedGrant('Account disabled')
          : jsonError(401, 'authError'),
      // The token endpoint wants a statement and no token; once the grant is gone it refuses that as well.
      tokenOf: (request) => {
        if (isOfTokens(request)) return http.tokens.refusal('') === 'revoked-token' ? '' : null;
        return /^Bearer (.+)$/.exec(request.headers.get('authorization') ?? '')?.[1];
      },
    });
    const current = async (): Promise<string> => {
      const { accessToken } = await http.tokens.auth.get();
      if (http.tokens.refusal(accessToken) === undefined) return accessToken;
      return (await http.tokens.auth.get({ rejected: accessToken })).accessToken;
    };

    return {
      ...http.place,
      context: (signal) =>
        contextOver(http, {
          settings: { bucket: BUCKET, prefix: '' },
          keys: { serviceAccount: serviceAccountKey() },
          signal,
        }),
      async put(path, content) {
        world.put(path, Buffer.from(content), path.startsWith(PACKED) ? 'gzip' : undefined);
        return path;
      },
      async remove(path) {
        for (const name of [...world.objects.keys()])
          if (name === path || name.startsWith(`${path}/`)) world.objects.delete(name);
      },
      async move(from, to) {
        world.put(to, world.objects.get(from)?.content ?? Buffer.alloc(0));
        world.objects.delete(from);
      },
    };
  },
};

export default fake;
