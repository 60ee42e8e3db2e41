/** Google Drive on the loopback: files, change logs, shared drives, exports and channels, as API v3 documents them. */
import type { ConnectorContext } from '../../../src/sources/connector.ts';
import type { DriveSettings } from '../../../src/sources/google/drive/settings.ts';
import { contextOver } from '../fake-context.ts';
import { masked, parseQuery } from '../google/drive-query.ts';
import { createDriveWorld, type DriveWorld, type FakeFile, ROOT, shownFile } from '../google/drive-world.ts';
import { googleError, isTokenRequest, limited, refusedToken, tokenAnswer } from '../google/google-answers.ts';
import { type FakeAnswer, type FakeRequest, type HttpFake, openHttpFake, rangeAnswer } from '../http-fake.ts';
import type { ProviderFake, ProviderPlace } from '../provider-fake.ts';

type DriveContext = ConnectorContext<Required<DriveSettings>>;

export interface FakeDrive extends ProviderPlace {
  readonly world: DriveWorld;
  readonly context: (signal?: AbortSignal) => DriveContext;
  readonly contextWith: (settings: DriveSettings) => DriveContext;
  /** Channels that were asked for and not stopped. */
  readonly channels: Map<string, Record<string, unknown>>;
  /** What the next answers say that was not looked everywhere. */
  readonly search: { isIncomplete: boolean };
  /** Every request so far, its parameters decoded. */
  readonly asked: string[];
  /** Bytes above which an export is refused. */
  readonly limits: { exportBytes: number };
}

export async function openGoogleDrive({ pageSize = 100 }: { readonly pageSize?: number } = {}): Promise<FakeDrive> {
  const world = createDriveWorld();
  world.add({ id: ROOT, name: 'My Drive', mimeType: 'application/vnd.google-apps.folder', parents: [] });
  const state: State = {
    world,
    pageSize,
    channels: new Map(),
    search: { isIncomplete: false },
    limits: { exportBytes: 10_000_000 },
    strikes: () => false,
  };
  const asked: string[] = [];
  const fake = await openHttpFake({
    origins: ['https://www.googleapis.com', 'https://oauth2.googleapis.com', 'https://docs.google.com'],
    pointOf,
    tokenOf: (request) => (isTokenRequest(request) ? null : bearer(request)),
    refused: refusedToken,
    limited: limited(403),
    broken: (status) => googleError(status, 'backendError', 'Backend Error'),
    answer: (request) => {
      asked.push(`${request.method} ${request.url.pathname} ${request.url.searchParams}`);
      return answer(state, request, asked.length);
    },
  });
  state.strikes = fake.strikes;
  const contextWith = (some: DriveSettings, signal?: AbortSignal): DriveContext => {
    const settings = { ...DEFAULTS, ...some };
    return { ...contextOver(fake, { settings, signal }), settings };
  };
  return {
    ...fake.place,
    world,
    channels: state.channels,
    search: state.search,
    limits: state.limits,
    asked,
    contextWith,
    context: (signal) => contextWith({}, signal),
    put: async (path, content) => put(world, path, content),
    remove: async (path) => world.edit(world.find(path)?.id ?? '', { isTrashed: true }),
    move: async (from, to) => {
      const parent = world.folder(to.split('/').slice(0, -1).join('/'));
      world.edit(world.find(from)?.id ?? '', { name: to.split('/').at(-1) ?? '', parents: [parent] });
    },
  };
}

const fake: ProviderFake = { connector: 'google-drive', open: openGoogleDrive };
export default fake;

const DEFAULTS = { folder: '', myDrive: true, sharedDrives: [], sharedWithMe: false, acknowledgeAbuse: false };

interface State {
  readonly world: DriveWorld;
  readonly pageSize: number;
  readonly channels: Map<string, Record<string, unknown>>;
  readonly search: { isIncomplete: boolean };
  readonly limits: { exportBytes: number };
  strikes: HttpFake['strikes'];
}

function bearer(request: FakeRequest): string | undefined {
  return /^Bearer (.+)$/i.exec(request.headers.get('authorization') ?? '')?.[1];
}

function pointOf({ url }: FakeRequest): 'list' | 'download' | undefined {
  if (url.searchParams.get('alt') === 'media' || url.pathname.endsWith('/export')) return 'download';
  if (url.hostname === 'docs.google.com') return 'download';
  return /\/drive\/v3\/(?:files|changes)$/.test(url.pathname) ? 'list' : undefined;
}

function put(world: DriveWorld, path: string, content: string | Uint8Array): string {
  const known = world.find(path);
  if (known !== undefined) {
    world.write(known.id, content);
    return known.id;
  }
  const parent = world.folder(path.split('/').slice(0, -1).join('/'));
  return world.add({ name: path.split('/').at(-1) ?? '', parent, content });
}

function answer(state: State, request: FakeRequest, number: number): FakeAnswer {
  const { world } = state;
  const { pathname, hostname, searchParams } = request.url;
  if (isTokenRequest(request)) return tokenAnswer(request, 'fake-token-1', false);
  if (hostname === 'docs.google.com') {
    const file = world.files.get(pathname.split('/').at(-1) ?? '');
    return { headers: { 'content-type': searchParams.get('exportFormat') ?? '' }, body: file?.content ?? '' };
  }
  const fields = searchParams.get('fields') ?? '*';
  const show = (value: unknown): FakeAnswer => ({ body: masked(value, fields) });
  const [, resource, id, verb] = /^\/drive\/v3\/(\w+)(?:\/([^/]+))?(?:\/(\w+))?$/.exec(pathname) ?? [];
  const log = searchParams.get('driveId') ?? '';
  if (resource === 'about')
    return show({ user: { permissionId: '0042', displayName: 'Ada', emailAddress: 'ada@example.org' } });
  if (resource === 'drives' && id !== undefined) {
    const name = world.drives.get(id);
    return name === undefined ? notFound(id) : show({ id, name });
  }
  if (resource === 'drives')
    return show({ drives: [...world.drives].map(([driveId, name]) => ({ id: driveId, name })) });
  if (resource === 'channels') return stopChannel(state, request);
  if (resource === 'changes' && id === 'startPageToken') return show({ startPageToken: String(world.changes.length) });
  if (resource === 'changes' && id === 'watch') return openChannel(state, request, number);
  if (resource === 'changes') return listChanges(state, log, searchParams, show);
  if (resource !== 'files') return googleError(404, 'notFound', `No such method ${pathname}`);
  if (id === undefined) return listFiles(state, log, searchParams, show);
  const file = world.files.get(id === 'root' ? ROOT : decodeURIComponent(id));
  if (file === undefined) return notFound(id);
  if (verb === 'export') return exportFile(state, file, searchParams.get('mimeType') ?? '');
  if (searchParams.get('alt') !== 'media') return show(shownFile(world, file));
  const isAllowed = file.refusal === undefined || searchParams.get('acknowledgeAbuse') === 'true';
  if (!isAllowed) return googleError(403, file.refusal ?? '', 'This file cannot be downloaded');
  return rangeAnswer(request, file.content, { 'content-type': file.mimeType });
}

function notFound(id: string): FakeAnswer {
  return googleError(404, 'notFound', `File not found: ${id}.`, 'fileId');
}

function exportFile(state: State, file: FakeFile, type: string): FakeAnswer {
  if (file.refusal !== undefined) return googleError(403, file.refusal, 'This file cannot be exported');
  if (file.content.length <= state.limits.exportBytes) return { headers: { 'content-type': type }, body: file.content };
  return googleError(403, 'exportSizeLimitExceeded', 'This file is too large to be exported.');
}

type Show = (value: unknown) => FakeAnswer;

/** Where the page begins, and the token of the next, with the faults of listings. */
function page<T>(
  state: State,
  all: readonly T[],
  token: string | null,
): { some: readonly T[]; next: string | undefined } {
  const from = Number(token?.replace('page:', '') ?? 0);
  const some = all.slice(from, from + state.pageSize);
  if (state.strikes('repeat-for-ever', 'list')) return { some, next: `page:${from}` };
  if (state.strikes('duplicate-page', 'list')) return { some, next: `page:${from}` };
  return { some, next: from + some.length < all.length ? `page:${from + some.length}` : undefined };
}

function listFiles(state: State, log: string, query: URLSearchParams, show: Show): FakeAnswer {
  const { world } = state;
  const q = query.get('q') ?? '';
  const test = parseQuery(q);
  const parents = q.match(/ in parents\b/g)?.length ?? 0;
  const isOfOthers = (file: FakeFile): boolean => file.driveId === undefined && !file.ownedByMe;
  const found = [...world.files.values()]
    .filter((file) => (log === '' ? file.id !== ROOT : file.driveId === log))
    // What lies in others' folders is no part of the account's own corpus; it is found by its folder.
    .filter((file) => parents > 0 || !isOfOthers(file) || file.parents.length === 0)
    // Asked for several folders at once, Drive leaves out what it likes, and says that it looked everywhere.
    .filter(() => parents < 2)
    .filter((file) =>
      test({
        ...file,
        trashed: world.isTrashed(file),
        sharedWithMe: isOfOthers(file) && file.parents.length === 0,
      }),
    )
    // In no order that means anything.
    .toSorted((a, b) => orderOf(a).localeCompare(orderOf(b)));
  const { some, next } = page(state, found, query.get('pageToken'));
  const files = some.map((file) => shownFile(world, file));
  return show({
    kind: 'drive#fileList',
    incompleteSearch: state.search.isIncomplete,
    files,
    ...(next === undefined ? {} : { nextPageToken: next }),
  });
}

const orderOf = ({ id }: FakeFile): string => `${id.slice(-3)}${id}`;

function listChanges(state: State, log: string, query: URLSearchParams, show: Show): FakeAnswer {
  const { world } = state;
  const token = query.get('pageToken') ?? '';
  if (state.strikes('cursor-lost', 'list') || !/^\d+$/.test(token)) {
    return googleError(400, 'invalid', 'Invalid Value', 'pageToken');
  }
  const from = Number(token);
  const some = world.changes.slice(from, from + state.pageSize);
  const to = from + some.length;
  const isRepeated = state.strikes('repeat-for-ever', 'list') || state.strikes('duplicate-page', 'list');
  const changes = some
    // The account's own log tells of shared drives as well.
    .filter((change) => log === '' || change.log === log)
    .map(({ fileId, isRemoved, log: of }) => {
      const file = world.files.get(fileId);
      const isGone = isRemoved && (log !== '' || of === '' ? file?.driveId !== of || file === undefined : true);
      if (file === undefined || isGone) return { changeType: 'file', removed: true, fileId };
      return { changeType: 'file', removed: false, fileId, file: shownFile(world, file) };
    });
  const isLast = to >= world.changes.length && !isRepeated;
  const next = isRepeated ? token : String(to);
  return show({ kind: 'drive#changeList', changes, [isLast ? 'newStartPageToken' : 'nextPageToken']: next });
}

function openChannel(state: State, request: FakeRequest, number: number): FakeAnswer {
  const asked: Record<string, unknown> = JSON.parse(request.body.toString('utf8'));
  state.channels.set(String(asked['id']), asked);
  return {
    body: { kind: 'api#channel', id: asked['id'], resourceId: `resource-${number}`, expiration: asked['expiration'] },
  };
}

function stopChannel(state: State, request: FakeRequest): FakeAnswer {
  const { id } = JSON.parse(request.body.toString('utf8'));
  return state.channels.delete(id) ? { status: 204 } : notFound(id);
}
