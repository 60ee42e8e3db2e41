/** Slack as its Web API documents it. A folder's first part is a channel; what is put there is a message with a reply: a thread. */
import { contextOver } from '../fake-context.ts';
import { type FakeAnswer, type FakeRequest, type HttpFake, openHttpFake, rangeAnswer } from '../http-fake.ts';
import type { ProviderFake, ProviderPlace } from '../provider-fake.ts';
import { createSlackWorld, type FakeFile, type SlackWorld } from '../slack-world.ts';

const API = 'https://slack.com';
const FILES = 'https://files.slack.com';
export const TEAM = 'T0FAKE';
const DEFAULTS = {
  channels: [],
  types: ['public_channel', 'private_channel'],
  since: '',
  lookBackDays: 7,
  files: true,
  join: false,
  archived: false,
  teamId: '',
};

const fake: ProviderFake = {
  connector: 'slack',
  impossible: { 'cursor-lost': 'changes are asked for by time, and no time is too old' },
  open: openSlackFake,
};
export default fake;

export async function openSlackFake(
  options: { readonly pageSize?: number | undefined; readonly settings?: object | undefined } = {},
): Promise<ProviderPlace & { readonly world: SlackWorld; readonly http: HttpFake }> {
  const world = createSlackWorld();
  const http: HttpFake = await openHttpFake({
    origins: [API, FILES],
    pointOf: ({ url }) => {
      if (/conversations\.(list|history)$/.test(url.pathname)) return 'list';
      return url.origin === FILES || /(files\.info|conversations\.replies)$/.test(url.pathname)
        ? 'download'
        : undefined;
    },
    answer: (request) => answer(request, world, options.pageSize ?? 100, http),
    limited: (retryAfter) => ({
      status: 429,
      headers: { 'retry-after': String(retryAfter) },
      body: { ok: false, error: 'ratelimited' },
    }),
    refused: (kind) => refusal(kind === 'expired-token' ? 'token_expired' : 'token_revoked'),
  });
  return {
    ...http.place,
    world,
    http,
    context: (signal) => contextOver(http, { settings: { ...DEFAULTS, ...options.settings }, signal }),
    put: async (path, content) => world.put(path, content),
    remove: async (path) => world.remove(path),
  };
}

function answer(request: FakeRequest, world: SlackWorld, pageSize: number, http: HttpFake): FakeAnswer {
  if (request.url.origin === FILES) return bytes(request, world);
  const asked = new URLSearchParams(request.body.toString('utf8'));
  const text = (name: string): string => asked.get(name) ?? '';
  const method = request.url.pathname.replace('/api/', '');
  if (method === 'auth.test') {
    return ok({ team_id: TEAM, team: 'Fake team', user_id: 'U0BOT', url: 'https://fake.slack.com/' });
  }
  if (method === 'conversations.list') {
    if (text('types').includes('private_channel') && world.lacksGroups) {
      return { body: { ok: false, error: 'missing_scope', needed: 'groups:read', provided: 'channels:read' } };
    }
    const isShown = (channel: { is_archived: boolean }): boolean =>
      text('exclude_archived') !== 'true' || !channel.is_archived;
    return paged(world.channels().filter(isShown), 'channels', text('cursor'), pageSize);
  }
  if (method === 'users.info')
    return world.users.has(text('user')) ? ok({ user: world.users.get(text('user')) }) : refusal('user_not_found');
  if (method === 'files.info') {
    const file = world.file(text('file'));
    return file === undefined ? refusal('file_not_found') : ok({ file: shownFile(file) });
  }
  const channel = world.channels().find(({ id }) => id === text('channel'));
  if (channel === undefined) return refusal('channel_not_found');
  if (method === 'conversations.info') return ok({ channel });
  if (method === 'conversations.join') {
    world.join(channel.id);
    return ok({ channel });
  }
  if (!channel.is_member) return refusal('not_in_channel');
  if (method === 'conversations.replies') {
    const thread = world
      .thread(channel.id, text('ts'))
      .filter((message) => within(message.ts, text('oldest'), text('latest')));
    return thread.length === 0
      ? refusal('thread_not_found')
      : paged(thread.map(shownMessage), 'messages', text('cursor'), pageSize);
  }
  if (method !== 'conversations.history') return refusal('unknown_method');
  const messages = world.history(channel.id).filter((message) => within(message.ts, text('oldest'), text('latest')));
  const page = paged(messages.map(shownMessage), 'messages', text('cursor'), pageSize);
  if (http.strikes('repeat-for-ever', 'list')) return again(page, 'again');
  if (http.strikes('duplicate-page', 'list')) return again(page, text('cursor') || '0');
  return page;
}

function bytes(request: FakeRequest, world: SlackWorld): FakeAnswer {
  const file = world.file(request.url.pathname.split('/').at(-1) ?? '');
  if (file === undefined) return { status: 404 };
  if (world.lacksFiles)
    return { headers: { 'content-type': 'text/html; charset=utf-8' }, body: '<!DOCTYPE html><title>Slack</title>' };
  return rangeAnswer(request, file.content, { 'content-type': file.mimetype });
}

/** As Slack pages: an opaque cursor in `response_metadata`, empty on the last page. */
function paged(rows: readonly object[], name: string, cursor: string, pageSize: number): FakeAnswer {
  const from = /^\d+$/.test(cursor) ? Number(cursor) : 0;
  const more = from + pageSize < rows.length;
  const next = more ? String(from + pageSize) : '';
  return ok({ [name]: rows.slice(from, from + pageSize), has_more: more, response_metadata: { next_cursor: next } });
}

function again(page: FakeAnswer, cursor: string): FakeAnswer {
  return { ...page, body: { ...Object(page.body), has_more: true, response_metadata: { next_cursor: cursor } } };
}

function shownMessage({ files, ...rest }: { readonly files: readonly FakeFile[] }): object {
  return { type: 'message', ...rest, ...(files.length === 0 ? {} : { files: files.map(shownFile) }) };
}

function shownFile({ content, ...file }: FakeFile): object {
  return {
    ...file,
    size: content.length,
    mode: 'hosted',
    is_external: false,
    permalink: `https://fake.slack.com/files/${file.id}`,
    url_private: `${FILES}/files-pri/${TEAM}/${file.id}`,
    url_private_download: `${FILES}/files-pri/${TEAM}/download/${file.id}`,
  };
}

function within(ts: string, oldest: string, latest: string): boolean {
  return Number(ts) >= Number(oldest || '0') && (latest === '' || Number(ts) <= Number(latest));
}

function ok(body: object): FakeAnswer {
  return { body: { ok: true, ...body } };
}

function refusal(error: string): FakeAnswer {
  return { body: { ok: false, error } };
}
