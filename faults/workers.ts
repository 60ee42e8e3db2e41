/**
 * Workers killed in turn: each is armed with a crash point, asked for work and dies of it; the next one ends that work, and
 * is the next victim. One start for each kill instead of two.
 */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import type { Registry } from '../src/ingest/registry.ts';
import { checkInvariants } from '../src/invariants/check-invariants.ts';
import { imports } from '../src/invariants/imports.ts';
import { jobs } from '../src/invariants/jobs.ts';
import { leftovers } from '../src/invariants/leftovers.ts';
import { sources } from '../src/invariants/sources.ts';
import { PROJECT_ROOT } from '../src/kernel/config.ts';
import type { CrashPoint } from '../src/kernel/crash-point.ts';
import { type Child, endOf, startScript } from './child.ts';
import { ARMED } from './outcome.ts';
import { timed } from './times.ts';
import type { Verdict } from './verdict.ts';

/** Loads what arms a server that runs already. */
export const ARMABLE = ['--import', join(PROJECT_ROOT, 'faults', 'armed.ts')];

export interface Kill {
  readonly point: CrashPoint;
  readonly hit: number;
  /** Asks for the work in which the worker is killed. */
  readonly ask: () => Promise<unknown>;
  readonly isDone: () => Promise<boolean>;
  /** What does not hold once it is done. */
  readonly judge: () => Promise<string[]>;
}

const PATIENCE_MS = 120_000;
/** As promised of the work of a killed process, where another one stands: then it is taken up. */
const LIMIT_MS = 30_000;
/** How much longer than undisturbed work the work of a killed process may take, on a machine that is busy with other cases. */
const SLOWER = 5;
/** A case that does not hold at all tells of hundreds of things. */
const TOLD = 5;
const SETTLED_MS = 3_000;

type Env = Readonly<Record<string, string>>;

/** One database, its workers' settings, and a pool that looks at it. */
export interface Workplace {
  readonly pool: pg.Pool;
  readonly env: Env;
  readonly registry: Registry;
  /** Milliseconds that the work takes where nothing disturbs it; next to none unless given. */
  readonly workMs?: number;
}

const WORKED_ON = [leftovers, jobs, sources, imports];

/** A worker that looks for work and can be armed; a signal that came before would end it as it would end anything. */
export async function startWorker(env: Env): Promise<Child> {
  const worker = startScript('src/main.ts', ['serve', '--role', 'worker'], env, 'pipe', ARMABLE);
  const up = async (): Promise<void> => {
    while (!worker.out().includes('Cairn works') && isAlive(worker)) await sleep(20);
  };
  await timed('start', up());
  return worker;
}

const isAlive = ({ process: { exitCode, signalCode } }: Child): boolean => exitCode === null && signalCode === null;

/** Resolves when the server knows of the crash point, which it does not before it is up. */
export async function arm(server: Child, setting: string): Promise<void> {
  server.process.stdin?.write(`${setting}\n`);
  while (!server.err().includes(`${ARMED} ${setting}\n`) && isAlive(server)) await sleep(5);
}

/** Goes through the kills with workers of `env`, of which `first` is the first, and ends the last one; then nothing of them may be left. */
export async function killWorkers(
  { pool, env, registry, workMs = 0 }: Workplace,
  first: Child,
  kills: readonly Kill[],
): Promise<Verdict> {
  const faults: string[] = [];
  const limitMs = LIMIT_MS + SLOWER * workMs;
  let worker = first;
  let slowest = 0;
  try {
    for (const { point, hit, ask, isDone, judge } of kills) {
      const setting = `${point}:${hit}`;
      await arm(worker, setting);
      await ask();
      const code = await endOf(worker, PATIENCE_MS);
      if (code !== null) faults.push(`${setting} is not reached: ${code} ${worker.err()}`);
      // As if the seconds had passed that a lease lasts, or in which an import's line may stand before its lock: the next
      // worker looks for such lines when it starts, and again after a minute. The drill of workers waits.
      await pool.query("UPDATE jobs SET lease_until = lease_until - interval '15 seconds' WHERE status = 'running'");
      await pool.query("UPDATE imports SET started_at = started_at - interval '6 seconds' WHERE status = 'running'");
      worker = await startWorker(env);
      const began = performance.now();
      await timed('run', untilDone(isDone, limitMs));
      slowest = Math.max(slowest, performance.now() - began);
      if (!(await isDone())) faults.push(`${setting}: not done within ${Math.ceil(limitMs / 1_000)} s`);
      const found = await timed('verdict', settled(judge));
      faults.push(...found.slice(0, TOLD).map((fault) => `${setting}: ${fault}`));
      if (found.length > TOLD) faults.push(`${setting}: and ${found.length - TOLD} more`);
      // What came next would stand on what does not hold.
      if (faults.length > 0) break;
    }
    worker.process.kill('SIGTERM');
    const end = await endOf(worker, PATIENCE_MS);
    if (end !== 0) faults.push(`the last worker ended with ${end}: ${worker.err()}`);
    for await (const { invariant, faults: found } of checkInvariants(pool, {
      registry,
      isAlone: true,
      only: WORKED_ON,
    }))
      faults.push(...found.map((fault) => `${invariant.name}: ${fault}`));
    return { told: `${kills.length} killed, others went on within ${Math.ceil(slowest / 1_000)} s`, faults };
  } finally {
    worker.process.kill('SIGKILL');
    await worker.ended;
  }
}

async function untilDone(isDone: () => Promise<boolean>, limitMs: number): Promise<void> {
  const end = performance.now() + limitMs;
  while (!(await isDone()) && performance.now() < end) await sleep(100);
}

/** A worker says that work is done a moment before it has put away all that belongs to it. */
async function settled(judge: () => Promise<string[]>): Promise<string[]> {
  const end = performance.now() + SETTLED_MS;
  for (;;) {
    const faults = await judge();
    if (faults.length === 0 || performance.now() > end) return faults;
    await sleep(200);
  }
}
