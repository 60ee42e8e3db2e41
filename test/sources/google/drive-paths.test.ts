/** What is told of paths in a place that knows ids alone: folders that move, names that repeat, circles. */
import { afterEach, expect, test } from 'vitest';
import connector from '../../../src/sources/connectors/google-drive.ts';
import { createFollower, type Follower } from '../../support/follower.ts';
import { FOLDER } from '../../support/google/drive-world.ts';
import { type FakeDrive, openGoogleDrive } from '../../support/providers/google-drive.ts';

const places: FakeDrive[] = [];
afterEach(async () => {
  await Promise.all(places.splice(0).map((place) => place.close()));
});

async function open(pageSize = 50): Promise<{ place: FakeDrive; follower: Follower }> {
  const place = await openGoogleDrive({ pageSize });
  places.push(place);
  return { place, follower: createFollower(connector, place.context) };
}

const pathsOf = (follower: Follower): (string | undefined)[] =>
  [...follower.world.values()].map(({ path }) => path).sort();

/** A cursor of a source whose folders are too many to be carried by it. */
function withoutTree(cursor: string | null): string {
  const { v, at } = JSON.parse(cursor ?? '');
  const { tree: _, ...rest } = at;
  return JSON.stringify({ v, at: rest });
}

test.each(['its folders in the cursor', 'its folders read anew'])(
  'a renamed and a moved folder bring the paths of all below them: %s',
  async (how) => {
    const { place, follower } = await open();
    await place.put('lab/2026/deep/queue.csv', 'a');
    await place.put('lab/readme.md', 'b');
    await place.put('other/stays.md', 'c');
    await follower.follow();
    const from = (): { from: string } | Record<string, never> =>
      how.includes('anew') ? { from: withoutTree(follower.cursor()) } : {};
    await place.move?.('lab', 'laboratory');
    const renamed = await follower.follow(from());
    expect(pathsOf(follower)).toEqual(
      ['laboratory', 'laboratory/2026', 'laboratory/2026/deep', 'laboratory/2026/deep/queue.csv'].concat([
        'laboratory/readme.md',
        'other',
        'other/stays.md',
      ]),
    );
    expect(renamed.filter(({ type }) => type === 'delete')).toEqual([]);
    await place.move?.('laboratory/2026', 'other/2026');
    await follower.follow(from());
    expect(pathsOf(follower)).toContain('other/2026/deep/queue.csv');
    await place.remove('other');
    await follower.follow(from());
    expect(pathsOf(follower)).toEqual(['laboratory', 'laboratory/readme.md']);
    place.world.edit([...place.world.files.values()].find(({ name }) => name === 'other')?.id ?? '', {
      isTrashed: false,
    });
    await follower.follow(from());
    expect(pathsOf(follower)).toContain('other/2026/deep/queue.csv');
  },
);

test('what moved out of a folder that is binned in the same breath stays', async () => {
  const { place, follower } = await open();
  const id = await place.put('lab/queue.csv', 'a');
  await follower.follow();
  await place.move?.('lab/queue.csv', 'queue.csv');
  await place.remove('lab');
  await follower.follow();
  expect(pathsOf(follower)).toEqual(['queue.csv']);
  expect(follower.world.has(id)).toBe(true);
});

test('names that repeat in one folder are told apart, the oldest keeps its name, and a name with a slash leads nowhere else', async () => {
  const { place, follower } = await open(2);
  const { world } = place;
  const lab = world.add({ name: 'lab', mimeType: FOLDER });
  const again = world.add({ name: 'lab', mimeType: FOLDER });
  const first = world.add({ name: 'a/b.csv', parent: lab, content: '1' });
  const second = world.add({ name: 'a/b.csv', parent: lab, content: '2' });
  const third = world.add({ name: 'a.csv', parent: again, content: '3' });
  await follower.follow();
  const pathOf = (id: string): string | undefined => follower.world.get(id)?.path;
  expect([lab, again, first, second, third].map(pathOf)).toEqual([
    'lab',
    `lab (${again})`,
    'lab/a∕b.csv',
    `lab/a∕b (${second}).csv`,
    `lab (${again})/a.csv`,
  ]);
  const fourth = world.add({ name: 'a/b.csv', parent: lab, content: '4' });
  await follower.follow();
  expect([first, second, fourth].map(pathOf)).toEqual([
    'lab/a∕b.csv',
    `lab/a∕b (${second}).csv`,
    `lab/a∕b (${fourth}).csv`,
  ]);
  // A document becomes a file of the same path: older than the one that has it, it takes the path over.
  world.edit(first, { name: 'plan', mimeType: 'application/vnd.google-apps.document' });
  const plan = world.add({ name: 'plan.md', parent: again });
  await follower.follow();
  world.edit(first, { parents: [again] });
  await follower.follow();
  expect([first, plan].map(pathOf)).toEqual([`lab (${again})/plan.md`, `lab (${again})/plan (${plan}).md`]);
});

test('a listing that goes on in its middle still knows which names were taken before', async () => {
  const { place, follower } = await open(2);
  const twins = [0, 1, 2, 3, 4].map((number) => place.world.add({ name: 'same.txt', content: `${number}` }));
  for await (const event of connector.listChanges(null, place.context())) {
    if (event.type === 'checkpoint' && JSON.parse(event.cursor).at.full?.pages === 1) {
      await follower.follow({ from: event.cursor });
      break;
    }
  }
  const [oldest, ...others] = twins;
  expect(follower.world.get(oldest ?? '')?.path).toBe('same.txt');
  for (const id of others) expect(follower.world.get(id)?.path).toBe(`same (${id}).txt`);
});

test('folders that lie in each other hang on nothing and end nothing', async () => {
  const { place, follower } = await open();
  const a = place.world.add({ name: 'a', mimeType: FOLDER });
  const b = place.world.add({ name: 'b', mimeType: FOLDER, parent: a });
  place.world.add({ name: 'lost.txt', parent: b });
  await follower.follow();
  expect(pathsOf(follower)).toEqual(['a', 'a/b', 'a/b/lost.txt']);
  place.world.edit(a, { parents: [b] });
  await follower.follow();
  expect(pathsOf(follower)).toEqual([]);
  await follower.follow({ full: true });
  const inCircle = createFollower(connector, () => place.contextWith({ folder: a }));
  await inCircle.follow();
  expect(pathsOf(inCircle)).toEqual(['b', 'b/lost.txt']);
});

test('any name can come', async () => {
  const { place, follower } = await open();
  const hostile = [
    '..',
    '.',
    '',
    '\u0000',
    'ü'.repeat(300),
    "it's \\ 'quoted'",
    '🦆'.repeat(150),
    'a\nb',
    ' ',
    '\ud800x',
  ];
  const ids = hostile.map((name) => place.world.add({ name, content: name.toWellFormed() }));
  await follower.follow();
  for (const id of ids) {
    const { name, path = '' } = follower.world.get(id) ?? { name: '\u0000' };
    expect(name).not.toContain('\u0000');
    expect(path).not.toContain('\u0000');
    expect(path).not.toContain('/');
    expect(['', '.', '..']).not.toContain(path);
  }
  for (const id of ids) place.world.write(id, 'anew');
  await follower.follow();
  expect(new Set(pathsOf(follower)).size).toBe(hostile.length);
});
