/** A connection that both ends hold open and that carries nothing: found out, cut at both ends, and nothing else is. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import { openProxy } from '../../faults/proxy.ts';
import { closePools, openPools } from '../../src/database/pools.ts';
import { silentLog } from '../../src/kernel/log.ts';
import { useTestDatabase } from '../support/database.ts';

const database = await useTestDatabase();
const address = new URL(database.apiUrl);
const proxy = await openProxy(address.hostname, Number(address.port));
address.port = String(proxy.port);
const pools = openPools(address.href, silentLog(), { silence: 400 });
afterAll(async () => {
  await closePools(pools);
  await proxy.close();
});

test('a statement on a connection that carries nothing any more fails as one whose connection was lost, and its locks go', async () => {
  const client = await pools.write.connect();
  await client.query('BEGIN');
  await client.query('SELECT pg_advisory_xact_lock(4711)');
  proxy.stall();
  await expect(client.query('SELECT 1')).rejects.toMatchObject({ code: 'ECONNRESET' });
  client.release(true);
  const { rows } = await pools.write.query<{ free: boolean }>('SELECT pg_try_advisory_xact_lock(4711) AS free');
  expect(rows).toEqual([{ free: true }]);
});

test('a pipelined read on such a connection fails too, and the next one is answered', async () => {
  await pools.read.query('SELECT 1');
  proxy.stall();
  await expect(pools.read.query('SELECT 2')).rejects.toMatchObject({ code: 'ECONNRESET' });
  expect((await pools.read.query('SELECT 3 AS three')).rows).toEqual([{ three: 3 }]);
});

test('a statement that the server works on, or a transaction that waits for us, is left alone', async () => {
  const direct = openPools(database.apiUrl, silentLog(), { silence: 400 });
  const client = await direct.write.connect();
  try {
    await client.query('BEGIN');
    // Their ends fall into every part of a look.
    for (let n = 0; n < 5; n += 1) await client.query(`SELECT pg_sleep(${0.5 + n * 0.02})`);
    await sleep(1_000);
    expect((await client.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
    await client.query('COMMIT');
  } finally {
    client.release();
    await closePools(direct);
  }
});
