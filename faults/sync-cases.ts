/** Crash points of syncs: a folder followed, its worker killed, another one started. */
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { writeSession } from '../src/database/session.ts';
import type { Actor } from '../src/kernel/actor.ts';
import { type CrashPoint, crashPointNames } from '../src/kernel/crash-point.ts';
import { uuidv7 } from '../src/kernel/uuid.ts';
import { requestSync } from '../src/sources/sync/request-sync.ts';
import { readSource } from '../src/sources/sync/source.ts';
import type { Case } from './case.ts';
import { endOf, startScript } from './child.ts';
import { withPool } from './lane.ts';
import type { Verdict } from './verdict.ts';
import type { World } from './world.ts';

const ACTOR: Actor = { kind: 'command', label: 'command:faults', role: 'admin' };
const PATIENCE_MS = 120_000;
/** As promised of the run of a killed process. */
const LIMIT_MS = 30_000;

export const isOfSync = (point: CrashPoint): boolean => point.startsWith('sync.');
/** Where the most is at stake: between a listing and its end, and with rows and states in one open transaction. */
const KEY_POINTS: readonly CrashPoint[] = ['sync.batch', 'sync.documents', 'sync.importing'];

/** A case per point; for CI those where the most is at stake. */
export const planSyncs = (isLong: boolean): Case[] =>
  (isLong ? crashPointNames().filter(isOfSync) : KEY_POINTS).map((point) => ({
    name: `kill ${point}`,
    byHand: `CAIRN_CRASH=${point}:1`,
    run: (world) => run(world, point),
  }));

/** What a folder holds, by path; what nobody claims is a document. */
type Folder = Readonly<Record<string, string>>;

const FIRST: Folder = Object.fromEntries([
  ...Array.from({ length: 20 }, (_, n) => [`notes/note ${n}.txt`, `note ${n}`]),
  ...Array.from({ length: 4 }, (_, n) => [`lists/YouTube_Channels_${n}.json`, channels(n, 'first')]),
]);
const SECOND: Folder = {
  ...Object.fromEntries(Object.entries(FIRST).slice(2)),
  'notes/other name.txt': 'note 1',
  'notes/note 5.txt': 'note 5, edited',
  'notes/new.txt': 'new',
  'lists/YouTube_Channels_2.json': channels(2, 'second'),
};

function channels(n: number, name: string): string {
  return JSON.stringify({ channels: [{ channel_id: `UC${n}`, name: `${name} ${n}` }] });
}

async function run(world: World, point: CrashPoint): Promise<Verdict> {
  const site = await world.lane.clone();
  const dataDir = await mkdtemp(join(world.folder, 'syncs-'));
  const root = join(dataDir, 'inbox', 'team');
  const verdict = await withPool(site.apiUrl, async (pool) => {
    const env = { DATABASE_URL: site.ownerUrl, CAIRN_DATA_DIR: dataDir };
    await writeFiles(root, FIRST);
    const sourceId = await addSource(pool, root);
    // In a first sync there is nothing to rename and to delete.
    const isFirst = point !== 'sync.renamed' && point !== 'sync.deleted';
    let folder = FIRST;
    if (!isFirst) {
      await sync(pool, sourceId);
      const faults = await work(pool, env, LIMIT_MS * 2);
      if (faults.length > 0) return { told: 'the first sync did not end', faults };
      await rename(join(root, 'notes/note 1.txt'), join(root, 'notes/other name.txt'));
      await rm(join(root, 'notes/note 0.txt'));
      for (const path of ['notes/note 5.txt', 'notes/new.txt', 'lists/YouTube_Channels_2.json'])
        await writeFiles(root, { [path]: SECOND[path] ?? '' });
      folder = SECOND;
    }
    await sync(pool, sourceId);
    const killed = startScript('src/main.ts', ['serve', '--role', 'worker'], { ...env, CAIRN_CRASH: `${point}:1` });
    const code = await endOf(killed, PATIENCE_MS);
    if (code !== null) return { told: 'was not killed', faults: [`${point} is not reached: ${code} ${killed.err()}`] };
    // As if the seconds had passed that a lease lasts; the drill of workers waits for them.
    await pool.query("UPDATE jobs SET lease_until = lease_until - interval '15 seconds' WHERE status = 'running'");
    const began = performance.now();
    const faults = await work(pool, env, LIMIT_MS);
    const took = ((performance.now() - began) / 1000).toFixed(0);
    return { told: `another worker ended it in ${took} s`, faults: [...faults, ...(await judge(pool, folder))] };
  });
  await world.lane.drop(site);
  return verdict;
}

/** A worker until nothing waits. */
async function work(pool: pg.Pool, env: Readonly<Record<string, string>>, limit: number): Promise<string[]> {
  const worker = startScript('src/main.ts', ['serve', '--role', 'worker'], env);
  const began = performance.now();
  const isDone = async (): Promise<boolean> =>
    (await pool.query("SELECT FROM jobs WHERE kind = 'sync' AND finished_at IS NULL")).rowCount === 0;
  while (!(await isDone()) && performance.now() - began < limit) await sleep(100);
  const late = (await isDone()) ? [] : [`the sync was not over within ${limit / 1000} s`];
  // Before its end it must have begun: a signal that comes earlier ends it as it would end anything.
  while (!worker.out().includes('Cairn works') && worker.process.exitCode === null) await sleep(50);
  worker.process.kill('SIGTERM');
  const end = await endOf(worker, PATIENCE_MS);
  return end === 0 ? late : [...late, `the worker ended with ${end}: ${worker.err()}`];
}

async function writeFiles(root: string, files: Folder): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), content);
  }
}

function addSource(pool: pg.Pool, root: string): Promise<string> {
  const sourceId = uuidv7();
  return writeSession(pool, ACTOR, async ({ query }) => {
    await query(
      'source of a case',
      `INSERT INTO data_sources (source_id, name, source_type, config, is_shared, owner_id, owner_label, owner_role)
       VALUES ($1, 'team', 'folder', $2, true, 'hub', $3, 'admin')`,
      [sourceId, JSON.stringify({ path: root }), ACTOR.label],
    );
    return sourceId;
  });
}

function sync(pool: pg.Pool, sourceId: string): Promise<string> {
  return writeSession(pool, ACTOR, async ({ query }) => {
    const source = await readSource(query, sourceId);
    if (source === undefined) throw new Error('The source is gone');
    return requestSync(query, source, { type: 'incremental', requestedBy: ACTOR.label });
  });
}

/** What the hub says, beside what the folder says. */
async function judge(pool: pg.Pool, folder: Folder): Promise<string[]> {
  const told = await writeSession(pool, ACTOR, async ({ query }) => {
    const documents = await query<{ path: string; text: string }>(
      'documents of a case',
      'SELECT path, text FROM documents WHERE path LIKE \'notes/%\' ORDER BY path COLLATE "C"',
    );
    const channels = await query<{ name: string }>(
      'channels of a case',
      'SELECT name FROM channels WHERE channel_id LIKE \'UC_\' ORDER BY name COLLATE "C"',
    );
    const others = await query<{ item: string }>(
      'items of a case',
      `SELECT format('%s is %s: %s', external_path, sync_status, error) AS item FROM sync_items
        WHERE sync_status NOT IN ('synced', 'deleted') ORDER BY id`,
    );
    const left = await query<{ state: string }>(
      'syncs of a case',
      `SELECT format('the job is %s, its sync %s', j.status, s.status) AS state
         FROM jobs j LEFT JOIN sync_jobs s ON s.sync_job_id = j.job_id
        WHERE j.kind = 'sync' AND (j.status, s.status) IS DISTINCT FROM ('completed', 'completed')`,
    );
    return { documents, channels, others, left };
  });
  const wanted = Object.entries(folder)
    .filter(([path]) => path.startsWith('notes/'))
    .map(([path, text]) => `${path}: ${text}`)
    .sort();
  const found = told.documents.map(({ path, text }) => `${path}: ${text}`);
  const names = Object.entries(folder).flatMap(([path, text]) =>
    path.startsWith('lists/') ? [String(JSON.parse(text).channels[0].name)] : [],
  );
  return [
    ...differing('documents', found, wanted),
    ...differing(
      'channels',
      told.channels.map(({ name }) => name),
      names.sort(),
    ),
    ...told.others.map(({ item }) => item),
    ...told.left.map(({ state }) => state),
  ];
}

function differing(what: string, found: readonly string[], wanted: readonly string[]): string[] {
  return JSON.stringify(found) === JSON.stringify(wanted)
    ? []
    : [`${what} are ${found.join('; ')}, not ${wanted.join('; ')}`];
}
