/** Notion as its API documents it: a search that leaves pages out, tables with rows, blocks, and files at addresses of an hour. */
import { createContentFaults } from '../content-faults.ts';
import { contextOver } from '../fake-context.ts';
import { type FakeAnswer, type FakeRequest, type HttpFake, openHttpFake, rangeAnswer } from '../http-fake.ts';
import {
  createNotionWorld,
  type FakePage,
  type Json,
  type NotionWorld,
  shownPage,
  shownTable,
} from '../notion-world.ts';
import type { ProviderFake, ProviderPlace } from '../provider-fake.ts';

const API = 'https://api.notion.com';
export const FILES = 'https://prod-files-secure.s3.us-west-2.amazonaws.com';
export const WORKSPACE_ID = 'workspace-1';

const fake: ProviderFake = {
  connector: 'notion',
  impossible: { 'cursor-lost': 'changes are asked for by time, and no time is too old' },
  open: openNotionFake,
};
export default fake;

export async function openNotionFake(
  options: { readonly pageSize?: number | undefined; readonly settings?: object | undefined } = {},
): Promise<ProviderPlace & { readonly world: NotionWorld; readonly http: HttpFake }> {
  const world = createNotionWorld();
  const faults = createContentFaults();
  const http: HttpFake = await openHttpFake({
    origins: [API, FILES],
    pointOf: ({ url }) => {
      if (/\/v1\/(search|data_sources\/[^/]+\/query|blocks\/[^/]+\/children)$/.test(url.pathname)) return 'list';
      const brings = url.origin === FILES || url.pathname.endsWith('/markdown');
      return (brings || /\/v1\/pages\//.test(url.pathname)) && faults.isFor(brings) ? 'download' : undefined;
    },
    answer: (request) => answer(request, world, options.pageSize ?? 100, http),
    limited: (retryAfter) => fault(429, 'rate_limited', { 'retry-after': String(retryAfter) }),
    broken: (status) => fault(status, status === 503 ? 'service_unavailable' : 'internal_server_error'),
    refused: () => fault(401, 'unauthorized'),
    tokenOf: (request) =>
      request.url.origin === FILES ? null : /^Bearer (.+)$/.exec(request.headers.get('authorization') ?? '')?.[1],
  });
  return {
    ...http.place,
    world,
    http,
    context: (signal) =>
      contextOver(http, { settings: { roots: [], tables: 'none', files: true, ...options.settings }, signal }),
    fault(point, fault, times = 1) {
      faults.add(point, fault, times);
      http.place.fault(point, fault, times);
    },
    heal() {
      faults.clear();
      http.place.heal();
    },
    put: async (path, content) => world.put(path, content),
    remove: async (path) => world.remove(path),
    move: async (from, to) => world.move(from, to),
  };
}

function answer(request: FakeRequest, world: NotionWorld, pageSize: number, http: HttpFake): FakeAnswer {
  const { url } = request;
  if (url.origin === FILES) return bytes(request, world);
  const asked = request.body.length === 0 ? {} : JSON.parse(request.body.toString('utf8'));
  const [kind = '', id = '', what] = url.pathname.replace('/v1/', '').split('/');
  const cursor: string | null = asked.start_cursor ?? url.searchParams.get('start_cursor');
  if (kind === 'users') {
    const bot = { owner: { type: 'workspace', workspace: true }, workspace_id: WORKSPACE_ID, workspace_name: 'Fake' };
    return { body: { object: 'user', id: 'bot-1', type: 'bot', name: 'Cairn', avatar_url: null, bot } };
  }
  if (kind === 'search') return search(asked, cursor, world, pageSize, http);
  if (kind === 'pages') {
    const page = world.pages.get(id);
    if (page?.shared !== true) return fault(404, 'object_not_found');
    if (what === undefined) return { body: shownPage(page) };
    if (what === 'properties') return propertyValues(page, url, cursor, pageSize, world);
    const { markdown, truncated } = page;
    return { body: { object: 'page_markdown', id, markdown, truncated, unknown_block_ids: [] } };
  }
  if (kind === 'databases') {
    const tables = [...world.tables.values()].filter(({ databaseId }) => databaseId === id);
    if (tables[0] === undefined) return fault(404, 'object_not_found');
    const named = tables.map((table) => ({ id: table.id, name: table.title }));
    return { body: { object: 'database', id, parent: tables[0].parent, data_sources: named } };
  }
  if (kind === 'data_sources') {
    const table = world.tables.get(id);
    if (table === undefined) return fault(404, 'object_not_found');
    return what === undefined ? { body: shownTable(table) } : query(id, asked, cursor, world, pageSize);
  }
  if (what === 'children') return list(world.blocks.get(id) ?? [], cursor, pageSize, world);
  const block = [...world.blocks.values()].flat().find((one) => one.id === id);
  return block === undefined ? fault(404, 'object_not_found') : { body: block };
}

/** Newest first. */
function search(asked: Json, cursor: string | null, world: NotionWorld, pageSize: number, http: HttpFake): FakeAnswer {
  const filter = Object(asked['filter']);
  const pages = [...world.pages.values()].filter(
    ({ hidden, shared, inTrash }) => !hidden && shared && inTrash === (filter.in_trash === true),
  );
  const tables = filter.in_trash === true ? [] : [...world.tables.values()].map(shownTable);
  const found = [...(filter.value === 'data_source' ? [] : pages.map(shownPage)), ...tables].sort((left, right) =>
    String(left['last_edited_time']) < String(right['last_edited_time']) ? 1 : -1,
  );
  const told = list(found, cursor, pageSize, world);
  if (http.strikes('repeat-for-ever', 'list')) return again(told, 'again');
  return http.strikes('duplicate-page', 'list') ? again(told, cursor ?? '0') : told;
}

function query(id: string, asked: Json, cursor: string | null, world: NotionWorld, pageSize: number): FakeAnswer {
  const since: unknown = Object(Object(asked['filter']).last_edited_time).on_or_after;
  const rows = [...world.pages.values()].filter(
    ({ parent, inTrash, edited }) =>
      parent['data_source_id'] === id && !inTrash && (typeof since !== 'string' || edited >= since),
  );
  return list(rows.map(shownPage), cursor, pageSize, world);
}

/** The values of a property one by one; a page tells the first 25. */
function propertyValues(
  page: FakePage,
  url: URL,
  cursor: string | null,
  pageSize: number,
  world: NotionWorld,
): FakeAnswer {
  const id = url.pathname.split('/').at(-1) ?? '';
  const property = Object.values(page.properties)
    .map(Object)
    .find((one) => one.id === id);
  if (property === undefined) return fault(404, 'object_not_found');
  const values: readonly unknown[] = property[property.type];
  const items = values.map((value) => ({ object: 'property_item', id, type: property.type, [property.type]: value }));
  return list(items, cursor, pageSize, world);
}

function list(results: readonly Json[], cursor: string | null, pageSize: number, world: NotionWorld): FakeAnswer {
  const from = cursor !== null && /^\d+$/.test(cursor) ? Number(cursor) : 0;
  const more = from + pageSize < results.length;
  return {
    body: {
      object: 'list',
      results: results.slice(from, from + pageSize),
      has_more: more,
      next_cursor: more ? String(from + pageSize) : null,
      ...(world.isIncomplete
        ? { request_status: { type: 'incomplete', incomplete_reason: 'query_result_limit_reached' } }
        : {}),
    },
  };
}

function again(told: FakeAnswer, cursor: string): FakeAnswer {
  return { ...told, body: { ...Object(told.body), has_more: true, next_cursor: cursor } };
}

function bytes(request: FakeRequest, world: NotionWorld): FakeAnswer {
  if (request.headers.has('authorization')) return { status: 400, body: 'A token was shown to the host of the bytes' };
  if (!request.url.searchParams.has('X-Amz-Signature')) return { status: 403 };
  const content = world.files.get(request.url.pathname);
  return content === undefined ? { status: 404 } : rangeAnswer(request, content, { 'content-type': 'text/csv' });
}

function fault(status: number, code: string, headers: Readonly<Record<string, string>> = {}): FakeAnswer {
  return { status, headers, body: { object: 'error', status, code, message: `Told by the fake: ${code}` } };
}
