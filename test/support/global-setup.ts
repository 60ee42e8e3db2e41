/** Once per run: a temporary folder, a PostgreSQL in it, and a migrated database that every test file clones. */
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { prepare } from '../../src/database/connect.ts';
import { openEmbedded } from '../../src/database/embedded/server.ts';
import { MIGRATIONS } from '../../src/database/migrate.ts';
import { createLog } from '../../src/kernel/log.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Connection string of the owner to a database that nothing clones. */
    adminUrl: string;
    /** Connection strings to the template, for other names to be put into: a connection to it would stop its being cloned. */
    template: { readonly ownerUrl: string; readonly apiUrl: string };
  }
}

const TEMPLATE = 'cairn_template';

/** A test that loses its data in a power cut is run again. */
const FAST = {
  fsync: 'off',
  full_page_writes: 'off',
  synchronous_commit: 'off',
  max_connections: '200',
  // Each of hundreds of databases would have a worker of its own all the time.
  autovacuum_naptime: '10min',
};

export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'cairn-run-'));
  // Run by root, the server is another user's process: kept reachable, the cluster stays in the folder removed below.
  await chmod(folder, 0o755);
  // What tests and their processes put away for a moment ends with the run: each left hundreds of folders behind.
  for (const name of ['TMPDIR', 'TEMP', 'TMP']) process.env[name] = folder;
  const dataDir = join(folder, 'house');
  const server = await openEmbedded(dataDir, createLog({ level: 'warn' }), { settings: FAST });
  const adminUrl = server.ownerUrl.replace(/\/[^/]+$/, '/postgres');
  const ownerUrl = server.ownerUrl.replace(/\/[^/]+$/, `/${TEMPLATE}`);
  const admin = new pg.Client(server.ownerUrl);
  await admin.connect();
  await admin.query(`CREATE DATABASE ${TEMPLATE}`);
  await admin.end();
  const { apiUrl } = await prepare(ownerUrl, MIGRATIONS);
  project.provide('adminUrl', adminUrl);
  project.provide('template', { ownerUrl, apiUrl });
  return async () => {
    await server.release();
    await rm(folder, { recursive: true, force: true });
  };
}
