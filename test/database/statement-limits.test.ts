/** No statement of the API runs without end: what takes too long is told so, and the connection works on. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import { closePools, openPools } from '../../src/database/pools.ts';
import { readSession, writeSession } from '../../src/database/session.ts';
import { silentLog } from '../../src/kernel/log.ts';
import { TESTER, useTestDatabase } from '../support/database.ts';

const database = await useTestDatabase();
const pools = openPools(database.apiUrl, silentLog(), { read: 150, snapshot: 400, idle: 300, idleWrite: 300 });
afterAll(() => closePools(pools));

const TOO_LONG = { code: 'LIMIT_EXCEEDED', kind: 'user', hint: expect.stringContaining('fewer rows') };

test('a read that takes too long is refused as too much, and the next one is answered', async () => {
  const slow = readSession(pools.read, TESTER, (query) => query('slow', 'SELECT pg_sleep(5)'));
  await expect(slow).rejects.toMatchObject(TOO_LONG);
  expect(await readSession(pools.read, TESTER, (query) => query('quick', 'SELECT 1 AS one'))).toEqual([{ one: 1 }]);
});

test('many short reads of one snapshot are bounded together', async () => {
  const long = readSession(pools.read, TESTER, async (query) => {
    for (let count = 0; count < 20; count += 1) await query('short', 'SELECT pg_sleep(0.1)');
  });
  await expect(long).rejects.toMatchObject(TOO_LONG);
  expect(await readSession(pools.read, TESTER, (query) => query('quick', 'SELECT 1 AS one'))).toEqual([{ one: 1 }]);
});

test.each(['read', 'write'] as const)('a %s that does nothing in its transaction is ended', async (kind) => {
  const idle =
    kind === 'read'
      ? readSession(pools.read, TESTER, async (query) => {
          await query('first', 'SELECT 1');
          await sleep(600);
          return query('second', 'SELECT 1');
        })
      : writeSession(pools.write, TESTER, async ({ query }) => {
          await query('first', 'SELECT 1');
          await sleep(600);
          return query('second', 'SELECT 1');
        });
  await expect(idle).rejects.toMatchObject({ code: 'DATABASE_UNREACHABLE' });
});

const limitsOf = (options?: { isByHand: boolean }) =>
  writeSession(
    database.write,
    TESTER,
    ({ query }) =>
      query<{ statement: string; lock: string }>(
        'limits',
        `SELECT current_setting('statement_timeout') AS statement, current_setting('lock_timeout') AS lock`,
      ),
    options,
  );

test('edits by hand are bounded, imports are not, on the same connections', async () => {
  expect(await limitsOf({ isByHand: true })).toEqual([{ statement: '10s', lock: '5s' }]);
  expect(await limitsOf()).toEqual([{ statement: '0', lock: '0' }]);
});

test('limits that a server of one’s own sets for everybody end no import and no export', async () => {
  const name = new URL(database.ownerUrl).pathname.slice(1);
  const limits = ['statement_timeout', 'lock_timeout', 'transaction_timeout'];
  for (const limit of limits) await database.owner.query(`ALTER DATABASE ${name} SET ${limit} = '100ms'`);
  const limited = openPools(database.apiUrl, silentLog());
  const slow = [limited.write, limited.copy].map((pool) => pool.query('SELECT pg_sleep(0.3)'));
  const ended = await Promise.allSettled(slow);
  await closePools(limited);
  for (const limit of limits) await database.owner.query(`ALTER DATABASE ${name} RESET ${limit}`);
  expect(ended.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled']);
});

test('an edit that waits for a lock of another is a conflict, and nothing of it is written', async () => {
  const locked = await database.owner.connect();
  try {
    await locked.query('BEGIN; LOCK TABLE tombstones');
    const edit = writeSession(
      database.write,
      TESTER,
      async ({ query }) => {
        await query('shorter than a test is patient', `SELECT set_config('lock_timeout', '100', true)`);
        await query('edit', `INSERT INTO tombstones (table_name, record_id, deleted_by) VALUES ('x', 'y', 'z')`);
      },
      { isByHand: true },
    );
    await expect(edit).rejects.toMatchObject({ code: 'CONFLICT', hint: expect.stringContaining('Try again') });
  } finally {
    await locked.query('ROLLBACK');
    locked.release();
  }
  const { rows } = await database.owner.query('SELECT count(*)::int AS n FROM tombstones');
  expect(rows).toEqual([{ n: 0 }]);
});

test('every connection is given up by its server within minutes when our end is gone, whatever the server’s own settings', async () => {
  const asked = `SELECT current_setting('tcp_keepalives_idle') AS keepalive, current_setting('tcp_user_timeout') AS unread,
                        current_setting('client_connection_check_interval') AS looked,
                        (SELECT source FROM pg_settings WHERE name = 'tcp_user_timeout') AS set_by`;
  const told = await Promise.all(
    [pools.read, pools.write, pools.copy].map(async (pool) => (await pool.query(asked)).rows),
  );
  // Set by who connects it would be told to servers that know no such setting, which log that of every connection.
  expect(told.flat()).toEqual([
    { keepalive: '30', unread: '60000', looked: '0', set_by: 'session' },
    { keepalive: '30', unread: '60000', looked: '2s', set_by: 'session' },
    { keepalive: '30', unread: '300000', looked: '2s', set_by: 'session' },
  ]);
});
