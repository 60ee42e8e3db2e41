/** Crash points of syncs: a folder followed, its worker killed, another one started. */
import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import type pg from 'pg';
import { writeSession } from '../src/database/session.ts';
import type { Actor } from '../src/kernel/actor.ts';
import { type CrashPoint, crashPointLines, crashPointNames } from '../src/kernel/crash-point.ts';
import { uuidv7 } from '../src/kernel/uuid.ts';
import { requestSync } from '../src/sources/sync/request-sync.ts';
import { readSource } from '../src/sources/sync/source.ts';
import type { Case } from './case.ts';
import { withPool } from './lane.ts';
import { threeOf } from './plan.ts';
import { type Followed, openFollowed } from './synced-folder.ts';
import type { Verdict } from './verdict.ts';
import { arm, type Kill, killWorkers, startWorker } from './workers.ts';
import type { World } from './world.ts';

const ACTOR: Actor = { kind: 'command', label: 'command:faults', role: 'admin' };
const PATIENCE_MS = 60_000;

const POINTS: readonly CrashPoint[] = crashPointNames().filter((point) => point.startsWith('sync.'));
/** With hundreds of them a sync reads several pages of items. */
const NOTES = 20;
const MANY_NOTES = 450;

/** Every point, at the first, a middle and the last time that a sync comes by. In two halves, for two lanes. */
export const planSyncs = (isLong: boolean): Case[] =>
  [0, 1].map((half) => {
    const kills = POINTS.filter((_, n) => n % 2 === half);
    const notes = isLong ? MANY_NOTES : NOTES;
    return { name: `kill ${kills.join(', ')}`, kills, run: (world) => run(world, kills, notes) };
  });

async function run(world: World, points: readonly CrashPoint[], notes: number): Promise<Verdict> {
  const site = await world.lane.clone();
  const dataDir = await mkdtemp(join(world.folder, 'syncs-'));
  const env = { DATABASE_URL: site.ownerUrl, CAIRN_DATA_DIR: dataDir };
  const followed = await openFollowed(join(dataDir, 'inbox', 'team'), notes);
  const verdict = await withPool(site.apiUrl, async (pool) => {
    const sourceId = await addSource(pool, followed.root);
    const worker = await startWorker(env);
    await sync(pool, sourceId);
    await untilDone(pool);
    // As a kill's sync is: some of everything is new, renamed, changed and gone.
    await followed.change();
    await arm(worker, 'trace');
    const began = performance.now();
    await sync(pool, sourceId);
    await untilDone(pool);
    const workMs = performance.now() - began;
    const hits = new Map(crashPointLines(worker.err()).map(({ name, hit }) => [name, hit]));
    const kills = points.flatMap((point) =>
      threeOf(hits.get(point) ?? 1).map((hit) => killOf(pool, sourceId, followed, point, hit)),
    );
    return killWorkers({ pool, env, registry: world.lane.registry, workMs }, worker, kills);
  });
  await world.lane.drop(site);
  return verdict;
}

function killOf(pool: pg.Pool, sourceId: string, followed: Followed, point: CrashPoint, hit: number): Kill {
  return {
    point,
    hit,
    async ask() {
      await followed.change();
      if (point === 'sync.reclaimed') await forgetRules(pool, sourceId);
      await sync(pool, sourceId);
    },
    isDone: () => isDone(pool),
    judge: () => judge(pool, followed),
  };
}

const isDone = async (pool: pg.Pool): Promise<boolean> =>
  (await pool.query("SELECT FROM jobs WHERE kind = 'sync' AND finished_at IS NULL")).rowCount === 0;

async function untilDone(pool: pg.Pool): Promise<void> {
  const end = performance.now() + PATIENCE_MS;
  while (!(await isDone(pool))) {
    if (performance.now() > end) throw new Error('A sync that nothing disturbs does not end');
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** As if the items had been read by other rules. */
const forgetRules = (pool: pg.Pool, sourceId: string): Promise<unknown> =>
  writeSession(pool, ACTOR, ({ query }) =>
    query('rules of a case', "UPDATE source_states SET rules_hash = 'others' WHERE source_id = $1", [sourceId]),
  );

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
async function judge(pool: pg.Pool, { documents, channels }: Followed): Promise<string[]> {
  const told = await writeSession(pool, ACTOR, async ({ query }) => ({
    documents: await query<{ said: string }>(
      'documents of a case',
      "SELECT path || ': ' || text AS said FROM documents WHERE path LIKE 'notes/%'",
    ),
    channels: await query<{ said: string }>(
      'channels of a case',
      "SELECT name AS said FROM channels WHERE channel_id LIKE 'UC_'",
    ),
    others: await query<{ said: string }>(
      'items of a case',
      `SELECT format('%s is %s: %s', external_path, sync_status, error) AS said FROM sync_items
        WHERE sync_status NOT IN ('synced', 'deleted') ORDER BY id`,
    ),
    left: await query<{ said: string }>(
      'syncs of a case',
      `SELECT format('the job is %s, its sync %s', j.status, s.status) AS said
         FROM jobs j LEFT JOIN sync_jobs s ON s.sync_job_id = j.job_id
        WHERE j.kind = 'sync' AND (j.status, s.status) IS DISTINCT FROM ('completed', 'completed')
        ORDER BY j.id`,
    ),
  }));
  const said = (rows: readonly { said: string }[]): string[] => rows.map((row) => row.said);
  return [
    ...differing('documents', said(told.documents), documents()),
    ...differing('channels', said(told.channels), channels()),
    ...said(told.others),
    ...said(told.left),
  ];
}

function differing(what: string, found: readonly string[], wanted: readonly string[]): string[] {
  const [held, due] = [new Set(found), new Set(wanted)];
  return [
    ...wanted.filter((one) => !held.has(one)).map((one) => `of ${what} is missing: ${one}`),
    ...found.filter((one) => !due.has(one)).map((one) => `of ${what} is too much: ${one}`),
    ...(found.length > wanted.length ? [`of ${what} there are ${found.length}, not ${wanted.length}`] : []),
  ];
}
