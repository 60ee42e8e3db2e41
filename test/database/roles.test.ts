import pg from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { appUrl, ensureAppRole } from '../../src/database/roles.ts';
import { useTestDatabase } from '../support/database.ts';

const database = await useTestDatabase();

test('the API’s role is no superuser, bypasses nothing and owns nothing', async () => {
  const { rows } = await database.read.query(
    `SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb,
            (SELECT count(*)::int FROM pg_class WHERE relowner = pg_roles.oid) AS owned
     FROM pg_roles WHERE rolname = current_user`,
  );
  expect(rows).toEqual([{ rolsuper: false, rolbypassrls: false, rolcreaterole: false, rolcreatedb: false, owned: 0 }]);
});

test('it can neither write history, nor empty a table, nor change one', async () => {
  for (const sql of [
    'DELETE FROM change_log',
    'TRUNCATE researches',
    'ALTER TABLE researches DROP COLUMN title',
    'CREATE TABLE mine (id int)',
  ]) {
    await expect(database.write.query(sql), sql).rejects.toMatchObject({ code: '42501' });
  }
});

test('its password is another for another owner’s password and for another database', () => {
  const urls = ['postgresql://o:one@h/a', 'postgresql://o:two@h/a', 'postgresql://o:one@h/b'].map(
    (url) => new URL(appUrl(url)),
  );
  expect(new Set(urls.map(({ password }) => password)).size).toBe(3);
});

test('a start whose role exists writes nothing', async () => {
  const { ownerUrl } = database;
  const owner = new pg.Client(ownerUrl);
  await owner.connect();
  onTestFinished(() => owner.end());
  await ensureAppRole(owner, ownerUrl);
  const seen: string[] = [];
  const query = owner.query.bind(owner);
  const record = (text: string, params?: unknown[]) => {
    seen.push(text);
    return query(text, params);
  };
  Object.assign(owner, { query: record });
  await ensureAppRole(owner, ownerUrl);
  expect(seen.filter((text) => !text.startsWith('SELECT'))).toEqual([]);
});

test('an owner who may not create roles is told what to ask for', async () => {
  const name = `poor_${process.pid}`;
  const { owner } = database;
  await owner.query(`CREATE ROLE ${name} LOGIN PASSWORD 'pw'`);
  onTestFinished(() => owner.query(`DROP ROLE ${name}`).then(() => undefined));
  const url = new URL(database.ownerUrl);
  url.username = name;
  url.password = 'pw';
  const poor = new pg.Client(url.href);
  await poor.connect();
  const failure = ensureAppRole(poor, url.href).finally(() => poor.end());
  await expect(failure).rejects.toMatchObject({ code: 'CONFIG_INVALID', hint: expect.stringContaining('CREATEROLE') });
});
