/** Crash points of jobs and kept files: an export asked for, its worker killed, another one started. */
import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { writeSession } from '../src/database/session.ts';
import { enqueueExport } from '../src/exports/start.ts';
import { checkFiles } from '../src/files/check-files.ts';
import { openFiles } from '../src/files/open-files.ts';
import { checkInvariants } from '../src/invariants/check-invariants.ts';
import type { Actor } from '../src/kernel/actor.ts';
import type { CrashPoint } from '../src/kernel/crash-point.ts';
import { uuidv7 } from '../src/kernel/uuid.ts';
import type { Case } from './case.ts';
import { endOf, startScript } from './child.ts';
import { type Site, withPool } from './lane.ts';
import type { Verdict } from './verdict.ts';
import type { World } from './world.ts';

const ACTOR: Actor = { kind: 'command', label: 'command:faults', role: 'admin' };
const PATIENCE_MS = 120_000;
/** As promised of the job of a killed process. */
const LIMIT_MS = 30_000;

const POINTS: readonly CrashPoint[] = [
  'job.taken',
  'job.begun',
  'file.written',
  'file.put',
  'job.finished',
  'job.ended',
];

/** A case per point: the export is written once, whole, and nothing of the killed worker is left. */
export const planJobs = (): Case[] =>
  POINTS.map((point) => ({
    name: `kill ${point}`,
    byHand: `CAIRN_CRASH=${point}:1`,
    run: (world) => run(world, point),
  }));

async function run(world: World, point: CrashPoint): Promise<Verdict> {
  const site = await world.lane.clone();
  const dataDir = await mkdtemp(join(world.folder, 'jobs-'));
  const verdict = await withPool(site.apiUrl, async (pool) => {
    const request = { source: 'researches', format: 'csv' } as const;
    await writeSession(pool, ACTOR, ({ query }) => enqueueExport(query, { actor: ACTOR }, uuidv7(), request, 'faults'));
    const env = { DATABASE_URL: site.ownerUrl, CAIRN_DATA_DIR: dataDir };
    const killed = startScript('src/main.ts', ['serve', '--role', 'worker'], { ...env, CAIRN_CRASH: `${point}:1` });
    const code = await endOf(killed, PATIENCE_MS);
    if (code !== null) return { told: 'was not killed', faults: [`${point} is not reached: ${code} ${killed.err()}`] };
    // As if the seconds had passed that a lease lasts; the drill of workers waits for them.
    await pool.query("UPDATE jobs SET lease_until = lease_until - interval '15 seconds' WHERE status = 'running'");
    const other = startScript('src/main.ts', ['serve', '--role', 'worker'], env);
    const began = performance.now();
    const isDone = async (): Promise<boolean> =>
      (await pool.query('SELECT FROM jobs WHERE finished_at IS NULL')).rowCount === 0;
    while (!(await isDone()) && performance.now() - began < LIMIT_MS) await sleep(100);
    // Before its end it must have begun: a signal that comes earlier ends it as it would end anything.
    while (!other.out().includes('Cairn works') && other.process.exitCode === null) await sleep(50);
    const took = ((performance.now() - began) / 1000).toFixed(0);
    other.process.kill('SIGTERM');
    const end = await endOf(other, PATIENCE_MS);
    const faults = end === 0 ? [] : [`the other worker ended with ${end}: ${other.err()}`];
    return {
      told: `another worker ended it in ${took} s`,
      faults: [...faults, ...(await judgeJob(world, site, dataDir))],
    };
  });
  await world.lane.drop(site);
  return verdict;
}

async function judgeJob(world: World, site: Site, dataDir: string): Promise<string[]> {
  return withPool(site.apiUrl, async (pool) => {
    const faults: string[] = [];
    const { rows } = await pool.query<{ state: string }>(
      `SELECT format('%s job, %s export of %s rows, %s files', j.status, e.status, e.rows, (SELECT count(*) FROM files)) AS state
         FROM jobs j
         JOIN exports e ON e.job_id = j.job_id`,
    );
    const researches = (await pool.query('SELECT FROM researches')).rowCount;
    const wanted = `completed job, completed export of ${researches} rows, 1 files`;
    if (rows[0]?.state !== wanted) faults.push(`${wanted} was to be, and is: ${rows[0]?.state}`);
    const { store } = openFiles(dataDir, pool);
    faults.push(...(await checkFiles(pool, store, true)).faults);
    for await (const { invariant, faults: found } of checkInvariants(pool, {
      registry: world.lane.registry,
      isAlone: true,
    }))
      if (invariant.name === 'jobs' || invariant.name === 'leftovers') faults.push(...found);
    return faults;
  });
}
