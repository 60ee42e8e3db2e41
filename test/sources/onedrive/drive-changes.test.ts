/** What is particular to a drive: paths that no delta tells, folders that move, feeds that repeat. */
import { afterEach, expect, test } from 'vitest';
import type { SyncEvent } from '../../../src/sources/connector.ts';
import connector from '../../../src/sources/connectors/onedrive.ts';
import { openDrive } from '../../../src/sources/onedrive/drive.ts';
import type { OneDriveContext } from '../../../src/sources/onedrive/graph.ts';
import { createPagePass } from '../../../src/sources/onedrive/page-events.ts';
import { createFollower, failure } from '../../support/follower.ts';
import { openOneDrive } from '../../support/providers/onedrive.ts';

const open: { close: () => Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((place) => place.close()));
});

async function place(settings: object = {}, pageSize = 3): ReturnType<typeof openOneDrive> {
  const opened = await openOneDrive({ settings, pageSize });
  open.push(opened);
  return opened;
}

function context(of: Awaited<ReturnType<typeof openOneDrive>>): OneDriveContext {
  return of.context() as OneDriveContext;
}

function paths(events: readonly SyncEvent[]): (string | undefined)[] {
  return events.flatMap((event) => (event.type === 'upsert' ? [event.item.path] : []));
}

test('what lies below a folder that was renamed is told under its new path, and keeps its version', async () => {
  const drive = await place();
  const ids = [];
  for (const path of ['a/1.txt', 'a/b/2.txt', 'a/b/3.txt', 'other/4.txt']) ids.push(await drive.put(path, path));
  const follower = createFollower(connector, drive.context);
  await follower.follow();
  const before = ids.map((id) => follower.world.get(id)?.version);
  await drive.move?.('a', 'renamed');
  const events = await follower.follow();
  expect(paths(events).sort()).toEqual(['renamed', 'renamed/1.txt', 'renamed/b', 'renamed/b/2.txt', 'renamed/b/3.txt']);
  expect(ids.map((id) => follower.world.get(id)?.version)).toEqual(before);
});

test('the path of a change below folders that were not told is asked for, each folder once', async () => {
  const drive = await place();
  await drive.put('one/two/three/old.txt', 'old');
  const follower = createFollower(connector, drive.context);
  await follower.follow();
  await drive.put('one/two/three/new.txt', 'new');
  await drive.put('one/two/three/newer.txt', 'newer');
  const before = drive.requests('any');
  expect(paths(await follower.follow())).toEqual(['one/two/three/new.txt', 'one/two/three/newer.txt']);
  // The drive, the delta, and the three folders with their root.
  expect(drive.requests('any') - before).toBeLessThanOrEqual(6);
});

test('what was moved out of a folder before that was deleted stays', async () => {
  const drive = await place();
  const id = await drive.put('doomed/kept.txt', 'kept');
  const gone = await drive.put('doomed/gone.txt', 'gone');
  const follower = createFollower(connector, drive.context);
  await follower.follow();
  await drive.move?.('doomed/kept.txt', 'safe/kept.txt');
  await drive.remove('doomed');
  await follower.follow();
  expect(follower.world.get(id)?.path).toBe('safe/kept.txt');
  expect(follower.world.has(gone)).toBe(false);
});

test('of a drive of which one folder is followed, what leaves it is a delete, and what comes brings its children', async () => {
  const drive = await place({ folder: 'Research' });
  const left = await drive.put('research/left.txt', 'left');
  await drive.put('research/stays.txt', 'stays');
  await drive.put('outside/deep/in.txt', 'in');
  const follower = createFollower(connector, drive.context);
  expect(paths(await follower.follow()).sort()).toEqual(['left.txt', 'stays.txt']);
  await drive.move?.('research/left.txt', 'outside/left.txt');
  await drive.move?.('outside/deep', 'research/deep');
  const events = await follower.follow();
  expect(events).toContainEqual({ type: 'delete', id: left, subtree: true });
  expect(paths(events)).toEqual(expect.arrayContaining(['deep', 'deep/in.txt']));
  expect([...follower.world.values()].map(({ path }) => path).sort()).toEqual(['deep', 'deep/in.txt', 'stays.txt']);
});

test('of an item that a feed tells twice, the last word holds', async () => {
  const drive = await place();
  const { id: driveId } = await openDrive(context(drive));
  const pass = createPagePass(context(drive), driveId, false);
  const parentReference = { id: drive.world.root.id };
  const file = { id: 'f', parentReference, file: {} };
  const told: SyncEvent[] = [];
  for await (const event of pass([
    { ...file, name: 'first.txt', eTag: '1' },
    { id: 'g', deleted: {} },
    { ...file, name: 'last.txt', eTag: '2' },
    { id: 'g', parentReference, name: 'restored.txt', file: {} },
  ])) {
    told.push(event);
  }
  expect(paths(told)).toEqual(['last.txt', 'restored.txt']);
  expect(told.every(({ type }) => type === 'upsert')).toBe(true);
});

test('a page that leads to another host is not followed, and no token goes there', async () => {
  const drive = await place();
  const asked: string[] = [];
  const fetch: typeof globalThis.fetch = async (input, init) => {
    asked.push(String(input));
    if (!String(input).endsWith('/delta')) return context(drive).fetch(input, init);
    return Response.json({ value: [], '@odata.nextLink': 'https://elsewhere.example/delta?token=1' });
  };
  const follower = createFollower(connector, () => ({ ...drive.context(), fetch }));
  expect(await failure(follower.follow())).toMatchObject({ kind: 'config' });
  expect(asked.some((url) => url.includes('elsewhere'))).toBe(false);
});

test.each([
  [{ place: 'site', site: 'https://example.sharepoint.com/sites/research/' }, 'b!drive-1'],
  [{ place: 'site', site: 'example.sharepoint.com/sites/research', library: 'archive' }, 'b!archive'],
  [{ place: 'drive', driveId: 'b!drive-1' }, 'b!drive-1'],
])('the settings %o mean the drive %s', async (settings, id) => {
  const drive = await place(settings);
  expect(await connector.check(context(drive) as never)).toMatchObject({ accountId: id });
});

test('a library that a site does not have is a fault of the settings that names those it has', async () => {
  const drive = await place({ place: 'site', site: 'https://example.sharepoint.com/sites/research', library: 'None' });
  const error = await failure(openDrive(context(drive)));
  expect(error).toMatchObject({ kind: 'config', hint: 'It has: Documents, Archive.' });
});
