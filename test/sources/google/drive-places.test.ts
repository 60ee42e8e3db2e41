/** Shared drives, what others share, one folder alone: where a source of Drive may begin, and what may be missing from it. */
import { afterEach, expect, test } from 'vitest';
import connector from '../../../src/sources/connectors/google-drive.ts';
import type { DriveSettings } from '../../../src/sources/google/drive/settings.ts';
import { createFollower, type Follower, failure } from '../../support/follower.ts';
import { FOLDER } from '../../support/google/drive-world.ts';
import { type FakeDrive, openGoogleDrive } from '../../support/providers/google-drive.ts';

const places: FakeDrive[] = [];
afterEach(async () => {
  await Promise.all(places.splice(0).map((place) => place.close()));
});

async function open(
  settings: DriveSettings = {},
): Promise<{ place: FakeDrive; follower: Follower; follow: (settings: DriveSettings) => Follower }> {
  const place = await openGoogleDrive({ pageSize: 3 });
  places.push(place);
  const follow = (some: DriveSettings): Follower => createFollower(connector, () => place.contextWith(some));
  return { place, follower: follow(settings), follow };
}

const pathsOf = (follower: Follower): (string | undefined)[] =>
  [...follower.world.values()].map(({ path }) => path).sort();

test('each shared drive is followed by its own log, and what moves between drives is there once', async () => {
  const { place, follower } = await open({ sharedDrives: ['*'] });
  const { world } = place;
  world.addDrive('drive-a', 'Team / A');
  const plan = world.add({ name: 'plan.md', parent: 'drive-a' });
  const mine = world.add({ name: 'mine.md' });
  await follower.follow();
  expect(pathsOf(follower)).toEqual(['Shared drives/Team ∕ A', 'Shared drives/Team ∕ A/plan.md', 'mine.md']);
  world.edit(mine, { parents: ['drive-a'], driveId: 'drive-a', ownedByMe: false });
  await follower.follow();
  expect(follower.world.get(mine)?.path).toBe('Shared drives/Team ∕ A/mine.md');
  world.edit(plan, { parents: ['root-of-my-drive'], driveId: undefined, ownedByMe: true });
  await follower.follow();
  expect(follower.world.get(plan)?.path).toBe('plan.md');
  world.addDrive('drive-b', 'Team B');
  world.add({ name: 'b.md', parent: 'drive-b' });
  world.drives.set('drive-a', 'Team A');
  await follower.follow();
  expect(pathsOf(follower)).toEqual([
    'Shared drives/Team A',
    'Shared drives/Team A/mine.md',
    'Shared drives/Team B',
    'Shared drives/Team B/b.md',
    'plan.md',
  ]);
  world.drives.delete('drive-a');
  const gone = await follower.follow();
  expect(gone.filter(({ type }) => type === 'delete')).toEqual([{ type: 'delete', id: 'drive-a', subtree: true }]);
  expect(pathsOf(follower)).toEqual(['Shared drives/Team B', 'Shared drives/Team B/b.md', 'plan.md']);
});

test('shared drives that come and go are told where the folders are too many for the cursor, and an idle pass does not read them', async () => {
  const { place, follower } = await open({ sharedDrives: ['*'] });
  const { world } = place;
  world.addDrive('drive-a', 'A');
  world.add({ name: 'a.md', parent: 'drive-a' });
  await follower.follow();
  const bare = (): { from: string } => {
    const { v, at } = JSON.parse(follower.cursor() ?? '');
    const { tree: _, ...rest } = at;
    return { from: JSON.stringify({ v, at: rest }) };
  };
  const asked = place.asked.length;
  await follower.follow(bare());
  expect(place.asked.slice(asked).filter((one) => one.includes('/files '))).toEqual([]);
  world.drives.delete('drive-a');
  world.addDrive('drive-b', 'B');
  world.add({ name: 'b.md', parent: 'drive-b' });
  await follower.follow(bare());
  expect(pathsOf(follower)).toEqual(['Shared drives/B', 'Shared drives/B/b.md']);
});

test('a shared drive that does not open is told, and nothing is concluded from its silence', async () => {
  const { place, follower } = await open({ sharedDrives: ['drive-a'], myDrive: false });
  place.world.addDrive('drive-a', 'Team A');
  place.world.add({ name: 'plan.md', parent: 'drive-a' });
  await follower.follow();
  place.world.drives.delete('drive-a');
  const events = await follower.follow({ full: true });
  expect(events[0]).toMatchObject({ type: 'item-error', ref: { id: 'drive-a' }, error: { kind: 'not-found' } });
  expect(events.at(-1)).toMatchObject({ coverage: 'partial' });
  expect(pathsOf(follower)).toContain('Shared drives/Team A/plan.md');
  await follower.follow();
  expect(pathsOf(follower)).toContain('Shared drives/Team A/plan.md');
});

test('a shared drive that lists as empty is asked whether it is still there before that is believed', async () => {
  const { place, follower } = await open({ sharedDrives: ['*'], myDrive: false });
  place.world.addDrive('drive-a', 'Team A');
  await follower.follow();
  expect((await follower.follow({ full: true })).at(-1)).toMatchObject({ coverage: 'full' });
  const events = [];
  for await (const event of connector.listChanges(null, place.contextWith({ sharedDrives: ['*'], myDrive: false }))) {
    if (event.type === 'checkpoint') place.world.drives.delete('drive-a');
    events.push(event);
  }
  expect(events.at(-1)).toMatchObject({ type: 'complete', coverage: 'partial' });
});

test('a search that did not look everywhere is partial', async () => {
  const { place, follower } = await open();
  await place.put('a.txt', 'a');
  await follower.follow();
  place.search.isIncomplete = true;
  place.world.files.delete(place.world.find('a.txt')?.id ?? '');
  expect((await follower.follow({ full: true })).at(-1)).toMatchObject({ coverage: 'partial' });
  expect(pathsOf(follower)).toEqual(['a.txt']);
});

test('what others put into a shared folder of ours is there, though no listing of our own drive tells of it', async () => {
  const { place, follower } = await open();
  const lab = place.world.add({ name: 'lab', mimeType: FOLDER, shared: true });
  await place.put('mine.txt', 'mine');
  const theirs = place.world.add({ name: 'theirs', mimeType: FOLDER, parent: lab, ownedByMe: false });
  place.world.add({ name: 'a.txt', parent: theirs, ownedByMe: false });
  place.world.add({ name: 'ours.txt', parent: lab });
  await follower.follow();
  await follower.follow({ full: true });
  expect(pathsOf(follower)).toEqual(['lab', 'lab/ours.txt', 'lab/theirs', 'lab/theirs/a.txt', 'mine.txt']);
});

test('what others share is left out, or lies in a folder of its own', async () => {
  const { place, follower, follow } = await open();
  const shared = place.world.add({ name: 'theirs', mimeType: FOLDER, parents: [], ownedByMe: false });
  place.world.add({ name: 'a.txt', parent: shared, ownedByMe: false });
  await follower.follow();
  expect(pathsOf(follower)).toEqual([]);
  const all = follow({ sharedWithMe: true });
  await all.follow();
  expect(pathsOf(all)).toEqual(['Shared with me/theirs', 'Shared with me/theirs/a.txt']);
  const late = place.world.add({ name: 'late.txt', parent: shared, ownedByMe: false });
  const alone = place.world.add({ name: 'alone.txt', parents: [], ownedByMe: false });
  await all.follow();
  await all.follow({ full: true });
  expect([late, alone].map((id) => all.world.get(id)?.path)).toEqual([
    'Shared with me/theirs/late.txt',
    'Shared with me/alone.txt',
  ]);
  place.world.drop(shared);
  place.world.drop(alone);
  await all.follow();
  expect(pathsOf(all)).toEqual([]);
});

test('of one folder, what moves out is gone, what moves in comes with all below it, and the rest of the drive is not asked for', async () => {
  const { place, follow } = await open();
  await place.put('lab/a.txt', 'a');
  await place.put('lab/deep/b.txt', 'b');
  await place.put('private/secret/c.txt', 'c');
  const id = place.world.find('lab')?.id ?? '';
  const settings = { folder: `https://drive.google.com/drive/u/0/folders/${id}?usp=sharing` };
  const follower = follow(settings);
  const asked = place.asked.length;
  await follower.follow();
  expect(pathsOf(follower)).toEqual(['a.txt', 'deep', 'deep/b.txt']);
  expect(place.asked.slice(asked).filter((one) => /files\b/.test(one) && /q=mime/.test(one))).toEqual([]);
  await place.move?.('lab/deep', 'deep');
  await place.move?.('private/secret', 'lab/secret');
  await place.put('private/other.txt', 'other');
  await follower.follow();
  expect(pathsOf(follower)).toEqual(['a.txt', 'secret', 'secret/c.txt']);
  await place.remove('lab');
  expect(await failure(follower.follow())).toMatchObject({ kind: 'config' });
  expect(await failure(follow({ folder: 'nobody' }).follow())).toMatchObject({ kind: 'config' });
  expect(await failure(connector.check(place.contextWith({ folder: 'nobody' })))).toMatchObject({ kind: 'config' });
  expect(pathsOf(follower)).toEqual(['a.txt', 'secret', 'secret/c.txt']);
});

test('other settings make the cursor useless', async () => {
  const { place, follower, follow } = await open();
  await place.put('lab/a.txt', 'a');
  await follower.follow();
  const other = follow({ folder: place.world.find('lab')?.id ?? '' });
  const events = await other.follow({ from: follower.cursor() ?? '' });
  expect(events[0]).toMatchObject({ type: 'reset' });
  expect(pathsOf(other)).toEqual(['a.txt']);
});

test('what changes while everything is listed is told by the next pass', async () => {
  const { place } = await open();
  for (let number = 0; number < 7; number += 1) await place.put(`n${number}.txt`, 'a');
  let cursor = '';
  for await (const event of connector.listChanges(null, place.context())) {
    if (event.type === 'checkpoint' && cursor === '') await place.put('n0.txt', 'anew');
    if (event.type === 'checkpoint' || event.type === 'complete') cursor = event.cursor;
  }
  const told: string[] = [];
  for await (const event of connector.listChanges(cursor, place.context())) {
    if (event.type === 'upsert') told.push(event.item.name);
  }
  expect(told).toContain('n0.txt');
});
