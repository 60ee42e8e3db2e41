/** Crash points of jobs, kept files and schedules: an export asked for or a schedule due, its worker killed, another one started. */
import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import type pg from 'pg';
import { writeSession } from '../src/database/session.ts';
import { enqueueExport } from '../src/exports/start.ts';
import { checkFiles } from '../src/files/check-files.ts';
import { openFiles } from '../src/files/open-files.ts';
import { checkInvariants } from '../src/invariants/check-invariants.ts';
import { jobs } from '../src/invariants/jobs.ts';
import { leftovers } from '../src/invariants/leftovers.ts';
import type { Actor } from '../src/kernel/actor.ts';
import type { CrashPoint } from '../src/kernel/crash-point.ts';
import { uuidv7 } from '../src/kernel/uuid.ts';
import { addSchedule } from '../src/sources/schedules/schedules.write.ts';
import { checkedTiming } from '../src/sources/schedules/timing.ts';
import type { Case } from './case.ts';
import { withPool } from './lane.ts';
import type { Verdict } from './verdict.ts';
import { type Kill, killWorkers, startWorker } from './workers.ts';
import type { World } from './world.ts';

const ACTOR: Actor = { kind: 'command', label: 'command:faults', role: 'admin' };

const JOB_POINTS: readonly CrashPoint[] = [
  'job.taken',
  'job.begun',
  'file.written',
  'file.put',
  'job.finished',
  'job.ended',
];
const SCHEDULE_POINTS: readonly CrashPoint[] = ['schedule.before-commit', 'schedule.fired'];

/** Each export is written once, whole, and nothing of the killed worker is left; each schedule that was due is asked for once. */
export const planJobs = (): Case[] => {
  const kills = [...JOB_POINTS, ...SCHEDULE_POINTS];
  return [{ name: `kill ${kills.join(', ')}`, kills, run }];
};

async function run(world: World): Promise<Verdict> {
  const site = await world.lane.clone();
  const env = { DATABASE_URL: site.ownerUrl, CAIRN_DATA_DIR: await mkdtemp(join(world.folder, 'jobs-')) };
  const verdict = await withPool(site.apiUrl, async (pool) =>
    killWorkers({ pool, env, registry: world.lane.registry }, await startWorker(env), [
      ...JOB_POINTS.map((point) => exported(world, pool, env.CAIRN_DATA_DIR, point)),
      ...SCHEDULE_POINTS.map((point) => scheduled(pool, point)),
    ]),
  );
  await world.lane.drop(site);
  return verdict;
}

function exported({ lane }: World, pool: pg.Pool, dataDir: string, point: CrashPoint): Kill {
  const request = { source: 'researches', format: 'csv' } as const;
  return {
    point,
    hit: 1,
    ask: () =>
      writeSession(pool, ACTOR, ({ query }) => enqueueExport(query, { actor: ACTOR }, uuidv7(), request, 'faults')),
    isDone: async () => (await pool.query('SELECT FROM jobs WHERE finished_at IS NULL')).rowCount === 0,
    async judge() {
      const faults: string[] = [];
      const { rows } = await pool.query<{ state: string }>(
        `SELECT format('%s job, %s export of %s rows, %s files', j.status, e.status, e.rows, (SELECT count(*) FROM files)) AS state
           FROM jobs j
           JOIN exports e ON e.job_id = j.job_id
          ORDER BY j.id`,
      );
      const researches = (await pool.query('SELECT FROM researches')).rowCount;
      const wanted = `completed job, completed export of ${researches} rows, ${rows.length} files`;
      for (const { state } of rows) if (state !== wanted) faults.push(`${wanted} was to be, and is: ${state}`);
      const { store } = openFiles(dataDir, pool);
      faults.push(...(await checkFiles(pool, store, true)).faults);
      for await (const { faults: found } of checkInvariants(pool, { registry: lane.registry, only: [jobs, leftovers] }))
        faults.push(...found);
      return faults;
    },
  };
}

/** One that was due hours ago. */
function scheduled(pool: pg.Pool, point: CrashPoint): Kill {
  let key = '';
  const asActor = <Row extends Record<string, unknown>>(text: string): Promise<Row[]> =>
    writeSession(pool, ACTOR, ({ query }) => query<Row>('faults', text, [key]));
  return {
    point,
    hit: 1,
    async ask() {
      const wanted = { name: point, jobKind: 'clean-up', timing: checkedTiming({ intervalSeconds: 3_600 }) } as const;
      key = (await writeSession(pool, ACTOR, ({ query }) => addSchedule(query, ACTOR, wanted))) ?? '';
      await asActor("UPDATE scheduled_syncs SET next_run_at = now() - interval '5 hours' WHERE schedule_id = $1");
    },
    isDone: async () =>
      (await asActor("SELECT 1 AS done FROM schedule_runs WHERE schedule_id = $1 AND status = 'completed'")).length > 0,
    async judge() {
      const [found] = await asActor<{ state: string }>(
        `SELECT format('%s turns, %s completed, next %s', count(*), count(*) FILTER (WHERE status = 'completed'),
                       (SELECT CASE WHEN next_run_at > now() THEN 'ahead' ELSE 'overdue' END
                          FROM scheduled_syncs WHERE schedule_id = $1)) AS state
           FROM schedule_runs
          WHERE schedule_id = $1`,
      );
      const due = '1 turns, 1 completed, next ahead';
      return found?.state === due ? [] : [`${due} was to be, and is: ${found?.state}`];
    },
  };
}
