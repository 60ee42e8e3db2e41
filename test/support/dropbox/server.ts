/** The fake of Dropbox, with what only its own tests ask for beside what every provider's fake has. */
import { contextOver } from '../fake-context.ts';
import { type FakeAnswer, type FakeRequest, openHttpFake, rangeAnswer } from '../http-fake.ts';
import type { ProviderPlace } from '../provider-fake.ts';
import { argumentsOf, badRequest, limited, refused, routeError, textIn } from './answers.ts';
import { createListings, type Listings } from './listings.ts';
import { createUploads, type Uploads } from './uploads.ts';
import { contentHash, createWorld, metadataOf, type World } from './world.ts';

const ORIGINS = {
  api: 'https://api.dropboxapi.com',
  content: 'https://content.dropboxapi.com',
  notify: 'https://notify.dropboxapi.com',
  site: 'https://www.dropbox.com',
};

export interface DropboxPlace extends ProviderPlace {
  readonly world: World;
  readonly listings: Listings;
  readonly uploads: Uploads;
  /** `Dropbox-API-Path-Root` of every request so far that had one. */
  readonly pathRoots: readonly string[];
}

export interface DropboxFakeOptions {
  readonly pageSize?: number;
  readonly settings?: object;
  /** The member's folder within the team's space; requests without a path root start in it. Undefined: no team. */
  readonly home?: string;
}

export async function openDropbox(options: DropboxFakeOptions = {}): Promise<DropboxPlace> {
  const world = createWorld();
  const uploads = createUploads(world);
  const listings = createListings(world, options.pageSize ?? 500, (kind) => http.strikes(kind, 'list'));
  const pathRoots: string[] = [];
  const below = (request: FakeRequest): string => {
    const root = request.headers.get('dropbox-api-path-root');
    if (root !== null) pathRoots.push(root);
    return root === null ? (options.home ?? '') : '';
  };

  const http = await openHttpFake({
    origins: Object.values(ORIGINS),
    pointOf: ({ url: { pathname } }) => {
      if (/\/files\/(download|export)$/.test(pathname)) return 'download';
      if (/\/files\/(upload|delete)/.test(pathname)) return 'upload';
      return pathname.startsWith('/2/files/list_folder') ? 'list' : undefined;
    },
    tokenOf: (request) =>
      request.url.origin === ORIGINS.notify || request.url.pathname === '/oauth2/token'
        ? null
        : /^Bearer (.+)$/.exec(request.headers.get('authorization') ?? '')?.[1],
    refused,
    limited,
    answer: (request) => answer(request),
  });

  async function answer(request: FakeRequest): Promise<FakeAnswer> {
    const { origin, pathname } = request.url;
    if (pathname === '/oauth2/token') return token(request);
    if (request.method !== 'POST') return badRequest('This route takes POST alone');
    const args = argumentsOf(request);
    switch (origin + pathname) {
      case `${ORIGINS.api}/2/users/get_current_account`:
        return { body: account(options.home !== undefined) };
      case `${ORIGINS.api}/2/auth/token/revoke`:
        http.tokens.revoke();
        return { body: 'null' };
      case `${ORIGINS.api}/2/files/list_folder`:
        return listings.list(args, below(request));
      case `${ORIGINS.api}/2/files/list_folder/continue`:
        return listings.continue(args, below(request));
      case `${ORIGINS.notify}/2/files/list_folder/longpoll`:
        return request.headers.has('authorization') ? badRequest('Unexpected Authorization') : listings.wait(args);
      case `${ORIGINS.content}/2/files/download`:
        return download(world, request, textIn(args, 'path'), below(request));
      case `${ORIGINS.content}/2/files/export`:
        return exported(world, textIn(args, 'path'), textIn(args, 'export_format'), below(request));
      case `${ORIGINS.content}/2/files/upload`:
        return uploads.upload(args, request.body, below(request));
      case `${ORIGINS.content}/2/files/upload_session/start`:
        return uploads.start(args, request.body);
      case `${ORIGINS.content}/2/files/upload_session/append_v2`:
        return uploads.append(args, request.body);
      case `${ORIGINS.content}/2/files/upload_session/finish`:
        return uploads.finish(args, request.body, below(request));
      case `${ORIGINS.api}/2/files/delete_v2`:
        return uploads.remove(args, below(request));
      default:
        return badRequest(`Unknown route ${origin}${pathname}`);
    }
  }

  /** A refresh brings no new refresh token; the first exchange does. */
  async function token(request: FakeRequest): Promise<FakeAnswer> {
    const form = new URLSearchParams(request.body.toString('utf8'));
    try {
      const { accessToken: last } = await http.tokens.auth.get();
      const { accessToken } = await http.tokens.auth.get({ rejected: last });
      const first = form.get('grant_type') === 'authorization_code' ? { refresh_token: 'fake-refresh-token' } : {};
      return { body: { access_token: accessToken, token_type: 'bearer', expires_in: 14_400, ...first } };
    } catch {
      const error = { error: 'invalid_grant', error_description: 'refresh token is invalid or revoked' };
      return { status: 400, body: error };
    }
  }

  return {
    ...http.place,
    world,
    listings,
    uploads,
    pathRoots,
    context: (signal) =>
      contextOver(http, { settings: { folder: '', space: 'all', namespaceId: '', ...options.settings }, signal }),
    put: async (path, content) => world.put(`/${path}`, Buffer.from(content), { isPaper: path.endsWith('.paper') }).id,
    remove: async (path) => world.remove(`/${path}`),
    move: async (from, to) => world.move(`/${from}`, `/${to}`),
  };
}

function account(hasTeam: boolean): object {
  const root = { '.tag': hasTeam ? 'team' : 'user', root_namespace_id: hasTeam ? '77' : '11', home_namespace_id: '11' };
  return {
    account_id: 'dbid:AAH4f99T0taONIb-OurWxbNQ6ywGRopQngc',
    name: { display_name: 'Ada Reader', given_name: 'Ada', surname: 'Reader', familiar_name: 'Ada' },
    email: 'ada@example.com',
    root_info: root,
  };
}

function download(world: World, request: FakeRequest, reference: string, below: string): FakeAnswer {
  const found = world.find(/^(id|rev):/.test(reference) ? reference : below + reference);
  if (found === undefined) return routeError('path/not_found');
  if (found.tag === 'folder') return routeError('path/not_file');
  if (found.isPaper) return routeError('unsupported_file');
  return rangeAnswer(request, found.content, { 'dropbox-api-result': headerJson(metadataOf(found, below)) });
}

function exported(world: World, reference: string, format: string, below: string): FakeAnswer {
  const found = world.find(reference);
  if (found === undefined) return routeError('path/not_found');
  if (!found.isPaper) return routeError('non_exportable');
  if (!['', 'html', 'markdown'].includes(format)) return routeError('invalid_export_format');
  const content = format === 'markdown' ? found.content : Buffer.from(`<p>${found.content.toString('utf8')}</p>`);
  const made = { name: found.path.split('/').at(-1), size: content.length, export_hash: contentHash(content) };
  const told = { export_metadata: made, file_metadata: metadataOf(found, below) };
  return { headers: { 'dropbox-api-result': headerJson(told) }, body: content };
}

function headerJson(value: object): string {
  return JSON.stringify(value).replace(
    /[\u007f-\uffff]/g,
    (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
