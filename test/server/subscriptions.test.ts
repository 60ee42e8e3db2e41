/** Streams of events end when they must, and leave nothing behind. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { createToken, revokeToken } from '../../src/access/tokens.ts';
import { prepareServer, startServer } from '../../src/server/start.ts';
import { ADMIN_TOKEN, useTestApi } from '../support/api.ts';
import { TESTER, useTestDatabase } from '../support/database.ts';
import { type EventStream, openEventStream } from '../support/event-stream.ts';
import { signIn } from '../support/http.ts';
import { type ListEvent, watch } from '../support/watching.ts';

// As in production, where Yoga sends a ping every twelve seconds: whatever would wait for one is seen waiting.
vi.stubEnv('NODE_ENV', 'production');
afterAll(() => void vi.unstubAllEnvs());
const database = await useTestDatabase();
const api = await useTestApi(database);

const CHANNELS = 'subscription { channelsChanged { kind count changes { kind key } } }';
const addChannel = (id: string) =>
  database.owner.query('INSERT INTO channels (channel_id, name) VALUES ($1, $1)', [id]);
const watchChannels = (token?: string, selection?: string) =>
  watch(api, 'channelsChanged', 'ChannelFilter', {}, selection, token);

const listeners = async (): Promise<number> => {
  const { rowCount } = await database.owner.query(
    "SELECT FROM pg_stat_activity WHERE application_name = 'cairn notices' AND datname = current_database()",
  );
  return rowCount ?? 0;
};
const open = async (): Promise<number> => {
  const headers = { authorization: `Bearer ${ADMIN_TOKEN}` };
  const text = await (await fetch(`${api.url}/metrics`, { headers })).text();
  return Number(/^cairn_subscriptions_open (\d+)$/m.exec(text)?.[1]);
};
const readersInUse = (): number => database.read.totalCount - database.read.idleCount;

/** Whoever is told nothing is told why at once, and that was all. */
async function expectEnded(stream: EventStream<ListEvent>): Promise<void> {
  const begun = performance.now();
  const answer = await stream.nextAnswer();
  expect(answer?.errors?.[0]?.extensions).toMatchObject({ code: 'UNAUTHENTICATED' });
  expect(performance.now() - begun).toBeLessThan(2_000);
  expect(await stream.nextAnswer()).toBeUndefined();
}

describe('a stream to which nothing happens ends', () => {
  test('when its token is revoked', async () => {
    const { token } = await createToken(database, TESTER, { name: 'revoked', role: 'viewer' });
    const stream = await watchChannels(token);
    await stream.next();
    await revokeToken(database, TESTER, 'revoked');
    await expectEnded(stream);
  });

  test('when its token gets other rights, and another token’s stream goes on', async () => {
    const { token } = await createToken(database, TESTER, { name: 'changed', role: 'viewer' });
    const { token: other } = await createToken(database, TESTER, { name: 'kept', role: 'viewer' });
    const stream = await watchChannels(token);
    const kept = await watchChannels(other);
    await stream.next();
    await kept.next();
    await database.owner.query("UPDATE tokens SET scopes = '{ingest}' WHERE name = 'changed'");
    await expectEnded(stream);
    await addChannel('still told');
    expect(await kept.next()).toMatchObject({ kind: 'CHANGED' });
  });

  test('when its session is signed out', async () => {
    const cookie = await signIn(api.signInLink);
    const headers = { cookie, 'x-cairn-csrf': '1' };
    const stream = await openEventStream<ListEvent>(api.url, headers, CHANNELS);
    await stream.next();
    await fetch(`${api.url}/sign-out`, { method: 'POST', headers, redirect: 'manual' });
    await expectEnded(stream);
  });
});

describe('who may watch', () => {
  test('not one whose scopes leave the rows out', async () => {
    const { token } = await createToken(database, TESTER, { name: 'narrow', role: 'viewer', scopes: ['ingest'] });
    const stream = await watchChannels(token);
    expect((await stream.nextAnswer())?.errors?.[0]?.extensions).toMatchObject({ code: 'FORBIDDEN' });
  });

  test('not a page of another site, which cannot set a header', async () => {
    const { token } = await createToken(database, TESTER, { name: 'reader', role: 'viewer' });
    const address = `${api.url}/graphql?query=${encodeURIComponent(CHANNELS)}`;
    const accept = 'text/event-stream';
    const leaving = new AbortController();
    const { signal } = leaving;
    expect((await fetch(address, { signal, headers: { accept, cookie: 'cairn_session=x' } })).status).toBe(401);
    const own = await fetch(address, { signal, headers: { accept, authorization: `Bearer ${token}` } });
    expect([own.status, own.headers.get('content-type')]).toEqual([200, accept]);
    leaving.abort();
  });

  test('not for more than an operation may cost', async () => {
    const deep =
      'kind node { videos(first: 100) { nodes { segments(first: 100) { nodes { text } } analyses(first: 100) { nodes { results } } } } }';
    const stream = await watchChannels(ADMIN_TOKEN, deep);
    expect((await stream.nextAnswer())?.errors?.[0]?.extensions).toMatchObject({ code: 'LIMIT_EXCEEDED' });
  });

  test('not by a where that says nothing', async () => {
    const where = { or: Array.from({ length: 300 }, () => ({ name: { equals: 'x' } })) };
    const stream = await watch(api, 'channelsChanged', 'ChannelFilter', where);
    expect((await stream.nextAnswer())?.errors?.[0]?.extensions).toMatchObject({ code: 'LIMIT_EXCEEDED' });
  });
});

test('a client that does not read is told, in the end, how it is, and what came between is merged', async () => {
  await database.owner.query("INSERT INTO channels (channel_id, name) VALUES ('big', 'x')");
  const stream = await watchChannels(ADMIN_TOKEN, 'kind key node { version metadata }');
  await stream.next();
  const updates = 40;
  for (let update = 1; update <= updates; update += 1) {
    await database.owner.query(
      "UPDATE channels SET metadata = jsonb_build_object('text', repeat($1, 500000)) WHERE channel_id = 'big'",
      [String.fromCharCode(64 + (update % 26))],
    );
    await sleep(5);
  }
  await expect.poll(readersInUse).toBe(0);
  let events = 0;
  for (let version: unknown; version !== updates + 1; events += 1) {
    version = (await stream.next())?.changes[0]?.node?.['version'];
  }
  expect(events).toBeLessThan(updates);
});

test('many streams share one listening connection, and give back what they held when their clients leave', async () => {
  const tokens = await Promise.all(
    Array.from({ length: 6 }, (_, index) => createToken(database, TESTER, { name: `many ${index}`, role: 'viewer' })),
  );
  for (let round = 1; round <= 2; round += 1) {
    const opened = tokens.flatMap(({ token }) => Array.from({ length: 5 }, () => watchChannels(token)));
    const streams = await Promise.all(opened);
    expect(streams.map(({ status }) => status)).toEqual(streams.map(() => 200));
    await Promise.all(streams.map((stream) => stream.next()));
    await addChannel(`round ${round}`);
    for (const stream of streams) expect(await stream.next()).toMatchObject({ kind: 'CHANGED' });
    expect(await listeners()).toBe(1);
    for (const stream of streams) stream.leave();
    await expect.poll(readersInUse).toBe(0);
    await expect.poll(open).toBe(0);
  }
});

test('an event needs one connection at a time: streams that each wait for a second one would wait for each other', async () => {
  const stream = await watchChannels(ADMIN_TOKEN, 'kind key node { name }');
  await stream.next();
  const { token } = await createToken(database, TESTER, { name: 'one connection', role: 'viewer' });
  const other = await watchChannels(token, 'kind key node { name }');
  await other.next();
  const taken = await Promise.all(
    Array.from({ length: (database.read.options.max ?? 10) - 1 }, () => database.read.connect()),
  );
  try {
    await addChannel('one at a time');
    expect(await other.next()).toMatchObject({ kind: 'CHANGED' });
    expect(await stream.next()).toMatchObject({ kind: 'CHANGED' });
  } finally {
    for (const client of taken) client.release();
  }
});

test('a server that stops ends its streams at once and leaves no connection', async () => {
  const before = await listeners();
  const server = await startServer({
    prepared: await prepareServer(api.config),
    config: { ...api.config, port: 0 },
    database,
    ingest: api.ingest,
    log: api.ingest.log,
  });
  const stream = await watch(server, 'channelsChanged', 'ChannelFilter', {});
  await stream.next();
  expect(await listeners()).toBe(before + 1);
  const begun = performance.now();
  const stopped = server.stop();
  expect(await stream.nextAnswer()).toBeUndefined();
  await stopped;
  expect(performance.now() - begun).toBeLessThan(2_000);
  // PostgreSQL notices a connection's end a moment after the one who ended it.
  await expect.poll(listeners).toBeLessThanOrEqual(before);
});
