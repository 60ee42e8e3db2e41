/** A process that was killed while it migrated: the next start goes on by itself, whether the statements were committed or not. */
import pg from 'pg';
import { expect, inject, onTestFinished, test } from 'vitest';
import { startCairn } from '../support/cairn-process.ts';

async function blankDatabase(): Promise<string> {
  const admin = new pg.Client(inject('adminUrl'));
  const name = `interrupted_${Math.random().toString(36).slice(2, 10)}`;
  await admin.connect();
  await admin.query(`CREATE DATABASE ${name} TEMPLATE template0`);
  onTestFinished(async () => {
    await admin.query(`DROP DATABASE ${name} WITH (FORCE)`);
    await admin.end();
  });
  return inject('adminUrl').replace(/\/[^/]+$/, `/${name}`);
}

test.each(['migrate.script:3', 'migrate.scripted:3'])(
  'a start killed at %s is gone on with by the next one, and each migration is applied once',
  async (point) => {
    const url = await blankDatabase();
    const killed = startCairn(['migrate'], { DATABASE_URL: url, CAIRN_CRASH: point });
    expect(await killed.ended).toBeNull();
    const next = startCairn(['migrate'], { DATABASE_URL: url });
    expect(await next.ended, next.err()).toBe(0);
    const client = new pg.Client(url);
    await client.connect();
    const { rows } = await client.query(
      `SELECT migration_name FROM _prisma_migrations WHERE rolled_back_at IS NULL
      GROUP BY 1 HAVING count(*) > 1 OR count(finished_at) = 0`,
    );
    await client.end();
    expect(rows).toEqual([]);
  },
);
