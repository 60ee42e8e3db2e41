/** An export that goes back into a place replaces what we know of it, and nothing that somebody else has written since. */
import { expect, test } from 'vitest';
import { loadRegistry } from '../../../src/ingest/registry.ts';
import { silentLog } from '../../../src/kernel/log.ts';
import { fireDueWriteBacks } from '../../../src/sources/write-back/due.ts';
import { useTestDatabase } from '../../support/database.ts';
import { useDropboxes } from '../../support/dropbox/places.ts';
import { itemsOf } from '../../support/syncing.ts';
import { writingBack } from '../../support/writing-back.ts';

const database = await useTestDatabase();
const ingest = { ...(await loadRegistry()), database, log: silentLog() };
const open = useDropboxes();
const PATH = 'out/channels list.csv';

async function setUp() {
  await database.owner.query('DELETE FROM data_sources; DELETE FROM channels; DELETE FROM jobs');
  await addChannel('c1');
  const place = await open();
  const writing = await writingBack(database, ingest, place);
  const key = await writing.add({ path: PATH, timing: 'after_edits' });
  const text = (path = PATH) => place.world.find(`/${path}`)?.content.toString();
  const item = async () => (await itemsOf(database, writing.sourceId)).find((one) => one.external_path === PATH);
  return { place, ...writing, key, text, item };
}

const addChannel = (id: string) =>
  database.owner.query('INSERT INTO channels (channel_id, name, platform) VALUES ($1, $2, $3)', [
    id,
    `Channel ${id}`,
    'youtube',
  ]);

test('it is written once, again after a change, and its echo in the next listing is no change', async () => {
  const { place, sync, run, key, text, item, line } = await setUp();
  expect(await run(key)).toMatchObject({ status: 'written', rows: 1, path: PATH });
  expect(text()).toMatch(/^channel_id,name.*\nc1,/);
  const requests = place.requests('download');
  expect(await sync((await line(key))['source_id'] as string)).toMatchObject({ found: 2, processed: 0, created: 0 });
  expect(place.requests('download')).toBe(requests);
  expect(await item()).toMatchObject({ sync_status: 'synced' });
  expect(await run(key)).toMatchObject({ status: 'unchanged' });
  await addChannel('c2');
  expect(await run(key)).toMatchObject({ status: 'written', rows: 2 });
  expect(await sync((await line(key))['source_id'] as string)).toMatchObject({ processed: 0 });
  expect(place.requests('download')).toBe(requests);
  expect(text()).toContain('c2');
});

test('where somebody else was faster both versions are kept, and theirs is taken in before ours goes there again', async () => {
  const { place, sync, sourceId, run, key, text, item, line } = await setUp();
  await run(key);
  await sync(sourceId);
  await addChannel('c2');
  await place.put(PATH, 'theirs');
  expect(await run(key)).toMatchObject({ status: 'conflict' });
  const copy = `out/channels list (Cairn's conflicted copy ${new Date().toISOString().slice(0, 10)}).csv`;
  expect(text()).toBe('theirs');
  expect(text(copy)).toContain('c2');
  expect(await line(key)).toMatchObject({ last_status: 'conflict', conflict_path: copy });
  expect(await item()).toMatchObject({ sync_status: 'conflict', error: { code: 'CONFLICT' } });
  // Not read yet: nothing is written over it.
  await addChannel('c3');
  expect(await run(key)).toMatchObject({ status: 'waiting' });
  expect(text()).toBe('theirs');
  await sync(sourceId);
  expect(await item()).toMatchObject({ sync_status: 'synced', error: null });
  const items = await itemsOf(database, sourceId);
  expect(items.find(({ external_path: path }) => path === copy)).toMatchObject({ sync_status: 'conflict' });
  expect(await run(key)).toMatchObject({ status: 'written' });
  expect(text()).toContain('c3');
  expect(await line(key)).toMatchObject({ last_status: 'written', conflict_path: null });
});

test('a file that was there before us is never written over unread', async () => {
  const { place, sync, sourceId, run, key, text } = await setUp();
  await place.put(PATH, 'theirs');
  expect(await run(key)).toMatchObject({ status: 'conflict' });
  expect(text()).toBe('theirs');
  await sync(sourceId);
  expect(await run(key)).toMatchObject({ status: 'written' });
});

test('a run that was killed after it had sent the file takes it for its own, not for a conflict', async () => {
  const { place, run, key, text, line } = await setUp();
  const killed = async () => {
    throw new Error('killed');
  };
  await run(key);
  await addChannel('c2');
  await expect(run(key, { between: killed })).rejects.toThrow('killed');
  const sent = text();
  expect(sent).toContain('c2');
  expect(await run(key)).toMatchObject({ status: 'written' });
  expect(text()).toBe(sent);
  expect([...place.world.entries.keys()].filter((path) => path.includes('conflicted'))).toEqual([]);
  expect(await line(key)).toMatchObject({ last_status: 'written' });
});

test('a file that was removed from the place comes back only once that is known', async () => {
  const { place, sync, sourceId, run, key, text } = await setUp();
  await run(key);
  await sync(sourceId);
  await place.remove(PATH);
  await addChannel('c2');
  expect(await run(key)).toMatchObject({ status: 'waiting' });
  await sync(sourceId);
  expect(await run(key)).toMatchObject({ status: 'written' });
  expect(text()).toContain('c2');
});

test('edits make it due, once; a paused one and one of a paused source are not', async () => {
  const { run, key, sourceId } = await setUp();
  await run(key);
  await database.owner.query('UPDATE write_backs SET next_run_at = NULL');
  expect(await fireDueWriteBacks(database.write)).toBe(0);
  await addChannel('c2');
  await database.owner.query('UPDATE data_sources SET is_active = false WHERE source_id = $1', [sourceId]);
  expect(await fireDueWriteBacks(database.write)).toBe(0);
  await database.owner.query('UPDATE data_sources SET is_active = true WHERE source_id = $1', [sourceId]);
  expect(await fireDueWriteBacks(database.write)).toBe(1);
  expect(await fireDueWriteBacks(database.write)).toBe(0);
});

test('what the place refuses is said at the write-back, and the upload waits as long as it asks', async () => {
  const { place, run, key, line } = await setUp();
  place.fault('upload', { kind: 'rate-limit', retryAfter: 30 });
  await expect(run(key)).rejects.toMatchObject({ code: 'RATE_LIMITED', retryAfterMs: 30_000 });
  expect(await line(key)).toMatchObject({ last_status: 'failed', error: { code: 'RATE_LIMITED' } });
  // There is an edit that it has not seen, and still it is not asked for again and again.
  expect(await fireDueWriteBacks(database.write)).toBe(0);
  await database.owner.query('UPDATE write_backs SET next_run_at = now()');
  expect(await fireDueWriteBacks(database.write)).toBe(1);
  expect(await run(key)).toMatchObject({ status: 'written' });
  expect(await line(key)).toMatchObject({ last_status: 'written', error: null });
});
