/** From settings to an open database: server, role, migrations, pools. */
import pg from 'pg';
import type { Config } from '../kernel/config.ts';
import { crashPoint } from '../kernel/crash-point.ts';
import { AppError } from '../kernel/errors.ts';
import type { Log } from '../kernel/log.ts';
import { type Releasers, withReleasers } from '../kernel/release.ts';
import { isMigrated } from './applied-migrations.ts';
import { type EmbeddedOptions, openEmbedded } from './embedded/server.ts';
import { asDatabaseError, POOLED, sqlState } from './errors.ts';
import { applyMigrations, MIGRATIONS } from './migrate.ts';
import { closePools, openPools, type Pools } from './pools.ts';
import { ensureAppRole } from './roles.ts';
import { ANY_STATEMENT } from './time-limits.ts';
import { ENDS_WATCHED, endWithClient, KEPT_ALIVE } from './watched-ends.ts';
import { endConnection, wireOf } from './wire.ts';

export interface Database extends Pools {
  /** Connection string of the tables' owner: migrations only. A secret. */
  readonly ownerUrl: string;
  /** Connection string of the application's role. A secret. */
  readonly apiUrl: string;
  /** The migrations that this start applied. */
  readonly applied: readonly string[];
  /** Closes every connection and ends this use of the embedded server. */
  readonly close: () => Promise<void>;
}

export interface OpenOptions {
  readonly embedded?: EmbeddedOptions;
  readonly migrations?: string;
}

/** The lock that one start holds while it makes roles and migrates: any number, used for nothing else ("cairn" in ASCII). */
const START_LOCK = 0x636169726e;
const LEAST_VERSION = 180_000;

/**
 * Opens the database of the settings, starting the embedded server if there is none of the user's own, and brings its tables
 * up to date. Whoever opens it closes it.
 * @throws AppError CONFIG_INVALID, DATA_DIR_INVALID, DATA_DIR_VERSION, DATABASE_UNREACHABLE, MIGRATION_FAILED
 */
export async function openDatabase(
  config: Pick<Config, 'databaseUrl' | 'dataDir'>,
  log: Log,
  options: OpenOptions = {},
): Promise<Database> {
  return withReleasers(async (releasers) => {
    const ownerUrl = config.databaseUrl ?? (await openOwnServer(config.dataDir, log, options, releasers));
    const { apiUrl, applied } = await prepare(ownerUrl, options.migrations ?? MIGRATIONS);
    if (applied.length > 0) log.info({ applied }, 'migrations applied');
    const pools = openPools(apiUrl, log);
    releasers.add('pools', () => closePools(pools, log));
    return { ...pools, ownerUrl, apiUrl, applied, close: releasers.release };
  });
}

async function openOwnServer(dataDir: string, log: Log, options: OpenOptions, releasers: Releasers): Promise<string> {
  const server = await openEmbedded(dataDir, log, options.embedded);
  releasers.add('embedded PostgreSQL', server.release);
  return server.ownerUrl;
}

/**
 * Role, migrations and this month's partitions, under a lock: of several processes that start at once one does the work.
 * @throws AppError
 */
export async function prepare(
  ownerUrl: string,
  migrations: string,
): Promise<{ apiUrl: string; applied: readonly string[] }> {
  const owner = openOwner(ownerUrl);
  try {
    await connectOwner(owner);
    await requireServer(owner);
    await owner.query('SET transaction_timeout = 0');
    await endWithClient(owner);
    await owner.query('SELECT pg_advisory_lock($1)', [START_LOCK]);
    crashPoint('migrate.locked');
    const apiUrl = await ensureAppRole(owner, ownerUrl);
    const applied = (await isMigrated(owner, migrations)) ? [] : await applyMigrations(ownerUrl, migrations);
    crashPoint('migrate.applied');
    await ensurePartitions(owner);
    return { apiUrl, applied };
  } catch (thrown) {
    throw asDatabaseError(thrown);
  } finally {
    // The lock ends with its connection.
    await endConnection(owner);
  }
}

/** Who the server does not let in will not be let in by trying again. */
async function connectOwner(owner: pg.Client): Promise<void> {
  try {
    await owner.connect();
  } catch (cause) {
    if (!/^(28...|3D000)$/.test(sqlState(cause) ?? '')) throw cause;
    const words = cause instanceof Error ? ` (${cause.message})` : '';
    throw new AppError('CONFIG_INVALID', `The server of DATABASE_URL refused its user, password or database${words}`, {
      cause,
      hint: 'Check the three parts of DATABASE_URL; the database must exist.',
    });
  }
}

function openOwner(ownerUrl: string): pg.Client {
  const owner = new pg.Client({
    connectionString: ownerUrl,
    application_name: 'cairn owner',
    connectionTimeoutMillis: 15_000,
    ...KEPT_ALIVE,
    // A start whose machine is lost would keep all others waiting for its lock.
    options: `${ENDS_WATCHED} ${ANY_STATEMENT}`,
  });
  // A connection lost while idle fails the statement that comes next; without a listener it would end the process.
  owner.on('error', () => undefined);
  return owner;
}

async function requireServer(owner: pg.Client): Promise<void> {
  const { rows } = await owner.query<{ pid: number; version: string; encoding: string }>(
    `SELECT pg_backend_pid() AS pid, current_setting('server_version_num') AS version,
            current_setting('server_encoding') AS encoding`,
  );
  if (rows[0]?.pid !== wireOf(owner)?.pid) throw new AppError(POOLED.code, POOLED.message, { hint: POOLED.hint });
  const version = Number(rows[0]?.version);
  const encoding = rows[0]?.encoding;
  if (version >= LEAST_VERSION && encoding === 'UTF8') return;
  throw new AppError(
    'CONFIG_INVALID',
    `The server of DATABASE_URL is PostgreSQL ${Math.floor(version / 10_000)} with encoding ${encoding}`,
    {
      hint: 'Cairn needs PostgreSQL 18 or newer and a database with encoding UTF8. Rows of an older one move by cairn backup, which asks any, and cairn restore into the new one.',
    },
  );
}

/**
 * Makes the change log's partitions of the months ahead: a server that runs for a year needs more than its start made.
 * @throws AppError DATABASE_UNREACHABLE
 */
export async function extendPartitions(ownerUrl: string): Promise<void> {
  const owner = openOwner(ownerUrl);
  try {
    await owner.connect();
    await endWithClient(owner);
    await ensurePartitions(owner);
  } catch (thrown) {
    throw asDatabaseError(thrown);
  } finally {
    await endConnection(owner);
  }
}

/** The change log has a partition per month; a migrations folder of another purpose has none. */
async function ensurePartitions(owner: pg.Client): Promise<void> {
  const { rows } = await owner.query<{ found: boolean }>(
    "SELECT to_regproc('ensure_change_log_partitions') IS NOT NULL AS found",
  );
  if (rows[0]?.found) await owner.query('SELECT ensure_change_log_partitions()');
}
