/** What `cairn doctor` looks at, one function per thing; each says what it found and what to do about it. */
import { access, constants, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type Query, readSession } from '../database/session.ts';
import { sweepExports } from '../exports/log.ts';
import { sweepImports } from '../ingest/journal.ts';
import { START_WORKER, unworkedJobs } from '../jobs/unworked.ts';
import type { Actor } from '../kernel/actor.ts';
import type { House } from './context.ts';
import { count, plural } from './table.ts';

export interface Finding {
  readonly check: string;
  readonly state: 'ok' | 'warn' | 'fail';
  readonly found: string;
  /** Given with `warn` and `fail`. */
  readonly advice?: string;
}

const LEAST_NODE = 24;
const GIGABYTE = 1024 ** 3;
/** An import may need as much again as its file for staging and its log. */
const AMPLE_DISK = 2 * GIGABYTE;
/** Below this PostgreSQL itself is near to stopping. */
const LEAST_DISK = GIGABYTE / 4;
/** Whoever works looks for jobs every few. */
const UNWORKED_SECONDS = 120;

export function checkNode(version: string): Finding {
  const check = 'Node';
  if (Number.parseInt(version.slice(1), 10) >= LEAST_NODE) return { check, state: 'ok', found: version };
  const advice = 'Start Cairn by npm (npm run -s cairn -- …), which uses the Node that npm ci installed.';
  return { check, state: 'fail', found: `${version} is too old`, advice };
}

/** Whether the data folder, or the one that it will be made in, can be written to. */
export async function checkDataFolder(dataDir: string): Promise<Finding> {
  const check = 'data folder';
  const folder = await nearestFolder(dataDir);
  try {
    await access(folder, constants.W_OK | constants.X_OK);
    return { check, state: 'ok', found: folder === dataDir ? dataDir : `${dataDir}, made at the first start` };
  } catch {
    const advice = 'Set CAIRN_DATA_DIR to a folder that this user may write to.';
    return { check, state: 'fail', found: `${folder} cannot be written to`, advice };
  }
}

export async function checkDisk(dataDir: string): Promise<Finding> {
  const check = 'disk space';
  const { bavail, bsize } = await statfs(await nearestFolder(dataDir));
  const free = bavail * bsize;
  const found = `${(free / GIGABYTE).toFixed(1)} GB free for the data folder`;
  if (free >= AMPLE_DISK) return { check, state: 'ok', found };
  const advice = 'Free some, or move CAIRN_DATA_DIR to a larger disk.';
  return { check, state: free < LEAST_DISK ? 'fail' : 'warn', found, advice };
}

async function nearestFolder(path: string): Promise<string> {
  const exists = await access(path).then(
    () => true,
    () => false,
  );
  return exists || dirname(path) === path ? path : nearestFolder(dirname(path));
}

/** Everything that is asked of an open database, in the order in which it is told. */
export async function checkDatabase(house: House, actor: Actor): Promise<Finding[]> {
  const { database, ingest } = house;
  const swept = await sweepImports(database.write);
  await sweepExports(database.write);
  const asked = await readSession(database.read, actor, async (query) => [
    await checkServer(query),
    await checkRights(query),
    migrations(database.applied),
    datasets(ingest.datasets.size),
    halfRun(swept),
    await checkRejects(query),
    await checkReferences(query),
    await checkJobs(query),
  ]);
  return asked;
}

async function checkServer(query: Query): Promise<Finding> {
  const [row] = await query<{ version: string; encoding: string; size: string }>(
    'doctor server',
    `SELECT current_setting('server_version') AS version, current_setting('server_encoding') AS encoding,
            pg_size_pretty(pg_database_size(current_database())) AS size`,
  );
  return { check: 'database', state: 'ok', found: `PostgreSQL ${row?.version}, ${row?.encoding}, ${row?.size}` };
}

/** A role with more rights than it needs would make row-level security and the audit mere habits. */
async function checkRights(query: Query): Promise<Finding> {
  const check = 'rights';
  const [row] = await query<{ excess: boolean }>(
    'doctor rights',
    `SELECT rolsuper OR rolbypassrls OR rolcreaterole
            OR EXISTS (SELECT FROM pg_class WHERE relowner = pg_roles.oid AND relpersistence <> 't') AS excess
       FROM pg_roles
      WHERE rolname = current_user`,
  );
  if (row?.excess === false) return { check, state: 'ok', found: 'the API’s role owns nothing and bypasses nothing' };
  const advice = 'Take SUPERUSER, BYPASSRLS, CREATEROLE and every table away from the role that the API connects as.';
  return { check, state: 'fail', found: 'the API’s role may do more than it needs', advice };
}

function migrations(applied: readonly string[]): Finding {
  const found = applied.length === 0 ? 'up to date' : `${plural(applied.length, 'migration')} applied just now`;
  return { check: 'migrations', state: 'ok', found };
}

function datasets(size: number): Finding {
  return { check: 'datasets', state: 'ok', found: plural(size, 'dataset') };
}

function halfRun(swept: number): Finding {
  const check = 'half-run imports';
  if (swept === 0) return { check, state: 'ok', found: 'none' };
  const advice = 'Nothing of them was kept. Import their files again.';
  return {
    check,
    state: 'warn',
    found: `${plural(swept, 'import')} of processes that ended, now marked failed`,
    advice,
  };
}

async function checkRejects(query: Query): Promise<Finding> {
  const check = 'rejects';
  const [row] = await query<{ open: number }>(
    'doctor rejects',
    "SELECT count(*)::float8 AS open FROM rejects WHERE status = 'open'",
  );
  const open = row?.open ?? 0;
  if (open === 0) return { check, state: 'ok', found: 'none open' };
  return { check, state: 'warn', found: `${count(open)} open`, advice: 'See why: npm run -s cairn -- rejects list' };
}

async function checkReferences(query: Query): Promise<Finding> {
  const [row] = await query<{ pending: number }>(
    'doctor references',
    'SELECT count(*)::float8 AS pending FROM "references" WHERE resolved_key IS NULL',
  );
  const pending = row?.pending ?? 0;
  const found = pending === 0 ? 'none wait' : `${count(pending)} wait for rows that have not arrived yet`;
  return { check: 'references', state: 'ok', found };
}

async function checkJobs(query: Query): Promise<Finding> {
  const check = 'waiting jobs';
  const unworked = await unworkedJobs(query, UNWORKED_SECONDS);
  if (unworked === undefined) return { check, state: 'ok', found: 'none in vain' };
  const { waiting, since } = unworked;
  const found = `${count(waiting)} in vain since ${since.toISOString()}: no process of this hub runs jobs`;
  return { check, state: 'warn', found, advice: START_WORKER };
}
