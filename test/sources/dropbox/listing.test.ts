import { describe, expect, test } from 'vitest';
import { refusalError } from '../../../src/sources/dropbox/errors.ts';
import { cursorOf, dropbox, listed, pathsOf, useDropboxes } from '../../support/dropbox/places.ts';

const open = useDropboxes();

test('a move is told as the end of the old path and the same id at the new one, in that order', async () => {
  const place = await open();
  const id = await place.put('old/a.csv', 'x');
  const cursor = cursorOf(await listed(place));
  await place.move?.('old', 'new');
  const events = await listed(place, cursor);
  const gone = events.findIndex((event) => event.type === 'delete' && event.pathKey === 'old' && event.subtree);
  const come = events.findIndex((event) => event.type === 'upsert' && event.item.id === id);
  expect(events[come]).toMatchObject({ item: { path: 'new/a.csv' }, replacesSubtree: true });
  expect(gone).toBeGreaterThanOrEqual(0);
  expect(come).toBeGreaterThan(gone);
});

test('a folder is the root of its source, whatever letters it was typed with', async () => {
  const place = await open({ settings: { folder: 'research/Queues/' } });
  await place.put('Research/Queues/one.csv', 'x');
  await place.put('Research/Queues/Deep/Two.csv', 'x');
  await place.put('Other/three.csv', 'x');
  const events = await listed(place);
  expect(pathsOf(events)).toEqual(['Deep/Two.csv', 'one.csv']);
  expect(events).toContainEqual(
    expect.objectContaining({ item: expect.objectContaining({ pathKey: 'deep/two.csv' }) }),
  );
  const cursor = cursorOf(events);
  await place.put('Other/four.csv', 'x');
  await place.remove('Research/Queues/Deep');
  const delta = await listed(place, cursor);
  expect(delta[0]).toEqual({ type: 'delete', pathKey: 'deep', subtree: true });
  expect(delta).toHaveLength(2);
});

test('a folder that is not there is a fault of the settings, never an empty place', async () => {
  const place = await open({ settings: { folder: 'Reserch' } });
  await expect(listed(place)).rejects.toMatchObject({ kind: 'config', message: expect.stringContaining('/Reserch') });
});

test('a cursor that was made for another folder leads to a full listing', async () => {
  const place = await open();
  await place.put('A/one.csv', 'x');
  const cursor = cursorOf(await listed(place));
  const other = { ...place.context(), settings: { folder: 'A' } };
  const events = [];
  for await (const event of dropbox.listChanges(cursor, other)) events.push(event);
  expect(events[0]).toMatchObject({ type: 'reset' });
  expect(events.at(-1)).toMatchObject({ type: 'complete', coverage: 'full' });
});

test('of a team’s account all of the team’s space is followed, or the member’s own folder', async () => {
  const place = await open({ home: '/Ada' });
  await place.put('Ada/mine.csv', 'x');
  await place.put('Team/ours.csv', 'x');
  expect(pathsOf(await listed(place))).toEqual(['Ada/mine.csv', 'Team/ours.csv']);
  expect(new Set(place.pathRoots)).toEqual(new Set(['{".tag":"root","root":"77"}']));
  const own = await open({ home: '/Ada', settings: { space: 'own' } });
  await own.put('Ada/mine.csv', 'x');
  await own.put('Team/ours.csv', 'x');
  expect(pathsOf(await listed(own))).toEqual(['mine.csv']);
  expect(own.pathRoots).toEqual([]);
});

test('what systems leave in folders is no item', async () => {
  const place = await open();
  for (const name of ['desktop.ini', '.DS_Store', 'Thumbs.db', '.dropbox']) await place.put(`a/${name}`, 'x');
  await place.put('a/real.csv', 'x');
  expect(pathsOf(await listed(place))).toEqual(['a/real.csv']);
});

test('a Paper document comes as Markdown, under a name that says so', async () => {
  const place = await open();
  await place.put('Notes/Звіт.paper', '# Words\n');
  const [paper] = (await listed(place)).flatMap((event) =>
    event.type === 'upsert' && event.item.kind === 'native' ? [event.item] : [],
  );
  if (paper === undefined) throw new Error('The document was not told of');
  const { body, ...rest } = await dropbox.download(paper, {}, place.context());
  expect(rest).toMatchObject({ name: 'Звіт.paper.md', mediaType: 'text/markdown', version: paper.version, size: 8 });
  expect(await new Response(body).text()).toBe('# Words\n');
});

describe('waiting', () => {
  test('it ends with a change, passes on how long to stay away, and asks without a token', async () => {
    const place = await open();
    await place.put('a.csv', 'x');
    const cursor = cursorOf(await listed(place));
    place.listings.backoff = 60;
    const waiting = dropbox.waitForChanges?.(cursor, place.context());
    await place.put('b.csv', 'x');
    expect(await waiting).toEqual({ changed: true, backoffMs: 60_000 });
  });

  test('a cursor of no use, or in the middle of a first pass, needs a listing at once', async () => {
    const place = await open();
    expect(await dropbox.waitForChanges?.('nonsense', place.context())).toEqual({ changed: true });
  });
});

describe('refusals', () => {
  const refusal = (status: number, body: unknown, headers: Record<string, string> = {}) =>
    refusalError({ status, headers: new Headers(headers), body });

  test('of both forms of a limit the longer wait counts', () => {
    const body = { error_summary: 'too_many_requests/', error: { reason: {}, retry_after: 30 } };
    expect(refusal(429, body, { 'retry-after': '5' })).toMatchObject({ kind: 'rate-limit', retryAfterMs: 30_000 });
    expect(refusal(429, body)).toMatchObject({ retryAfterMs: 30_000 });
    expect(refusal(429, 'slow down', { 'retry-after': '5' })).toMatchObject({ retryAfterMs: 5000 });
  });

  test.each([
    [409, 'reset/...', 'cursor-expired'],
    [409, 'path/restricted_content/.', 'forbidden'],
    [409, 'path/insufficient_space/', 'quota'],
    [409, 'path/not_found/..', 'not-found'],
    [409, 'path/conflict/file/...', 'conflict'],
    [409, 'too_many_write_operations/', 'transient'],
    [409, 'something_new/..', 'forbidden'],
    [401, 'expired_access_token/', 'auth-expired'],
    [401, 'invalid_access_token/', 'auth-revoked'],
    [401, 'missing_scope/', 'forbidden'],
    [400, 'Error in call', 'config'],
    [502, '<html>', 'transient'],
  ])('%i %s is %s', (status, summary, kind) => {
    const body = status === 400 || status === 502 ? summary : { error_summary: summary, error: {} };
    expect(refusal(status, body)).toMatchObject({ kind, status });
    expect(refusal(status, body).message).not.toContain('<');
  });
});
