/** What is read of Drive's files: native documents, shortcuts, refusals; and what its webhooks accept. */
import { afterEach, expect, test } from 'vitest';
import type { RemoteItem } from '../../../src/sources/connector.ts';
import connector from '../../../src/sources/connectors/google-drive.ts';
import { refusalError } from '../../../src/sources/google/errors.ts';
import { createFollower, type Follower, failure, fetchItem } from '../../support/follower.ts';
import { FOLDER } from '../../support/google/drive-world.ts';
import { googleError } from '../../support/google/google-answers.ts';
import { type FakeDrive, openGoogleDrive } from '../../support/providers/google-drive.ts';

const NATIVE = 'application/vnd.google-apps.';
const places: FakeDrive[] = [];
afterEach(async () => {
  await Promise.all(places.splice(0).map((place) => place.close()));
});

async function open(): Promise<{ place: FakeDrive; follower: Follower; item: (id: string) => RemoteItem }> {
  const place = await openGoogleDrive({ pageSize: 50 });
  places.push(place);
  const follower = createFollower(connector, place.context);
  const item = (id: string): RemoteItem => {
    const found = follower.world.get(id);
    if (found === undefined) throw new Error(`${id} was not told of`);
    return found;
  };
  return { place, follower, item };
}

test('native documents come in the format that they are read in, and what has no text says so', async () => {
  const { place, follower, item } = await open();
  const add = (name: string, type: string): string =>
    place.world.add({ name, mimeType: `${NATIVE}${type}`, content: `# ${name}` });
  const [doc, sheet, slides, drawing] = [
    add('Plan', 'document'),
    add('Queue.xlsx', 'spreadsheet'),
    add('Talk', 'presentation'),
    add('Sketch', 'drawing'),
  ];
  await follower.follow();
  expect([doc, sheet, slides, drawing].map((id) => item(id).path)).toEqual([
    'Plan.md',
    'Queue.xlsx',
    'Talk.txt',
    'Sketch',
  ]);
  expect(item(drawing)).toMatchObject({
    kind: 'native',
    hasContent: false,
    skipped: expect.stringContaining('drawing'),
  });
  for (const [id, name, type] of [
    [doc, 'Plan.md', 'text/markdown'],
    [sheet, 'Queue.xlsx', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'],
    [slides, 'Talk.txt', 'text/plain'],
  ] as const) {
    const { version, kind, mediaType } = item(id);
    const download = await connector.download({ id, version, kind, mediaType }, {}, place.context());
    expect(download).toMatchObject({ name, mediaType: type });
    await download.body.cancel();
  }
  expect(String(await fetchItem(connector, place.context(), item(doc)))).toBe('# Plan');
  place.world.write(doc, '# Plan B');
  expect(await failure(fetchItem(connector, place.context(), item(doc)))).toMatchObject({ kind: 'conflict' });
});

test('a document that the API does not export comes by its link; its export cannot go on in its middle', async () => {
  const { place, follower, item } = await open();
  place.limits.exportBytes = 10;
  const id = place.world.add({ name: 'Long', mimeType: `${NATIVE}spreadsheet`, content: 'more than ten bytes' });
  await follower.follow();
  expect(String(await fetchItem(connector, place.context(), item(id)))).toBe('more than ten bytes');
  const { version, kind } = item(id);
  const again = connector.download({ id, version, kind }, { offset: 5 }, place.context());
  expect(await failure(again)).toMatchObject({ kind: 'conflict' });
});

test('a view, a right or a comment is no new content', async () => {
  const { place, follower, item } = await open();
  const ids = [await place.put('a.txt', 'a'), place.world.add({ name: 'Plan', mimeType: `${NATIVE}document` })];
  await follower.follow();
  const before = ids.map((id) => item(id).version);
  for (const id of ids) place.world.edit(id, {});
  await follower.follow();
  expect(ids.map((id) => item(id).version)).toEqual(before);
});

test('a shortcut has the content of what it leads to, but for what the source holds anyway, folders and what is gone', async () => {
  const { place, follower, item } = await open();
  const { world } = place;
  const outside = world.add({
    name: 'theirs.csv',
    parents: [],
    ownedByMe: false,
    content: 'a,b',
    mimeType: 'text/csv',
  });
  const inside = await place.put('mine.csv', 'c,d');
  const lead = (name: string, targetId: string, targetMimeType = 'text/csv'): string =>
    world.add({
      name,
      mimeType: `${NATIVE}shortcut`,
      shortcut: { targetId, targetMimeType, targetResourceKey: '0-key' },
    });
  const [toOutside, toInside, toFolder, toNothing] = [
    lead('link.csv', outside),
    lead('mine again.csv', inside),
    lead('folder', 'any', FOLDER),
    lead('gone.csv', 'nobody'),
  ];
  const events = await follower.follow();
  expect(item(toOutside)).toMatchObject({ kind: 'shortcut', name: 'link.csv', hasContent: true, size: 3 });
  expect(String(await fetchItem(connector, place.context(), item(toOutside)))).toBe('a,b');
  expect(item(toInside)).toMatchObject({ hasContent: false, skipped: expect.stringContaining('another item') });
  expect(item(toFolder)).toMatchObject({ hasContent: false, skipped: expect.stringContaining('folder') });
  expect(events).toContainEqual(
    expect.objectContaining({
      type: 'item-error',
      ref: expect.objectContaining({ id: toNothing }),
      error: expect.objectContaining({ kind: 'not-found' }),
    }),
  );
  const before = item(toOutside).version;
  world.write(outside, 'a,b,c');
  expect(await failure(fetchItem(connector, place.context(), item(toOutside)))).toMatchObject({ kind: 'conflict' });
  await follower.follow();
  expect(item(toOutside).version).not.toBe(before);
  expect(String(await fetchItem(connector, place.context(), item(toOutside)))).toBe('a,b,c');
  world.drop(outside);
  expect(await follower.follow()).toContainEqual(
    expect.objectContaining({ type: 'item-error', ref: expect.objectContaining({ id: toOutside }) }),
  );
});

test('a file that Google flags is refused with a way out, which is taken when it is set', async () => {
  const { place, follower, item } = await open();
  const id = place.world.add({ name: 'flagged.exe', content: 'x', refusal: 'cannotDownloadAbusiveFile' });
  await follower.follow();
  const refused = await failure(fetchItem(connector, place.context(), item(id)));
  expect(refused).toMatchObject({ kind: 'forbidden', hint: expect.stringContaining('acknowledgeAbuse') });
  const content = await fetchItem(connector, place.contextWith({ acknowledgeAbuse: true }), item(id));
  expect(String(content)).toBe('x');
});

test.each([
  [403, 'rateLimitExceeded', 'rate-limit'],
  [403, 'dailyLimitExceeded', 'rate-limit'],
  [403, 'downloadQuotaExceeded', 'quota'],
  [403, 'exportSizeLimitExceeded', 'too-large'],
  [403, 'insufficientFilePermissions', 'forbidden'],
  [403, 'insufficientPermissions', 'config'],
  [403, 'somethingNew', 'forbidden'],
  [404, 'notFound', 'not-found'],
  [429, 'somethingNew', 'rate-limit'],
  [400, 'invalid', 'config'],
  [401, 'rateLimitExceeded', 'auth-expired'],
  [500, 'backendError', 'transient'],
])('%i %s is %s', (status, reason, kind) => {
  const { body } = googleError(status, reason, 'Words of Google');
  const error = refusalError({ status, headers: new Headers(), body }, 'Google Drive');
  expect(error).toMatchObject({ kind, status, message: expect.stringContaining(`Words of Google (${reason})`) });
  if (kind === 'rate-limit') expect(error.retryAfterMs).toBeGreaterThan(0);
});

test('a limit that names its end in words is waited out until then, by the clock of whoever says so', () => {
  const { body } = googleError(
    429,
    'rateLimitExceeded',
    'User-rate limit exceeded.  Retry after 2026-01-01T00:05:00.000Z',
  );
  const headers = new Headers({ date: 'Thu, 01 Jan 2026 00:02:00 GMT' });
  expect(refusalError({ status: 429, headers, body }, 'Gmail').retryAfterMs).toBe(180_000);
});

test('a channel calls with the token that it was given, and with no other; a renewed one replaces it', async () => {
  const { place } = await open();
  const { webhooks } = connector;
  if (webhooks?.register === undefined) throw new Error('Drive has webhooks');
  place.world.addDrive('drive-a', 'Team A');
  const context = place.contextWith({ sharedDrives: ['*'] });
  const hook = { url: 'https://hub.example.org/webhooks/sources/google-drive', secret: 'secret of the hub' };
  const first = await webhooks.register(context, { ...hook, state: null });
  expect(place.channels.size).toBe(2);
  expect(first.expiresAt?.getTime()).toBeGreaterThan(Date.now() + 6 * 24 * 3_600_000);
  const [one, other] = [...place.channels.values()];
  const call = (id: unknown, token: unknown, state = 'change'): ReturnType<typeof webhooks.receive> =>
    webhooks.receive(
      {
        method: 'POST',
        url: new URL(hook.url),
        headers: new Headers({
          'x-goog-channel-id': String(id),
          'x-goog-channel-token': String(token),
          'x-goog-resource-state': state,
        }),
        body: new Uint8Array(),
      },
      hook.secret,
    );
  expect(await call(one?.['id'], one?.['token'])).toEqual({ dirty: ['0042'], status: 200 });
  expect(await call(one?.['id'], one?.['token'], 'sync')).toEqual({ dirty: [], status: 200 });
  expect(await call(other?.['id'], one?.['token'])).toEqual({ dirty: [], status: 403 });
  expect(await call(one?.['id'], `x${one?.['token']}`)).toEqual({ dirty: [], status: 403 });
  expect(await call('', '')).toEqual({ dirty: [], status: 403 });
  const second = await webhooks.register(context, { ...hook, state: first.state });
  expect(place.channels.size).toBe(2);
  expect([...place.channels.keys()]).not.toContain(one?.['id']);
  await webhooks.unregister?.(context, second.state);
  await webhooks.unregister?.(context, second.state);
  expect(place.channels.size).toBe(0);
});
