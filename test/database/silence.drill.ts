/** A connection that both ends hold open and that carries nothing: found out, cut at both ends, and nothing else is. */
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, expect, test, vi } from 'vitest';
import { openProxy } from '../../faults/proxy.ts';
import { copySession } from '../../src/database/copy-session.ts';
import { createNotices } from '../../src/database/notices.ts';
import { closePools, openPools } from '../../src/database/pools.ts';
import { endWithClient } from '../../src/database/watched-ends.ts';
import { cutConnection, endConnection } from '../../src/database/wire.ts';
import { silentLog } from '../../src/kernel/log.ts';
import { TESTER, useTestDatabase } from '../support/database.ts';

const database = await useTestDatabase();
const address = new URL(database.apiUrl);
const proxy = await openProxy(address.hostname, Number(address.port));
address.port = String(proxy.port);
const pools = openPools(address.href, silentLog(), { silence: 400 });
afterAll(async () => {
  await closePools(pools);
  await proxy.close();
  // Of connections that our end has closed while they were stalled, the proxy holds the other end open.
  await database.owner.query(
    'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
  );
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

/** Whether nobody holds the lock any more. */
async function isFree(lock: number): Promise<boolean> {
  const { rows } = await database.owner.query<{ free: boolean }>('SELECT pg_try_advisory_xact_lock($1) AS free', [
    lock,
  ]);
  return rows[0]?.free === true;
}

test('a connection that was lost without the server hearing of it leaves no transaction and no lock there', async () => {
  // Earlier tests left connections in the pools that carry nothing any more.
  const own = openPools(address.href, silentLog(), { silence: 400 });
  const client = await own.write.connect();
  await client.query('BEGIN');
  await client.query('SELECT pg_advisory_xact_lock(4712)');
  proxy.stall();
  // As what forgot the connection does to the next packet: our end is reset, the other one hears nothing.
  cutConnection(client, 'reset');
  const lost: unknown = await client.query('ROLLBACK').catch((thrown: unknown) => thrown);
  expect(await isFree(4712)).toBe(false);
  client.release(lost instanceof Error ? lost : true);
  await vi.waitFor(async () => expect(await isFree(4712)).toBe(true), { timeout: 3_000 });
  await closePools(own);
});

test('rows that nobody waits for any more leave no snapshot on a server that does not hear of it', async () => {
  const leaving = new AbortController();
  const copying = copySession(pools, TESTER, leaving.signal, async ({ client, copy }) => {
    await client.query('SELECT pg_advisory_xact_lock(4713)');
    proxy.stall();
    for await (const page of copy("SELECT repeat('x', 1000) FROM generate_series(1, 1000000)")) page.fill(0);
  });
  await sleep(200);
  leaving.abort();
  await expect(copying).rejects.toMatchObject({ code: 'INTERRUPTED' });
  await vi.waitFor(async () => expect(await isFree(4713)).toBe(true), { timeout: 3_000 });
});

test('the statement of a client that is gone ends long before its end', async () => {
  const client = new pg.Client(database.apiUrl);
  client.on('error', () => undefined);
  await client.connect();
  await endWithClient(client);
  await client.query('BEGIN; SELECT pg_advisory_xact_lock(4714)');
  const sleeping = client.query('SELECT pg_sleep(60)');
  await sleep(200);
  cutConnection(client, 'killed');
  await expect(sleeping).rejects.toThrow('killed');
  await vi.waitFor(async () => expect(await isFree(4714)).toBe(true), { timeout: 5_000, interval: 200 });
});

test('a connection that carries nothing from its first statement on is given up', async () => {
  const client = new pg.Client(address.href);
  client.on('error', () => undefined);
  await client.connect();
  proxy.stall();
  await expect(endWithClient(client, { patience: 200 })).rejects.toMatchObject({ code: 'ECONNRESET' });
});

test('what closes connections waits for no server that answers nothing any more', async () => {
  const dead = openPools(address.href, silentLog());
  const notices = createNotices(address.href, silentLog());
  await notices.on('anything', () => undefined).ready;
  const own = new pg.Client(address.href);
  await own.connect();
  const busy = await dead.write.connect();
  await Promise.all([dead.read.query('SELECT 1'), dead.copy.query('SELECT 1'), busy.query('BEGIN')]);
  proxy.stall();
  const waiting = busy.query('SELECT 1').then(
    () => 'answered',
    (fault: Error) => fault.message,
  );
  const begun = performance.now();
  await Promise.all([closePools(dead), notices.close(), endConnection(own)]);
  expect(performance.now() - begun).toBeLessThan(3_000);
  expect(await waiting).toMatch(/^Connection terminated/);
  busy.release(true);
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
