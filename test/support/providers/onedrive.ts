/** OneDrive as Microsoft Graph documents it: deltas without paths, folders that move without their children, bytes at another host. */
import { createQuickXor } from '../../../src/sources/kit/quick-xor.ts';
import { createContentFaults } from '../content-faults.ts';
import { createDriveWorld, type DriveEntry, type DriveWorld } from '../drive-world.ts';
import { contextOver } from '../fake-context.ts';
import { type FakeAnswer, type FakeRequest, type HttpFake, openHttpFake, rangeAnswer } from '../http-fake.ts';
import type { FaultPoint, ProviderFake, ProviderPlace } from '../provider-fake.ts';

const GRAPH = 'https://graph.microsoft.com';
const FILES = 'https://public.example.files.1drv.com';
const DRIVE = 'b!drive-1';
const DEFAULTS = { place: 'me', driveId: '', site: '', library: '', folder: '' };

const fake: ProviderFake = { connector: 'onedrive', open: openOneDrive };
export default fake;

export async function openOneDrive(
  options: { readonly pageSize?: number | undefined; readonly settings?: object | undefined } = {},
): Promise<ProviderPlace & { readonly world: DriveWorld; readonly http: HttpFake }> {
  const world = createDriveWorld();
  const faults = createContentFaults();
  const pointOf = ({ url }: FakeRequest): Exclude<FaultPoint, 'any'> | undefined => {
    if (/\/delta$|\/children$/.test(url.pathname)) return 'list';
    const brings = url.origin === FILES;
    // A folder is asked for with a choice of its properties, for a path.
    const isItem = /\/items\/[^/]+$/.test(url.pathname) && !url.searchParams.has('$select');
    return (brings || isItem) && faults.isFor(brings) ? 'download' : undefined;
  };
  const http: HttpFake = await openHttpFake({
    origins: [GRAPH, FILES],
    pointOf,
    answer: (request) => answer(request, world, options.pageSize ?? 200, http),
    limited: (retryAfter) => graphFault(429, 'activityLimitReached', { 'retry-after': String(retryAfter) }),
    broken: (status) => graphFault(status, 'generalException'),
    refused: () => graphFault(401, 'InvalidAuthenticationToken'),
    tokenOf: (request) =>
      request.url.origin === FILES ? null : /^Bearer (.+)$/.exec(request.headers.get('authorization') ?? '')?.[1],
  });
  return {
    ...http.place,
    world,
    http,
    context: (signal) => contextOver(http, { settings: { ...DEFAULTS, ...options.settings }, signal }),
    fault(point, fault, times = 1) {
      faults.add(point, fault, times);
      http.place.fault(point, fault, times);
    },
    heal() {
      faults.clear();
      http.place.heal();
    },
    put: async (path, content) => idOf(world.put(path, content)),
    remove: async (path) => world.remove(path),
    move: async (from, to) => world.move(from, to),
  };
}

function answer(request: FakeRequest, world: DriveWorld, pageSize: number, http: HttpFake): FakeAnswer {
  const { url } = request;
  if (url.origin === FILES) return bytes(request, world);
  const path = decodeURIComponent(url.pathname).replace('/v1.0', '');
  if (path === '/me/drive' || path === `/drives/${DRIVE}`) return { body: drive };
  if (path === `/drives/${DRIVE}/root/delta`) return delta(request, world, pageSize, http);
  const [, id = '', rest] = /^\/drives\/[^/]+\/items\/([^/]+)(\/children|\/content)?$/.exec(path) ?? [];
  if (path.startsWith('/subscriptions')) return subscriptions(request, world);
  if (path.startsWith('/sites/')) return sites(path);
  const entry = world.entry(id);
  if (entry === undefined) return graphFault(404, 'itemNotFound');
  if (rest === '/content') return { status: 302, headers: { location: addressOf(entry) } };
  if (rest === '/children') return children(url, world, entry, pageSize);
  const told = world.hidesAddresses ? undefined : entry.content && addressOf(entry);
  return { body: { ...shown(entry), '@microsoft.graph.downloadUrl': told } };
}

/** Of a site at /sites/research: its own library, and one called Archive. */
function sites(path: string): FakeAnswer {
  if (!path.startsWith('/sites/example.sharepoint.com:/sites/research:/')) return graphFault(404, 'itemNotFound');
  if (path.endsWith('/drives')) return { body: { value: [drive, { id: 'b!archive', name: 'Archive' }] } };
  return { body: drive };
}

function subscriptions({ method, url, body }: FakeRequest, world: DriveWorld): FakeAnswer {
  const id = url.pathname.split('/').at(-1) ?? '';
  if (method === 'DELETE') return world.hooks.delete(id) ? { status: 204 } : graphFault(404, 'ResourceNotFound');
  const asked = JSON.parse(body.toString('utf8'));
  if (method === 'PATCH' && !world.hooks.has(id)) return graphFault(404, 'ResourceNotFound');
  const kept =
    method === 'PATCH' ? { ...world.hooks.get(id), ...asked } : { ...asked, id: `sub-${world.hooks.size + 1}` };
  world.hooks.set(kept.id, kept);
  return { status: method === 'PATCH' ? 200 : 201, body: kept };
}

function bytes(request: FakeRequest, world: DriveWorld): FakeAnswer {
  if (request.headers.has('authorization')) return graphFault(400, 'A token was shown to the host of the bytes');
  const entry = world.entry(request.url.pathname.slice(1));
  if (entry?.content === undefined) return { status: 404 };
  return rangeAnswer(request, entry.content, { 'content-type': 'application/octet-stream' });
}

/** `token`: `full.<offset>` in the first listing, `<since>.<offset>` after it, with `stuck.` before one that never moves. */
function delta(request: FakeRequest, world: DriveWorld, pageSize: number, http: HttpFake): FakeAnswer {
  const token = /delta\(token='([^']+)'\)/.exec(request.url.pathname)?.[1] ?? request.url.searchParams.get('token');
  const link = (to: string): string => `${GRAPH}/v1.0/drives/${DRIVE}/root/delta?token=${encodeURIComponent(to)}`;
  if (token !== null && http.strikes('cursor-lost', 'list')) {
    const gone = graphFault(410, 'resyncChangesApplyDifferences');
    return { ...gone, headers: { location: link('full.0') } };
  }
  const [, stuck = '', since = 'full', offset = '0'] = /^(stuck\.)?(full|\d+)\.(\d+)$/.exec(token ?? 'full.0') ?? [];
  const items =
    since === 'full'
      ? [world.root, ...world.all()]
      : world.since(Number(since), !request.headers.has('deltaexcludeparent'));
  const end = Number(offset) + pageSize;
  const value = items.slice(Number(offset), end).map((entry) => shown(entry));
  const onward =
    end < items.length
      ? { '@odata.nextLink': link(`${since}.${end}`) }
      : { '@odata.deltaLink': link(`${world.now()}.0`) };
  if (stuck !== '' || http.strikes('repeat-for-ever', 'list')) {
    return { body: { value, '@odata.nextLink': link(`stuck.${since}.${offset}`) } };
  }
  if (http.strikes('duplicate-page', 'list')) return { body: { value, '@odata.nextLink': link(`${since}.${offset}`) } };
  return { body: { value, ...onward } };
}

function children(url: URL, world: DriveWorld, folder: DriveEntry, pageSize: number): FakeAnswer {
  const from = Number(url.searchParams.get('skip') ?? 0);
  const below = world.all().filter((entry) => entry.parentId === folder.id);
  const next = new URL(url);
  next.searchParams.set('skip', String(from + pageSize));
  return {
    body: {
      value: below.slice(from, from + pageSize).map((entry) => shown(entry)),
      ...(from + pageSize < below.length ? { '@odata.nextLink': next.href } : {}),
    },
  };
}

/** As a delta of a work account shows it: no path, no cTag, and of what was deleted no name. */
function shown(entry: DriveEntry): object {
  const parentReference = { driveId: DRIVE, driveType: 'business', id: entry.parentId };
  if (entry.isDeleted) return { id: entry.id, parentReference, deleted: { state: 'deleted' } };
  if (entry.parentId === undefined) return { id: entry.id, name: 'root', root: {}, folder: { childCount: 1 } };
  const hash = createQuickXor();
  hash.update(entry.content ?? new Uint8Array());
  return {
    id: entry.id,
    name: entry.name,
    eTag: `"{${entry.id}},${entry.seq}"`,
    webUrl: `https://example.sharepoint.com/${encodeURIComponent(entry.name)}`,
    lastModifiedDateTime: '2026-02-03T04:05:06Z',
    lastModifiedBy: { user: { displayName: 'Ada Byron' } },
    parentReference,
    ...(entry.content === undefined
      ? { folder: { childCount: 0 } }
      : {
          size: entry.content.length,
          file: { mimeType: 'text/plain', hashes: { quickXorHash: hash.digest().toString('base64') } },
        }),
  };
}

const drive = {
  id: DRIVE,
  name: 'Documents',
  driveType: 'business',
  owner: { user: { id: 'user-1', displayName: 'Ada Byron' } },
};

function idOf(entryId: string): string {
  return `${DRIVE}/${entryId}`;
}

function addressOf(entry: DriveEntry): string {
  return `${FILES}/${entry.id}`;
}

function graphFault(status: number, code: string, headers: Readonly<Record<string, string>> = {}): FakeAnswer {
  return { status, headers, body: { error: { code, message: `Told by the fake: ${code}` } } };
}
