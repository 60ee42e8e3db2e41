/** What every connector promises of a place where nothing is wrong, run over its fake: a new connector gets all of it for its fake. */
import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import type { RemoteItem } from '../../src/sources/connector.ts';
import { readSettings } from '../../src/sources/settings.ts';
import { createFollower, failure, fetchItem } from '../support/follower.ts';
import type { ProviderPlace } from '../support/provider-fake.ts';
import { loadPairs, usePlaces } from './connector-fakes.ts';

const { pairs, connectors, fakes } = await loadPairs();
const open = usePlaces();

test('every connector has a fake, and every fake a connector', () => {
  expect(fakes.toSorted()).toEqual(connectors.toSorted());
});

/** Three pages and a bit, in folders, with names as people give them. */
const FILES: Readonly<Record<string, string>> = {
  'readme.md': '# Read me\n\nThe first words.',
  'queue/videos.csv': 'video_id,title\n1,One\n2,Two\n',
  'queue/old/videos 2024.csv': 'video_id,title\n0,Zero\n',
  'queue/old/звіт.md': 'Текст українською.',
  'notes/a.txt': 'alpha',
  'notes/b.txt': 'beta',
  'notes/deep/er/c.txt': 'gamma',
  'z.txt': 'the last one',
};

async function fill(place: ProviderPlace, files: Readonly<Record<string, string>>): Promise<Map<string, string>> {
  const ids = new Map<string, string>();
  for (const [path, content] of Object.entries(files)) ids.set(path, await place.put(path, content));
  return ids;
}

/** The ids of what has content: places may tell of folders as well, or not. */
function contents(world: ReadonlyMap<string, RemoteItem>): string[] {
  return [...world.values()]
    .filter(({ hasContent }) => hasContent)
    .map(({ id }) => id)
    .sort();
}

describe.each(pairs)('$id', ({ connector, fake }) => {
  test('its settings are a JSON Schema that a form can be made of, and those of its fake pass it', async () => {
    new Ajv({ strict: true }).compile(JSON.parse(JSON.stringify(connector.settings)));
    const place = await open(fake);
    expect(readSettings(connector, place.context().settings)).toEqual(place.context().settings);
    const unknown = { ...Object(place.context().settings), nobody: 1 };
    expect(() => readSettings(connector, unknown)).toThrow(expect.objectContaining({ code: 'BAD_USER_INPUT' }));
    expect(Object.keys(place.context().keys).sort()).toEqual(
      Object.keys(connector.keys ?? {}).filter((name) => name in place.context().keys),
    );
  });

  test('it says who we are', async () => {
    const place = await open(fake);
    const { accountId } = await connector.check(place.context());
    expect(accountId).not.toBe('');
  });

  test('a full listing of several pages tells of everything there is, and all of it can be downloaded', async () => {
    const place = await open(fake);
    const ids = await fill(place, FILES);
    const follower = createFollower(connector, place.context);
    const events = await follower.follow();
    expect(events.at(-1)).toMatchObject({ type: 'complete', coverage: 'full' });
    expect(contents(follower.world)).toEqual([...ids.values()].sort());
    for (const [path, id] of ids) {
      const item = follower.world.get(id);
      if (item === undefined) throw new Error(`${path} was not told of`);
      expectSound(item);
      if (item.kind === 'file' && item.path !== undefined) expect(item.path).toBe(path);
      const content = (await fetchItem(connector, place.context(), item)).toString('utf8');
      if (item.kind === 'file') expect(content).toBe(FILES[path]);
      else expect(content).toContain(FILES[path]?.split('\n').at(-1)?.trim());
    }
  });

  test('an empty place is listed to its end', async () => {
    const place = await open(fake);
    const follower = createFollower(connector, place.context);
    expect((await follower.follow()).at(-1)).toMatchObject({ type: 'complete', coverage: 'full' });
    expect(contents(follower.world)).toEqual([]);
  });

  test('what comes, changes, moves and goes is told by the next pass, and what stays keeps its version', async () => {
    const place = await open(fake);
    const ids = await fill(place, FILES);
    const follower = createFollower(connector, place.context);
    await follower.follow();
    const idOf = (path: string): string => ids.get(path) ?? '';
    const before = new Map(follower.world);
    await place.put('notes/a.txt', 'alpha, written anew');
    const added = await place.put('notes/new.txt', 'delta');
    await place.remove('z.txt');
    await place.move?.('readme.md', 'notes/read me.md');
    const events = await follower.follow();
    const told = events.flatMap((event) => (event.type === 'upsert' ? [event.item.id] : []));
    expect(told).toContain(added);
    expect(told).toContain(idOf('notes/a.txt'));
    if (connector.capabilities.changes === 'cursor') expect(told).not.toContain(idOf('queue/videos.csv'));
    // A place that tells of no deletes is asked for everything now and then.
    if (connector.capabilities.deletes === 'sweep') await follower.follow({ full: true });
    expect(follower.world.has(idOf('z.txt'))).toBe(false);
    expect(follower.world.get(idOf('queue/videos.csv'))?.version).toBe(before.get(idOf('queue/videos.csv'))?.version);
    expect(follower.world.get(idOf('notes/a.txt'))?.version).not.toBe(before.get(idOf('notes/a.txt'))?.version);
    if (place.move === undefined) return;
    const keepsId = connector.capabilities.rename === 'same-id';
    expect(follower.world.has(idOf('readme.md'))).toBe(keepsId);
    const moved = [...follower.world.values()].find(({ path, name }) => (path ?? name).endsWith('read me.md'));
    expect(moved).toBeDefined();
    if (keepsId) expect(moved?.id).toBe(idOf('readme.md'));
  });

  test('a folder that is removed takes along what lay in it', async () => {
    const place = await open(fake);
    const ids = await fill(place, FILES);
    const follower = createFollower(connector, place.context);
    await follower.follow();
    await place.remove('queue');
    await follower.follow({ full: connector.capabilities.deletes === 'sweep' });
    const left = [...ids].filter(([path]) => !path.startsWith('queue/')).map(([, id]) => id);
    expect(contents(follower.world)).toEqual(left.sort());
  });

  test('where nothing changed, nothing is told, or the same again', async () => {
    const place = await open(fake);
    await fill(place, FILES);
    const follower = createFollower(connector, place.context);
    await follower.follow();
    const before = new Map([...follower.world].map(([id, { version, path }]) => [id, { version, path }]));
    const events = await follower.follow();
    if (connector.capabilities.changes === 'cursor') expect(events.filter(({ type }) => type === 'upsert')).toEqual([]);
    expect(new Map([...follower.world].map(([id, { version, path }]) => [id, { version, path }]))).toEqual(before);
  });

  test('content of another version than was listed is refused, and so is what is gone', async () => {
    const place = await open(fake);
    const id = await place.put('notes/a.txt', 'alpha');
    const follower = createFollower(connector, place.context);
    await follower.follow();
    const item = follower.world.get(id);
    if (item === undefined) throw new Error('It was not told of');
    await place.put('notes/a.txt', 'not alpha any more');
    expect(await failure(fetchItem(connector, place.context(), item))).toMatchObject({ kind: 'conflict' });
    await place.remove('notes/a.txt');
    const gone = await failure(fetchItem(connector, place.context(), item));
    expect(['not-found', 'conflict']).toContain(Object(gone).kind);
  });

  test('told to end, it ends', async () => {
    const place = await open(fake);
    await fill(place, FILES);
    const control = new AbortController();
    const listing = connector.listChanges(null, place.context(control.signal));
    const run = async (): Promise<string> => {
      for await (const event of listing) {
        control.abort(new Error('told to end'));
        if (event.type === 'complete') return 'listed to its end';
      }
      return 'ended';
    };
    // A listing that is all in one page has nothing left to ask for.
    expect(await run().catch((thrown: unknown) => String(thrown))).toMatch(/told to end|abort|listed/i);
    const ended = await failure(createFollower(connector, () => place.context(control.signal)).follow());
    expect(String(ended)).toMatch(/told to end|abort/i);
  });

  test.runIf(connector.waitForChanges !== undefined)(
    'it wakes when something changes, and when told to end',
    async () => {
      const place = await open(fake);
      await fill(place, FILES);
      const follower = createFollower(connector, place.context);
      await follower.follow();
      const waiting = connector.waitForChanges?.(follower.cursor() ?? '', place.context());
      await place.put('notes/a.txt', 'alpha, written anew');
      expect(await waiting).toMatchObject({ changed: true });
      await follower.follow();
      const control = new AbortController();
      const still = connector.waitForChanges?.(follower.cursor() ?? '', place.context(control.signal));
      control.abort(new Error('told to end'));
      const ended = await Promise.resolve(still).catch((thrown: unknown) => String(thrown));
      expect(typeof ended === 'string' ? ended : ended?.changed).toSatisfy(
        (end: unknown) => end === false || /told to end|abort/i.test(String(end)),
      );
    },
  );
});

/** What the engine takes for granted of each item. */
function expectSound(item: RemoteItem): void {
  expect(item.id).not.toBe('');
  expect(item.name).not.toBe('');
  expect(item.version).not.toBe('');
  expect(item.size ?? 0).toBeGreaterThanOrEqual(0);
  if (item.modifiedAt !== undefined) expect(Number.isNaN(item.modifiedAt.getTime())).toBe(false);
  const parts = item.path?.split('/') ?? [item.name];
  for (const part of parts) expect(part).not.toMatch(/^\.{0,2}$|\0/);
}
