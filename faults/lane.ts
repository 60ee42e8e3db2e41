/** A lane: a PostgreSQL of its own, which may be stopped at any moment, and fresh databases with version 1 of the folder. */
import { execFile } from 'node:child_process';
import { access, cp, readFile, rm } from 'node:fs/promises';
import { platform } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import pg from 'pg';
import { prepare } from '../src/database/connect.ts';
import { type Lock, tryExclusive } from '../src/database/embedded/lock.ts';
import { isAlive } from '../src/database/embedded/postmaster.ts';
import { openEmbedded } from '../src/database/embedded/server.ts';
import { MIGRATIONS } from '../src/database/migrate.ts';
import { closePools, openPools } from '../src/database/pools.ts';
import { rowTypes } from '../src/database/types.ts';
import { loadRegistry, type Registry } from '../src/ingest/registry.ts';
import { importFolder } from '../src/ingest/run.ts';
import { silentLog } from '../src/kernel/log.ts';
import { timed } from './times.ts';

/** A fresh database. */
export interface Site {
  readonly name: string;
  /** As the application's role. */
  readonly apiUrl: string;
  readonly ownerUrl: string;
}

export interface Lane {
  readonly registry: Registry;
  readonly port: () => number;
  readonly clone: (template?: string) => Promise<Site>;
  readonly drop: (site: Site) => Promise<void>;
  /** What `pg_ctl stop -m immediate` does: no checkpoint, no farewell. */
  readonly stopNow: () => Promise<void>;
  readonly start: () => Promise<void>;
  readonly close: () => Promise<void>;
}

export const TEMPLATE = 'faults_template';
/** Migrated and empty. */
const EMPTY = 'faults_empty';
/** Without a table. */
export const BLANK = 'template0';

/** Commits must outlive a killed server, not a power cut. */
const SETTINGS = {
  fsync: 'off',
  full_page_writes: 'off',
  max_wal_size: '256MB',
  shared_buffers: '64MB',
  autovacuum: 'off',
};

/**
 * Makes what every lane begins with, a data folder with version 1 of the folder in a template; its server is stopped.
 * @param first the folder's first version
 */
export async function makePattern(folder: string, first: string): Promise<void> {
  const server = await openEmbedded(folder, silentLog(), { settings: SETTINGS });
  try {
    const { apiUrl } = await prepare(server.ownerUrl, MIGRATIONS);
    const copied = (name: string): string => `CREATE DATABASE ${name} TEMPLATE ${databaseOf(server.ownerUrl)}`;
    await asAdmin(withDatabase(server.ownerUrl, 'postgres'), copied(EMPTY));
    await importFirst(await loadRegistry(), apiUrl, first);
    // What each copy's first readers would do to its catalogue, hundreds of times over: nothing else tidies here.
    await asAdmin(server.ownerUrl, 'VACUUM FREEZE');
    // A template can only be copied while nobody is connected to it.
    await asAdmin(
      withDatabase(server.ownerUrl, 'postgres'),
      copied(TEMPLATE),
      `ALTER DATABASE ${TEMPLATE} ALLOW_CONNECTIONS false`,
    );
  } finally {
    await server.release();
  }
}

/** Opens a lane in `folder`, which does not exist yet, on a copy of the pattern: no second initdb, migrations and import. */
export async function openLane(folder: string, pattern: string): Promise<Lane> {
  await copyPattern(pattern, folder);
  const registry = await loadRegistry();
  const log = silentLog();
  let server = await openEmbedded(folder, log, { settings: SETTINGS });
  /** Held while it is to be down: whoever uses a server that ended unasked starts it again. */
  let down: Lock | undefined;
  const apiUrl = await makeReady(server.ownerUrl).catch(async (thrown: unknown) => {
    await server.release();
    throw thrown;
  });
  let clones = 0;
  return {
    registry,
    port: () => server.port,
    async clone(template = TEMPLATE) {
      clones += 1;
      const name = `faults_${clones}`;
      // By files and not by log: PostgreSQL's log does not hold what a copied sequence gives next, and a crash would give it twice.
      // The kernel copies: a database is a thousand files.
      const fast = platform() === 'win32' ? '' : "SET file_copy_method = 'clone'";
      await timed(
        'clone',
        asAdmin(server.ownerUrl, fast, `CREATE DATABASE ${name} TEMPLATE ${template} STRATEGY FILE_COPY`),
      );
      const portOf = (url: string): string => {
        const found = new URL(withDatabase(url, name));
        found.port = String(server.port);
        return found.href;
      };
      return { name, apiUrl: portOf(apiUrl), ownerUrl: portOf(server.ownerUrl) };
    },
    drop: ({ name }) => timed('drop', asAdmin(server.ownerUrl, `DROP DATABASE ${name} WITH (FORCE)`)),
    async stopNow() {
      const turn = join(folder, 'postgres.lock');
      for (down = tryExclusive(turn); down === undefined; down = tryExclusive(turn)) await sleep(10);
      const pid = Number((await readFile(join(server.folder, 'data', 'postmaster.pid'), 'utf8')).split('\n')[0]);
      process.kill(pid, 'SIGQUIT');
      while (isAlive(pid)) await sleep(10);
    },
    async start() {
      const before = server;
      down?.release();
      down = undefined;
      server = await timed('server', openEmbedded(folder, log, { settings: SETTINGS }));
      await before.release();
    },
    async close() {
      down?.release();
      await server.release();
    },
  };
}

/** Returns the connection string of the application's role. */
async function makeReady(ownerUrl: string): Promise<string> {
  const { apiUrl } = await prepare(withDatabase(ownerUrl, EMPTY), MIGRATIONS);
  // The first connection after a start writes down what every other one begins with, which a full disk would refuse it.
  const open = (isOpen: boolean): string => `ALTER DATABASE ${TEMPLATE} ALLOW_CONNECTIONS ${isOpen}`;
  await asAdmin(ownerUrl, open(true));
  await asAdmin(withDatabase(ownerUrl, TEMPLATE), 'SELECT count(*) FROM pg_class');
  await asAdmin(ownerUrl, open(false));
  return apiUrl;
}

async function asAdmin(url: string, ...statements: string[]): Promise<void> {
  const client = new pg.Client(url);
  client.on('error', () => undefined);
  await client.connect();
  try {
    for (const sql of statements) await client.query(sql);
  } finally {
    await client.end();
  }
}

/** Makes `folder` a data folder like the pattern's, without the templates. */
export async function copyHouse(pattern: string, folder: string): Promise<void> {
  await copyPattern(pattern, folder);
  const server = await openEmbedded(folder, silentLog(), { settings: SETTINGS });
  const admin = withDatabase(server.ownerUrl, 'postgres');
  await asAdmin(admin, `DROP DATABASE ${EMPTY}`, `DROP DATABASE ${TEMPLATE}`).finally(server.release);
}

async function copyPattern(pattern: string, folder: string): Promise<void> {
  // Where the server's system user cannot go to the data folder, its cluster is not in there.
  await access(join(pattern, 'postgres', 'data'));
  // Who owns a file must stay so: the cluster is its server's system user's.
  if (platform() === 'win32') await cp(pattern, folder, { recursive: true });
  else await promisify(execFile)('cp', ['-a', pattern, folder]);
  // Each lane has a port of its own.
  await rm(join(folder, 'postgres', 'port'), { force: true });
}

/** Imports a folder, undisturbed. */
export async function importFirst(registry: Registry, apiUrl: string, root: string): Promise<void> {
  const log = silentLog();
  const pools = openPools(apiUrl, log);
  const database = { ...pools, ownerUrl: '', apiUrl: '', applied: [], close: async () => undefined };
  const actor = { kind: 'command', label: 'command:faults', role: 'admin' } as const;
  await importFolder({ ...registry, database, log }, { root, actor });
  await closePools(pools);
}

/** Connections for looking at a site. */
export async function withPool<T>(url: string, work: (pool: pg.Pool) => Promise<T>): Promise<T> {
  const pool = new pg.Pool({ connectionString: url, max: 2, types: rowTypes() });
  pool.on('error', () => undefined);
  try {
    return await work(pool);
  } finally {
    await pool.end();
  }
}

export function withDatabase(connection: string, database: string): string {
  const url = new URL(connection);
  url.pathname = `/${database}`;
  return url.href;
}

const databaseOf = (connection: string): string => new URL(connection).pathname.slice(1);

/** The same database by another port. */
export function throughPort(connection: string, port: number): string {
  const url = new URL(connection);
  url.port = String(port);
  return url.href;
}
