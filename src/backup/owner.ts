/** One connection as the tables' owner, and what it says of the database. */
import pg from 'pg';
import { asDatabaseError, sqlState } from '../database/errors.ts';
import { ENDS_WATCHED, endWithClient, KEPT_ALIVE } from '../database/watched-ends.ts';
import { endConnection } from '../database/wire.ts';
import { hashBytes } from '../kernel/hash.ts';
import { throwIfStopped } from './durable.ts';
import type { DatabaseFacts, Migration, RowCounts } from './manifest.ts';

/** Values read as the same text everywhere, and no limit on a statement that takes what it takes. */
const SETTINGS = `
  SET statement_timeout = 0; SET lock_timeout = 0; SET idle_in_transaction_session_timeout = 0; SET transaction_timeout = 0;
  SET client_encoding = 'UTF8'; SET DateStyle = 'ISO, YMD'; SET IntervalStyle = 'iso_8601'; SET TimeZone = 'UTC';
  SET extra_float_digits = 1; SET bytea_output = 'hex'; SET search_path = 'public';
  SET "cairn.owner" = '*'; SET synchronize_seqscans = off`;

/** Milliseconds that the disk of a backup may take nothing. */
const UNREAD_MS = 300_000;

/**
 * Runs `work` over a connection of its own, which is cut when `signal` comes.
 * @throws AppError INTERRUPTED, DATABASE_UNREACHABLE, CONFIG_INVALID; and whatever `work` throws
 */
export async function withOwner<T>(
  url: string,
  signal: AbortSignal | undefined,
  work: (owner: pg.Client) => Promise<T>,
): Promise<T> {
  const owner = new pg.Client({
    connectionString: url,
    application_name: 'cairn backup',
    connectionTimeoutMillis: 15_000,
    ...KEPT_ALIVE,
    options: ENDS_WATCHED,
  });
  // A connection lost while idle fails the statement that comes next; without a listener it would end the process.
  owner.on('error', () => undefined);
  const cut = (): void => void owner.end().catch(() => undefined);
  try {
    throwIfStopped(signal);
    await owner.connect();
    signal?.addEventListener('abort', cut, { once: true });
    await owner.query(SETTINGS);
    // A backup whose machine is lost would keep the server's log and its old rows.
    await endWithClient(owner, { unread: UNREAD_MS });
    return await work(owner);
  } catch (thrown) {
    throwIfStopped(signal);
    throw asDatabaseError(thrown);
  } finally {
    signal?.removeEventListener('abort', cut);
    await endConnection(owner);
  }
}

/** Which database this is. */
export async function readFacts(owner: pg.Client): Promise<DatabaseFacts> {
  const { rows } = await owner.query<{ name: string; version: string; build: string }>(
    "SELECT current_database() AS name, current_setting('server_version') AS version, version() AS build",
  );
  const [row = { name: '', version: '', build: '' }] = rows;
  return { ...row, id: hashBytes(`${await clusterId(owner)} ${row.name}`).slice(0, 16) };
}

/** What initdb gave the cluster; where the server does not tell its users, its address stands for it. */
async function clusterId(owner: pg.Client): Promise<string> {
  try {
    const { rows } = await owner.query<{ id: string }>('SELECT system_identifier::text AS id FROM pg_control_system()');
    return rows[0]?.id ?? '';
  } catch (cause) {
    if (sqlState(cause) !== '42501') throw cause;
    return `${owner.host}:${owner.port}`;
  }
}

/** The applied migrations, oldest first; none where the table of them is missing. */
export async function readMigrations(owner: pg.Client): Promise<Migration[]> {
  const found = await owner.query("SELECT to_regclass('public._prisma_migrations') AS found");
  if (found.rows[0]?.found === null) return [];
  const { rows } = await owner.query<{ name: string; checksum: string }>(
    `SELECT migration_name AS name, checksum
       FROM _prisma_migrations
      WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL
      ORDER BY migration_name COLLATE "C"`,
  );
  return rows;
}

/** What a server reads from the other tables by itself: no portable backup holds it, and people are not told of its rows. */
export const MADE_ANEW: readonly string[] = ['search_progress', 'search_words'];

/** Tables of ours that last: neither partitions (their table stands for them) nor what an extension brought. */
export const TABLES = `
  SELECT c.oid::int AS oid, c.relname AS name
    FROM pg_class c
   WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
     AND c.relpersistence = 'p' AND c.relname <> '_prisma_migrations'
     AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
   ORDER BY c.relname COLLATE "C"`;

/** Counts every row of every table. Each row is read where it lies: an index would not tell of a damaged page. */
export async function countRows(owner: pg.Client): Promise<RowCounts> {
  const { rows: tables } = await owner.query<{ name: string }>(TABLES);
  await owner.query('SET enable_indexonlyscan = off; SET enable_indexscan = off');
  const counts: Record<string, number> = {};
  for (const { name } of tables) {
    const { rows } = await owner.query<{ rows: string }>(
      `SELECT count(*)::text AS rows FROM ${pg.escapeIdentifier(name)}`,
    );
    counts[name] = Number(rows[0]?.rows);
  }
  await owner.query('RESET enable_indexonlyscan; RESET enable_indexscan');
  return counts;
}
