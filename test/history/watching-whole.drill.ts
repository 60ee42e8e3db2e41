/** Nothing is missed and nothing told that did not happen: the events, applied to the list, give the list. */
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, expect, test } from 'vitest';
import { rootField, useTestApi } from '../support/api.ts';
import { useTestDatabase } from '../support/database.ts';
import { type ListStream, nextRows, watch } from '../support/watching.ts';

const database = await useTestDatabase();
const api = await useTestApi(database);

const WRITERS = 3;
// As another process writes: by connections that the server knows nothing of.
const writers = Array.from({ length: WRITERS }, () => new pg.Client(database.ownerUrl));
await Promise.all(writers.map((client) => client.connect()));
afterAll(() => Promise.all(writers.map((client) => client.end())));

const WHERE = { or: [{ name: { contains: 'w' } }, { videos: { some: { status: { equals: 'COMPLETED' } } } }] };
const SELECTION = 'kind key node { channelId name version }';
const LAST = 'last';

type Rows = Map<string, unknown>;

/** A random number from 0 to `below`, the same in every run. */
function randomOf(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state % below;
  };
}

/** One transaction of a writer: up to four changes of 30 channels and their videos, sometimes rolled back. */
async function write(client: pg.Client, random: (below: number) => number): Promise<void> {
  await client.query('BEGIN');
  for (let step = random(4); step >= 0; step -= 1) {
    const id = `c${random(30)}`;
    const name = random(2) === 0 ? 'wanted' : 'other';
    const statements: readonly (readonly [string, readonly string[]])[] = [
      [
        'INSERT INTO channels (channel_id, name) VALUES ($1, $2) ON CONFLICT (channel_id) DO UPDATE SET name = excluded.name, category = clock_timestamp()::text',
        [id, name],
      ],
      ['UPDATE channels SET name = $2, category = clock_timestamp()::text WHERE channel_id = $1', [id, name]],
      ['DELETE FROM channels WHERE channel_id = $1 AND NOT EXISTS (SELECT FROM videos WHERE channel_id = $1)', [id]],
      [
        `INSERT INTO videos (video_id, source_url, title, channel_id) SELECT 'v' || channel_id, 'https://example.org', 'x', channel_id
           FROM channels WHERE channel_id = $1
         ON CONFLICT (video_id) DO UPDATE SET status = CASE videos.status WHEN 'queued' THEN 'completed' ELSE 'queued' END`,
        [id],
      ],
      ["DELETE FROM videos WHERE video_id = 'v' || $1", [id]],
    ];
    const [text, values] = statements[random(statements.length)] ?? ['SELECT', []];
    await client.query(text, [...values]);
  }
  await client.query(random(5) === 0 ? 'ROLLBACK' : 'COMMIT');
}

/** Writers at work until told to stop; a deadlock is only a rolled back transaction more. */
async function writeOn(client: pg.Client, seed: number, isOver: () => boolean): Promise<void> {
  const random = randomOf(seed);
  while (!isOver()) {
    await write(client, random).catch(async (thrown: unknown) => {
      if (!(thrown instanceof pg.DatabaseError)) throw thrown;
      await client.query('ROLLBACK');
    });
    await sleep(random(8));
  }
}

/** The list as a query gives it. */
async function listed(): Promise<Rows> {
  const rows = new Map<string, unknown>();
  let after: string | null = null;
  do {
    const document = `query ($where: ChannelFilter, $after: String) {
      channels(where: $where, first: 50, after: $after) { nodes { channelId name version } pageInfo { endCursor hasNextPage } } }`;
    const page: {
      nodes: { channelId: string }[];
      pageInfo: { endCursor: string; hasNextPage: boolean };
    } = rootField(await api.ask(document, { where: WHERE, after }), 'channels');
    for (const node of page.nodes) rows.set(node.channelId, node);
    after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
  } while (after !== null);
  return rows;
}

/** Applies events until the row that the test writes last is told. Returns how many there were. */
async function follow(stream: ListStream, rows: Rows): Promise<number> {
  for (let events = 1; ; events += 1) {
    const event = await stream.next();
    if (event === undefined) throw new Error('The stream ended');
    for (const { kind, key, node } of event.changes) {
      if (kind === 'REMOVED') rows.delete(key);
      else rows.set(key, node);
    }
    if (event.changes.some(({ key }) => key === LAST)) return events;
  }
}

const sorted = (rows: Rows) => [...rows].sort(([a], [b]) => (a < b ? -1 : 1));
const writeLast = () =>
  database.owner.query(
    "INSERT INTO channels (channel_id, name) VALUES ($1, 'w') ON CONFLICT (channel_id) DO UPDATE SET category = clock_timestamp()::text",
    [LAST],
  );

async function expectWhole(seed: number, disturb: () => Promise<void>): Promise<number> {
  let over = false;
  const writing = writers.map((client, index) => writeOn(client, seed + index, () => over));
  await sleep(50);
  const stream = await watch(api, 'channelsChanged', 'ChannelFilter', WHERE, SELECTION);
  expect(await stream.next()).toMatchObject({ kind: 'READY' });
  const rows = await listed();
  const end = sleep(600).then(async () => {
    await disturb();
    await sleep(400);
    over = true;
    await Promise.all(writing);
    await writeLast();
  });
  const events = await follow(stream, rows);
  await end;
  expect(sorted(rows)).toEqual(sorted(await listed()));
  return events;
}

const killListener = async (): Promise<void> => {
  const { rowCount } = await database.owner.query(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'cairn notices' AND datname = current_database()",
  );
  expect(rowCount).toBe(1);
};

test.each([1, 20, 300])(
  'whoever subscribes, then asks, misses nothing that three writers do (seed %i)',
  async (seed) => {
    expect(await expectWhole(seed, async () => undefined)).toBeGreaterThan(10);
  },
);

test.each([4, 50])('nor when the listening connection is killed in between (seed %i)', async (seed) => {
  await expectWhole(seed, killListener);
});

test('what is committed while nobody listens is told when the connection is back', async () => {
  const where = { name: { equals: 'while away' } };
  const stream = await watch(api, 'channelsChanged', 'ChannelFilter', where);
  await stream.next();
  await killListener();
  await database.owner.query("INSERT INTO channels (channel_id, name) VALUES ('away', 'while away')");
  expect(await nextRows(stream)).toEqual(['ADDED away']);
});
