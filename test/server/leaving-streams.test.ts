/** A client may leave before its subscription is open, while it opens, or later: nothing of it is left. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, test, vi } from 'vitest';
import { ADMIN_TOKEN, useTestApi } from '../support/api.ts';
import { useTestDatabase } from '../support/database.ts';

// As in production, where Yoga sends a ping every twelve seconds: whatever would wait for one is seen waiting.
vi.stubEnv('NODE_ENV', 'production');
afterAll(() => void vi.unstubAllEnvs());
const database = await useTestDatabase();
const api = await useTestApi(database);
await database.owner.query('INSERT INTO channels (channel_id, name) SELECT n, n FROM generate_series(1, 20000) n');

const headers = { authorization: `Bearer ${ADMIN_TOKEN}`, 'content-type': 'application/json' };
const open = async (): Promise<number> => {
  const text = await (await fetch(`${api.url}/metrics`, { headers })).text();
  return Number(/^cairn_subscriptions_open (\d+)$/m.exec(text)?.[1]);
};
const readersInUse = (): number => database.read.totalCount - database.read.idleCount;

async function subscribeFor(milliseconds: number): Promise<void> {
  const leaving = new AbortController();
  const body = JSON.stringify({ query: 'subscription { channelsChanged { kind count } }' });
  const asked = fetch(`${api.url}/graphql`, {
    method: 'POST',
    headers: { ...headers, accept: 'text/event-stream' },
    body,
    signal: leaving.signal,
  }).catch(() => undefined);
  await sleep(milliseconds);
  leaving.abort();
  await asked;
}

test('no connection, no transaction and no place among the subscriptions', async () => {
  for (let round = 0; round < 4; round += 1)
    await Promise.all(Array.from({ length: 5 }, (_, at) => subscribeFor(round * 15 + at * 4)));
  await expect.poll(readersInUse, { timeout: 5_000 }).toBe(0);
  await expect.poll(open, { timeout: 5_000 }).toBe(0);
  const { rows } = await database.owner.query(
    "SELECT state FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in%'",
  );
  expect(rows).toEqual([]);
});
