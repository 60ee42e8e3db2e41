/** Once per run: a temporary folder, a PostgreSQL of its own, and a migrated database that every test file clones. */
import { chmod, mkdtemp, rm, statfs } from 'node:fs/promises';
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

/** Linux keeps a file system in memory here. */
const MEMORY = '/dev/shm';
/** Five times what the cluster of a whole run was seen to take. */
const ROOM = 1024 ** 3;

/** A test that loses its data in a power cut is run again. */
const FAST = {
  fsync: 'off',
  full_page_writes: 'off',
  synchronous_commit: 'off',
  max_connections: '200',
  // The log of what is never recovered: kept small, wherever it lies.
  max_wal_size: '512MB',
  // Each of hundreds of databases would have a worker of its own all the time.
  autovacuum_naptime: '10min',
};

export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  const folder = await folderIn(tmpdir());
  const ofServer = (await holds(MEMORY, ROOM)) ? await folderIn(MEMORY) : folder;
  // What tests and their processes put away for a moment ends with the run: each left hundreds of folders behind.
  for (const name of ['TMPDIR', 'TEMP', 'TMP']) process.env[name] = folder;
  const server = await openEmbedded(join(ofServer, 'house'), createLog({ level: 'warn' }), { settings: FAST });
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
    for (const made of [folder, ofServer]) await rm(made, { recursive: true, force: true });
  };
}

/** Run by root, the server is another user's process: kept reachable, the cluster stays in the folder that is removed at the end. */
async function folderIn(parent: string): Promise<string> {
  const folder = await mkdtemp(join(parent, 'cairn-run-'));
  await chmod(folder, 0o755);
  return folder;
}

/**
 * Whether a file system in memory has that much room. A database is a thousand files: cloned and dropped hundreds of times on a disk, they cost
 * more than all that is asked of them, since ext4 looks long for an inode that was not in use a moment ago.
 */
async function holds(place: string, bytes: number): Promise<boolean> {
  const found = await statfs(place).catch(() => undefined);
  return found !== undefined && Math.min(found.bavail * found.bsize, process.availableMemory()) >= bytes;
}
