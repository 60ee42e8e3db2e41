/** A database of one's own per test file, cloned from the migrated template in a tenth of a second. */
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, inject } from 'vitest';
import type { Database } from '../../src/database/connect.ts';
import { closePools, openPools } from '../../src/database/pools.ts';
import { rowTypes } from '../../src/database/types.ts';
import type { Actor } from '../../src/kernel/actor.ts';
import { silentLog } from '../../src/kernel/log.ts';

/** Who acts in tests that do not care. */
export const TESTER: Actor = { kind: 'command', label: 'command:test', role: 'admin' };

export interface TestDatabase extends Database {
  /** Connections as the owner, for looking where the application's role may not. */
  readonly owner: pg.Pool;
}

/**
 * A fresh database that is dropped after the last test of the file. Call it at the top of a test file:
 * `const database = await useTestDatabase();`. The file fails if it leaves a connection open.
 */
export async function useTestDatabase(): Promise<TestDatabase> {
  const database = await createTestDatabase();
  afterAll(database.close);
  return database;
}

/** A fresh database whose `close` drops it, and fails if a connection other than its own was left open. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const template = inject('template');
  const name = `test_${process.pid}_${randomBytes(4).toString('hex')}`;
  const admin = inject('adminUrl');
  await asAdmin(admin, (client) => client.query(`CREATE DATABASE ${name} TEMPLATE cairn_template STRATEGY FILE_COPY`));
  const ownerUrl = withDatabase(template.ownerUrl, name);
  const apiUrl = withDatabase(template.apiUrl, name);
  const pools = openPools(apiUrl, silentLog());
  const owner = new pg.Pool({ connectionString: ownerUrl, max: 2, types: rowTypes() });
  owner.on('error', () => undefined);
  const close = async (): Promise<void> => {
    const unreturned = [pools.read, pools.write, pools.copy, owner].map((pool) => pool.totalCount - pool.idleCount);
    const inUse = unreturned.reduce((sum, count) => sum + count, 0);
    // A connection that was never given back would make the end of its pool wait for ever.
    if (inUse === 0) await Promise.all([closePools(pools), owner.end()]);
    const leaked = await asAdmin(admin, async (client) => {
      const open = await openConnections(client, name);
      await client.query(`DROP DATABASE ${name} WITH (FORCE)`);
      return open;
    });
    if (leaked.length > 0) throw new Error(`Connections left open:\n${leaked.join('\n')}`);
  };
  return { ...pools, ownerUrl, apiUrl, owner, applied: [], close };
}

function withDatabase(connection: string, database: string): string {
  const url = new URL(connection);
  url.pathname = `/${database}`;
  return url.href;
}

async function asAdmin<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** What still runs on the database, after a moment for connections that are just closing. */
async function openConnections(client: pg.Client, database: string): Promise<string[]> {
  for (let attempt = 0; ; attempt += 1) {
    const { rows } = await client.query<{ what: string }>(
      `SELECT concat_ws(', ', application_name, state, left(query, 200)) AS what
       FROM pg_stat_activity
       WHERE datname = $1 AND backend_type = 'client backend'
       ORDER BY pid`,
      [database],
    );
    if (rows.length === 0 || attempt === 40) return rows.map(({ what }) => what);
    await sleep(25);
  }
}
