import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { expect, inject, onTestFinished, test } from 'vitest';
import { isMigrated } from '../../src/database/applied-migrations.ts';
import { prepare } from '../../src/database/connect.ts';
import { applyMigrations, retryMigration } from '../../src/database/migrate.ts';
import { runPrepare } from '../support/migrating.ts';

const admin = inject('adminUrl');

/** An empty database and a folder of migrations, both for one test. */
async function scratch(migrations: Record<string, string>) {
  const name = `migrate_${Math.random().toString(36).slice(2, 10)}`;
  const run = async (sql: string) => {
    const client = new pg.Client(admin);
    await client.connect();
    await client.query(sql).finally(() => client.end());
  };
  await run(`CREATE DATABASE ${name}`);
  const folder = await mkdtemp(join(tmpdir(), 'cairn-migrate-'));
  onTestFinished(async () => {
    await run(`DROP DATABASE ${name} WITH (FORCE)`);
    await rm(folder, { recursive: true });
  });
  const put = async (files: Record<string, string>) => {
    for (const [migration, sql] of Object.entries(files)) {
      await mkdir(join(folder, migration), { recursive: true });
      await writeFile(join(folder, migration, 'migration.sql'), sql);
    }
  };
  await writeFile(join(folder, 'migration_lock.toml'), 'provider = "postgresql"\n');
  await put(migrations);
  return { ownerUrl: admin.replace(/\/[^/]+$/, `/${name}`), folder, put };
}

async function ask(ownerUrl: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client(ownerUrl);
  await client.connect();
  const { rows } = await client.query(sql).finally(() => client.end());
  return rows;
}

const FUNCTION = `
  CREATE TABLE things (id bigint PRIMARY KEY);
  CREATE FUNCTION twice(value int) RETURNS int LANGUAGE plpgsql AS $$
  BEGIN
    IF value IS NULL THEN RETURN 0; END IF;
    RETURN value * 2;
  END;
  $$;`;

test('a script with functions in it is applied whole, once', async () => {
  const { ownerUrl, folder } = await scratch({ '1_first': FUNCTION });
  expect((await prepare(ownerUrl, folder)).applied).toEqual(['1_first']);
  expect((await prepare(ownerUrl, folder)).applied).toEqual([]);
  expect(await ask(ownerUrl, 'SELECT twice(4)')).toEqual([{ twice: 8 }]);
});

test('a migration, and the wait for whoever migrates, outlast limits that the server sets for everybody', async () => {
  const { ownerUrl, folder } = await scratch({ '1_first': FUNCTION, '2_long': 'SELECT pg_sleep(0.6);' });
  const name = new URL(ownerUrl).pathname.slice(1);
  for (const limit of ['statement_timeout', 'lock_timeout', 'transaction_timeout'])
    await ask(ownerUrl, `ALTER DATABASE ${name} SET ${limit} = '300ms'`);
  const applied = await Promise.all([prepare(ownerUrl, folder), prepare(ownerUrl, folder)]);
  expect(applied.flatMap((each) => each.applied)).toEqual(['1_first', '2_long']);
});

test('two processes that start at once apply each migration once', async () => {
  const slow = { '1_first': `${FUNCTION} SELECT pg_sleep(0.5);`, '2_second': 'INSERT INTO things VALUES (1);' };
  const { ownerUrl, folder } = await scratch(slow);
  const both = await Promise.all([runPrepare(ownerUrl, folder), runPrepare(ownerUrl, folder)]);
  expect(both.map(({ applied }) => applied.length).sort()).toEqual([0, 2]);
  expect(await ask(ownerUrl, 'SELECT count(*)::int AS count FROM things')).toEqual([{ count: 1 }]);
});

test('one that fails leaves nothing behind, stops every start, says what to do, and can be tried again', async () => {
  const { ownerUrl, folder, put } = await scratch({
    '1_first': FUNCTION,
    '2_bad': 'CREATE TABLE half (id int); SELECT 1 / 0;',
  });
  const failure = {
    code: 'MIGRATION_FAILED',
    message: expect.stringContaining('2_bad'),
    hint: expect.stringContaining('migrate --retry 2_bad'),
  };
  await expect(prepare(ownerUrl, folder)).rejects.toMatchObject(failure);
  expect(await ask(ownerUrl, "SELECT to_regclass('half') AS half")).toEqual([{ half: null }]);
  await expect(prepare(ownerUrl, folder)).rejects.toMatchObject(failure);

  await put({ '2_bad': 'CREATE TABLE half (id int);' });
  await retryMigration(ownerUrl, '2_bad');
  expect((await prepare(ownerUrl, folder)).applied).toEqual(['2_bad']);
});

test('one that needs a table which a long read holds lets others pass meanwhile, and is applied when the read ends', async () => {
  const { ownerUrl, folder, put } = await scratch({ '1_first': FUNCTION });
  await prepare(ownerUrl, folder);
  await put({ '2_more': 'ALTER TABLE things ADD COLUMN more int;' });
  const reader = new pg.Client(ownerUrl);
  await reader.connect();
  await reader.query('BEGIN; SELECT * FROM things');
  const migrating = prepare(ownerUrl, folder);
  await sleep(1_000);
  const begun = performance.now();
  expect(await ask(ownerUrl, 'SELECT count(*)::int AS count FROM things')).toEqual([{ count: 0 }]);
  // A lock's patience and no more.
  expect(performance.now() - begun).toBeLessThan(5_000);
  await reader.query('COMMIT');
  await reader.end();
  expect((await migrating).applied).toEqual(['2_more']);
});

test('one that does not get its table within its time says who holds it, and the next start needs no retry', async () => {
  const { ownerUrl, folder, put } = await scratch({ '1_first': FUNCTION });
  await prepare(ownerUrl, folder);
  await put({ '2_more': 'ALTER TABLE things ADD COLUMN more int;' });
  const reader = new pg.Client({ connectionString: ownerUrl, application_name: 'a long read' });
  await reader.connect();
  await reader.query('BEGIN; SELECT * FROM things');
  const refused = applyMigrations(ownerUrl, folder, { lock: 1_500, pause: 50, whole: 100 });
  await expect(refused).rejects.toMatchObject({
    code: 'DATABASE_BUSY',
    message: expect.stringContaining('a long read'),
  });
  await reader.end();
  expect((await prepare(ownerUrl, folder)).applied).toEqual(['2_more']);
});

test('a database that a newer release has migrated is refused', async () => {
  const { ownerUrl, folder, put } = await scratch({ '1_first': FUNCTION });
  await put({ '2_newer': 'CREATE TABLE newer (id int);' });
  await prepare(ownerUrl, folder);
  await rm(join(folder, '2_newer'), { recursive: true });
  await expect(prepare(ownerUrl, folder)).rejects.toMatchObject({
    code: 'MIGRATION_FAILED',
    message: expect.stringContaining('2_newer'),
  });
});

test('that there is nothing to migrate is seen without the engine, and whatever is left to do is left to it', async () => {
  const { ownerUrl, folder, put } = await scratch({ '1_first': FUNCTION });
  const owner = new pg.Client(ownerUrl);
  await owner.connect();
  onTestFinished(() => owner.end());
  expect(await isMigrated(owner, folder)).toBe(false);
  await prepare(ownerUrl, folder);
  expect(await isMigrated(owner, folder)).toBe(true);
  await put({ '2_bad': 'SELECT 1 / 0;' });
  expect(await isMigrated(owner, folder)).toBe(false);
  await expect(prepare(ownerUrl, folder)).rejects.toThrow();
  expect(await isMigrated(owner, folder)).toBe(false);
  await put({ '2_bad': 'SELECT 1;' });
  await retryMigration(ownerUrl, '2_bad');
  await prepare(ownerUrl, folder);
  expect(await isMigrated(owner, folder)).toBe(true);
  await rm(join(folder, '2_bad'), { recursive: true });
  expect(await isMigrated(owner, folder)).toBe(false);
});

test('nothing keeps a process alive once it has migrated', async () => {
  const { ownerUrl, folder } = await scratch({ '1_first': FUNCTION });
  const { applied, resources } = await runPrepare(ownerUrl, folder);
  expect(applied).toEqual(['1_first']);
  expect(resources).not.toContain('Timeout');
});
