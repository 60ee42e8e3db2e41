/** What Cloud Storage has of its own. */
import { expect, test } from 'vitest';
import type { UploadRequest } from '../../src/sources/connector.ts';
import gcs from '../../src/sources/connectors/gcs.ts';
import type { GcsContext, GcsSettings } from '../../src/sources/gcs/settings.ts';
import { usePlaces } from '../conformance/connector-fakes.ts';
import { createFollower, failure, fetchItem } from '../support/follower.ts';
import type { ProviderPlace } from '../support/provider-fake.ts';
import fake, { PACKED } from '../support/providers/gcs.ts';

const open = usePlaces();

function contextOf(place: ProviderPlace, settings: Partial<GcsSettings> = {}, serviceAccount?: string): GcsContext {
  const context = place.context();
  const keys = serviceAccount === undefined ? context.keys : { serviceAccount };
  return { ...context, settings: { ...Object(context.settings), ...settings }, keys };
}

test('names of every kind are told, read by their own name, and shown as paths that lead nowhere else', async () => {
  const place = await open(fake);
  const names = [
    'a b+c.txt',
    'тест/ключ ?&#%.md',
    'up/../etc/passwd',
    'x//y',
    '/slash',
    `${'n'.repeat(300)}.csv`,
    'a\u0001b',
  ];
  for (const name of names) await place.put(name, `content of ${name}`);
  for (const name of ['folder/', '..', 'nul\0']) await place.put(name, 'x');
  const follower = createFollower(gcs, place.context);
  const events = await follower.follow();
  expect([...follower.world.keys()].toSorted()).toEqual(names.toSorted());
  for (const item of follower.world.values()) {
    expect((await fetchItem(gcs, place.context(), item)).toString()).toBe(`content of ${item.id}`);
  }
  expect(follower.world.get('up/../etc/passwd')?.path).toBe('up/․․/etc/passwd');
  const errors = events.flatMap((event) => (event.type === 'item-error' ? [event.ref.path] : []));
  expect(errors.toSorted()).toEqual(['nul␀', '․․']);
});

test('a token that is refused is replaced, and the next attempt passes; one token does for many requests', async () => {
  const place = await open(fake);
  for (let number = 0; number < 9; number += 1) await place.put(`n${number}`, 'x');
  const context = contextOf(place);
  const follower = createFollower(gcs, () => context);
  const before = place.requests('any');
  await follower.follow();
  expect(place.requests('any') - before).toBe(place.requests('list') + 1);
  place.fault('list', { kind: 'expired-token' });
  expect(await failure(follower.follow())).toMatchObject({ kind: 'transient', status: 401 });
  await follower.follow();
  expect(follower.world.size).toBe(9);
});

test('a key that is none, or of another account, is told without showing it', async () => {
  const place = await open(fake);
  const right: Record<string, unknown> = JSON.parse(place.context().keys['serviceAccount'] ?? '');
  for (const key of ['', 'not JSON', '{}', JSON.stringify({ ...right, private_key: 'c2VjcmV0' })]) {
    const error = await failure(gcs.check(contextOf(place, {}, key)));
    expect(error).toMatchObject({ kind: 'config', hint: expect.stringContaining('service account') });
    expect(Object(error).cause).toBeUndefined();
  }
  const other = JSON.stringify({ ...right, client_email: 'other@fake.iam.gserviceaccount.com' });
  expect(await failure(gcs.check(contextOf(place, {}, other)))).toMatchObject({ kind: 'auth-revoked' });
});

test('a bucket that is not there is the settings’ fault; a page for browsers is no empty bucket', async () => {
  const place = await open(fake);
  expect(await failure(gcs.check(contextOf(place, { bucket: 'nobodys-bucket' })))).toMatchObject({ kind: 'config' });
  await place.put('a', 'a');
  place.fault('list', { kind: 'html' });
  expect(await failure(createFollower(gcs, place.context).follow())).toMatchObject({ kind: 'transient' });
});

test.each(['team/research', 'team/research/'])('the prefix %s is the root of paths', async (prefix) => {
  const place = await open(fake);
  await place.put('team/research/a.txt', 'a');
  await place.put('team/research2/b.txt', 'b');
  const context = contextOf(place, { prefix });
  const request: UploadRequest = { path: 'new/c.txt', size: 1, open: () => new Blob(['c']).stream(), replaces: null };
  expect(await gcs.upload?.(request, context)).toMatchObject({ id: 'team/research/new/c.txt', path: 'new/c.txt' });
  const follower = createFollower(gcs, () => context);
  await follower.follow();
  expect([...follower.world.values()].map(({ path }) => path)).toEqual(['a.txt', 'new/c.txt']);
});

test.each(['../a', 'a//b', '', 'n'.repeat(1025), 'a\0', 'a\nb'])('nothing is written to %j', async (path) => {
  const place = await open(fake);
  const request: UploadRequest = { path, size: 1, open: () => new Blob(['c']).stream(), replaces: 'any' };
  expect(await failure(Promise.resolve(gcs.upload?.(request, contextOf(place))))).toMatchObject({ kind: 'forbidden' });
  expect(place.requests('upload')).toBe(0);
});

test('what is kept compressed is read as it was, and not compared with the hashes of what is kept', async () => {
  const place = await open(fake);
  await place.put(`${PACKED}a.txt`, 'alpha');
  const follower = createFollower(gcs, place.context);
  await follower.follow();
  const item = follower.world.get(`${PACKED}a.txt`);
  if (item === undefined) throw new Error('It was not told of');
  expect([item.size, item.hash]).toEqual([undefined, undefined]);
  expect((await fetchItem(gcs, place.context(), item)).toString()).toBe('alpha');
});
