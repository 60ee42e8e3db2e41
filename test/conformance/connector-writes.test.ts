/** What every connector that writes promises: nothing of another version is written over, and what we wrote is known again. */
import { describe, expect, test } from 'vitest';
import { createFollower, failure, fetchItem } from '../support/follower.ts';
import { loadPairs, usePlaces } from './connector-fakes.ts';
import { write } from './upload-text.ts';

const { pairs } = await loadPairs();
const open = usePlaces();
const writing = pairs.filter(({ connector }) => connector.capabilities.write !== false);

test('some connectors write', () => {
  expect(writing.length).toBeGreaterThan(0);
});

describe.each(writing)('$id', ({ connector, fake }) => {
  const isConditional = connector.capabilities.write !== false && connector.capabilities.write.conditional !== 'none';

  test('a file that is written is listed as it was told, and read as it was written', async () => {
    const place = await open(fake);
    const follower = createFollower(connector, place.context);
    await follower.follow();
    const made = await write(connector, place, 'exports/відео 1.csv', 'video_id\n1\n', null);
    await follower.follow();
    const item = follower.world.get(made.id);
    expect(item).toMatchObject({ version: made.version, path: 'exports/відео 1.csv' });
    if (item === undefined) return;
    expect((await fetchItem(connector, place.context(), item)).toString()).toBe('video_id\n1\n');
    const again = await write(connector, place, 'exports/відео 1.csv', 'video_id\n2\n', made.version);
    expect(again.version).not.toBe(made.version);
    expect((await fetchItem(connector, place.context(), again)).toString()).toBe('video_id\n2\n');
  });

  test.runIf(isConditional)('what another one wrote meanwhile stays: a conflict says so', async () => {
    const place = await open(fake);
    const made = await write(connector, place, 'notes/a.txt', 'ours', null);
    await place.put('notes/a.txt', 'theirs, which is newer');
    for (const replaces of [made.version, null]) {
      expect(await failure(write(connector, place, 'notes/a.txt', 'ours again', replaces))).toMatchObject({
        kind: 'conflict',
      });
    }
    const follower = createFollower(connector, place.context);
    await follower.follow();
    const there = [...follower.world.values()].find(({ path }) => path === 'notes/a.txt');
    if (there === undefined) throw new Error('It is gone');
    expect((await fetchItem(connector, place.context(), there)).toString()).toBe('theirs, which is newer');
    expect(
      await failure(connector.remove?.({ ...there, version: made.version }, place.context()) ?? Promise.resolve()),
    ).toMatchObject({
      kind: 'conflict',
    });
  });

  test('what is removed is gone, and removing it again harms nothing', async () => {
    const place = await open(fake);
    const made = await write(connector, place, 'notes/a.txt', 'ours', null);
    const follower = createFollower(connector, place.context);
    await follower.follow();
    expect(follower.world.has(made.id)).toBe(true);
    const ref = { id: made.id, path: made.path, version: made.version };
    await connector.remove?.(ref, place.context());
    await follower.follow({ full: connector.capabilities.deletes === 'sweep' });
    expect(follower.world.has(made.id)).toBe(false);
    const again = await Promise.resolve(connector.remove?.(ref, place.context())).catch((thrown: unknown) => thrown);
    expect(again === undefined || Object(again).kind === 'not-found').toBe(true);
  });
});
