/** Crash points of schedules: one is due, the worker that takes it is killed, another one goes on. */
import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { writeSession } from '../src/database/session.ts';
import type { Actor } from '../src/kernel/actor.ts';
import type { CrashPoint } from '../src/kernel/crash-point.ts';
import { addSchedule } from '../src/sources/schedules/schedules.write.ts';
import { checkedTiming } from '../src/sources/schedules/timing.ts';
import type { Case } from './case.ts';
import { endOf, startScript } from './child.ts';
import { withPool } from './lane.ts';
import type { Verdict } from './verdict.ts';
import type { World } from './world.ts';

const ACTOR: Actor = { kind: 'command', label: 'command:faults', role: 'admin' };
const PATIENCE_MS = 120_000;
const LIMIT_MS = 30_000;

const POINTS: readonly CrashPoint[] = ['schedule.before-commit', 'schedule.fired'];

/** A case per point: what was due is asked for once, and what is asked for is done. */
export const planSchedules = (): Case[] =>
  POINTS.map((point) => ({
    name: `kill ${point}`,
    byHand: `CAIRN_CRASH=${point}:1`,
    run: (world) => run(world, point),
  }));

async function run(world: World, point: CrashPoint): Promise<Verdict> {
  const site = await world.lane.clone();
  const env = { DATABASE_URL: site.ownerUrl, CAIRN_DATA_DIR: await mkdtemp(join(world.folder, 'schedules-')) };
  const verdict = await withPool(site.apiUrl, async (pool) => {
    const timing = checkedTiming({ intervalSeconds: 3_600 });
    const wanted = { name: 'faults', jobKind: 'clean-up', timing };
    const key = await writeSession(pool, ACTOR, ({ query }) => addSchedule(query, ACTOR, wanted));
    const asActor = <Row extends Record<string, unknown>>(text: string): Promise<Row[]> =>
      writeSession(pool, ACTOR, ({ query }) => query<Row>('faults', text, [key]));
    await asActor("UPDATE scheduled_syncs SET next_run_at = now() - interval '5 hours' WHERE schedule_id = $1");
    const killed = startScript('src/main.ts', ['serve', '--role', 'worker'], { ...env, CAIRN_CRASH: `${point}:1` });
    const code = await endOf(killed, PATIENCE_MS);
    if (code !== null) return { told: 'was not killed', faults: [`${point} is not reached: ${code} ${killed.err()}`] };
    await pool.query("UPDATE jobs SET lease_until = lease_until - interval '15 seconds' WHERE status = 'running'");
    const other = startScript('src/main.ts', ['serve', '--role', 'worker'], env);
    const began = performance.now();
    const isDone = async (): Promise<boolean> =>
      (await asActor("SELECT 1 AS done FROM schedule_runs WHERE schedule_id = $1 AND status = 'completed'")).length > 0;
    while (!(await isDone()) && performance.now() - began < LIMIT_MS) await sleep(100);
    while (!other.out().includes('Cairn works') && other.process.exitCode === null) await sleep(50);
    other.process.kill('SIGTERM');
    const end = await endOf(other, PATIENCE_MS);
    const [state] = await asActor<{ state: string }>(
      `SELECT format('%s turns, %s completed, next %s', count(*), count(*) FILTER (WHERE status = 'completed'),
                     (SELECT CASE WHEN next_run_at > now() THEN 'ahead' ELSE 'overdue' END
                        FROM scheduled_syncs WHERE schedule_id = $1)) AS state
         FROM schedule_runs
        WHERE schedule_id = $1`,
    );
    const due = '1 turns, 1 completed, next ahead';
    const faults = state?.state === due ? [] : [`${due} was to be, and is: ${state?.state}`];
    if (end !== 0) faults.push(`the other worker ended with ${end}: ${other.err()}`);
    return { told: 'another worker went on', faults };
  });
  await world.lane.drop(site);
  return verdict;
}
