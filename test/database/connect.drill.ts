import { once } from 'node:events';
import { createServer } from 'node:net';
import pg from 'pg';
import { expect, inject, onTestFinished, test } from 'vitest';
import { openDatabase } from '../../src/database/connect.ts';
import { readSession } from '../../src/database/session.ts';
import { silentLog } from '../../src/kernel/log.ts';
import { TESTER } from '../support/database.ts';
import { temporaryFolder } from '../support/embedded.ts';

const ownerUrl = inject('adminUrl');
const inDatabase = (name: string) => ownerUrl.replace(/\/[^/]+$/, `/${name}`);

async function emptyDatabase(options = ''): Promise<string> {
  const name = `connect_${Math.random().toString(36).slice(2, 10)}`;
  const run = async (sql: string) => {
    const client = new pg.Client(inDatabase('postgres'));
    await client.connect();
    await client.query(sql).finally(() => client.end());
  };
  await run(`CREATE DATABASE ${name} ${options}`);
  onTestFinished(() => run(`DROP DATABASE ${name} WITH (FORCE)`));
  return inDatabase(name);
}

const open = (databaseUrl: string) => openDatabase({ databaseUrl, dataDir: '/nowhere' }, silentLog());

test('a server of the user’s own is brought up to date, once, and left with no connection', async () => {
  const url = await emptyDatabase();
  const first = await open(url);
  expect(first.applied.length).toBeGreaterThan(0);
  const [row] = await readSession(first.read, TESTER, (query) =>
    query<{ user: string }>('who', 'SELECT current_user AS "user" FROM (SELECT count(*) FROM researches) AS counted'),
  );
  expect(row?.user).toMatch(/^cairn_app_/);
  await first.close();

  const second = await open(url);
  expect(second.applied).toEqual([]);
  await second.close();
  const client = new pg.Client(url);
  await client.connect();
  const { rows } = await client.query(
    "SELECT application_name FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'",
  );
  await client.end();
  expect(rows).toEqual([]);
});

test('without one, the embedded server serves, and ends with its last user', async () => {
  const dataDir = await temporaryFolder();
  const database = await openDatabase({ databaseUrl: undefined, dataDir }, silentLog());
  const { rows } = await database.read.query('SELECT count(*) AS count FROM researches');
  expect(rows).toEqual([{ count: 0n }]);
  const { apiUrl } = database;
  await database.close();
  await expect(new pg.Client(apiUrl).connect()).rejects.toThrow(/ECONNREFUSED/);
});

test('a server that is not there is reported as unreachable', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : 0;
  server.close();
  await expect(open(`postgresql://anna:pw@127.0.0.1:${port}/db`)).rejects.toMatchObject({
    code: 'DATABASE_UNREACHABLE',
    kind: 'transient',
  });
});

test('a wrong password or a missing database is a fault of the settings', async () => {
  const wrong = new URL(ownerUrl);
  wrong.password = 'wrong';
  for (const url of [wrong.href, inDatabase('no_such_database')]) {
    await expect(open(url)).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      hint: expect.stringContaining('DATABASE_URL'),
    });
  }
});

test('a database that cannot hold Unicode is refused before anything is written', async () => {
  const url = await emptyDatabase("TEMPLATE template0 ENCODING 'SQL_ASCII' LOCALE_PROVIDER libc LOCALE 'C'");
  await expect(open(url)).rejects.toMatchObject({
    code: 'CONFIG_INVALID',
    message: expect.stringContaining('SQL_ASCII'),
  });
});
