/** Once per run: a temporary folder, a PostgreSQL of its own, and a migrated database that every test file clones. */
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { prepare } from '../../src/database/connect.ts';
import { openEmbedded } from '../../src/database/embedded/server.ts';
import { MIGRATIONS } from '../../src/database/migrate.ts';
import { createLog } from '../../src/kernel/log.ts';
import { withReleasers } from '../../src/kernel/release.ts';
import { makeRunFolders } from './run-folders.ts';

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
  // The log of what is never recovered: kept small, wherever it lies.
  max_wal_size: '512MB',
  // Each of hundreds of databases would have a worker of its own all the time.
  autovacuum_naptime: '10min',
};

export default function setUp(project: TestProject): Promise<() => Promise<void>> {
  return withReleasers(async (releasers) => {
    const { folder, dataDir, remove } = await makeRunFolders();
    releasers.add('folders of the run', remove);
    // What tests and their processes put away for a moment ends with the run: each left hundreds of folders behind.
    for (const name of ['TMPDIR', 'TEMP', 'TMP']) process.env[name] = folder;
    const server = await openEmbedded(dataDir, createLog({ level: 'warn' }), { settings: FAST });
    releasers.add('PostgreSQL', server.release);
    const adminUrl = server.ownerUrl.replace(/\/[^/]+$/, '/postgres');
    const ownerUrl = server.ownerUrl.replace(/\/[^/]+$/, `/${TEMPLATE}`);
    const admin = new pg.Client(server.ownerUrl);
    await admin.connect();
    await admin.query(`CREATE DATABASE ${TEMPLATE}`);
    await admin.end();
    const { apiUrl } = await prepare(ownerUrl, MIGRATIONS);
    project.provide('adminUrl', adminUrl);
    project.provide('template', { ownerUrl, apiUrl });
    return releasers.release;
  });
}
