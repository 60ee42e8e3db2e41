/** One case: an import that meets one fault at one crash point; then a restart, a rerun, and the verdict. */

import { type Child, endOf, resume, startScript, stoppedAtPoint } from './child.ts';
import { importOnce } from './import-once.ts';
import { type Site, throughPort, withPool } from './lane.ts';
import { describeOutcome, type Outcome, readOutcome } from './outcome.ts';
import { openProxy } from './proxy.ts';
import { checkTold, judge, type Verdict } from './verdict.ts';
import type { World } from './world.ts';

/**
 * kill: SIGKILL of the importing process. stop: PostgreSQL stops at once and is started again while the import goes on.
 * down: it is started only after the import gave up. drop: every connection is reset. half-open: every connection stays open
 * and carries nothing. reset-…: the connection of the nth COMMIT is reset, when it was answered or when it is being sent.
 */
export const FAULTS = ['kill', 'stop', 'down', 'drop', 'half-open', 'reset-answered', 'reset-sent'] as const;
export type FaultKind = (typeof FAULTS)[number];

export interface ImportCase {
  readonly fault: FaultKind;
  readonly point: string;
  readonly hit: number;
}

/** An import takes less than a second here. */
const PATIENCE_MS = 60_000;

const importer = (root: string, url: string, crash?: string): Child =>
  startScript('faults/importer.ts', [root, url], crash === undefined ? {} : { CAIRN_CRASH: crash });

export async function runImportCase(world: World, one: ImportCase): Promise<Verdict> {
  const site = await world.lane.clone();
  try {
    return await disturb(world, site, one);
  } finally {
    await world.lane.drop(site);
  }
}

async function disturb(world: World, site: Site, { fault, point, hit }: ImportCase): Promise<Verdict> {
  const { lane, root } = world;
  const isServers = fault === 'stop' || fault === 'down';
  const throughProxy = fault !== 'kill' && !isServers;
  const proxy = throughProxy ? await openProxy('127.0.0.1', lane.port()) : undefined;
  try {
    const url = proxy === undefined ? site.apiUrl : throughPort(site.apiUrl, proxy.port);
    const isReset = fault === 'reset-answered' || fault === 'reset-sent';
    if (isReset) proxy?.resetAtCommit(hit, fault === 'reset-answered' ? 'answered' : 'sent');
    const at = isReset ? undefined : `${point}:${hit}${fault === 'kill' ? '' : ':pause'}`;
    const child = importer(root, url, at);
    if (fault !== 'kill' && !isReset) {
      if (!(await stoppedAtPoint(child)))
        return { told: 'never came there', faults: [`${point}:${hit} is not reached: ${child.err()}`] };
      if (isServers) await lane.stopNow();
      if (fault === 'drop') proxy?.drop();
      if (fault === 'half-open') proxy?.stall();
      resume(child);
      if (fault === 'stop') await lane.start();
    }
    const code = await endOf(child, PATIENCE_MS);
    if (fault === 'down') await lane.start();
    const verdict = await conclude(world, site, child, code, fault === 'kill');
    if (!isReset || (proxy?.commits() ?? 0) >= hit) return verdict;
    return { ...verdict, faults: [...verdict.faults, `COMMIT ${hit} was never sent`] };
  } finally {
    await proxy?.close();
  }
}

/** Restart, rerun, verdict. */
export async function conclude(
  world: World,
  site: Site,
  child: Child,
  code: number | null | 'hangs',
  isKilled: boolean,
): Promise<Verdict> {
  const first = readOutcome(child.out());
  const faults: string[] = [];
  if (code === 'hangs') faults.push('the import hangs');
  else if (isKilled !== (code === null)) faults.push(`the process ended with ${code}: ${child.err()}`);
  if (first?.error !== undefined && first.error.kind !== 'transient')
    faults.push(`a fault of the database was told as ${first.error.code}: ${first.error.message}`);
  await withPool(site.apiUrl, async (pool) => {
    faults.push(...(await checkTold(pool, first)));
    // As if the few seconds had passed in which a line may stand before its lock.
    await pool.query("UPDATE imports SET started_at = started_at - interval '6 seconds' WHERE status = 'running'");
  });
  const second = await rerun(world, site);
  if (second.error !== undefined) faults.push(`the rerun ended with ${second.error.code}: ${second.error.message}`);
  await withPool(site.apiUrl, async (pool) => faults.push(...(await checkTold(pool, second))));
  faults.push(...(await judge(world.lane, site, world.root, world.due)));
  return { told: `${describeOutcome(first)}, rerun ${describeOutcome(second)}`, faults };
}

/**
 * The same import once more. A process of its own is started where every case is run; in the covering, pools of their own
 * stand for it: what a new process knows of the database is what they know, and starting Node a hundred times is half a minute.
 */
async function rerun({ lane, root, isLong }: World, { apiUrl }: Site): Promise<Outcome> {
  if (!isLong) return importOnce(lane.registry, root, apiUrl);
  const again = importer(root, apiUrl);
  const end = await endOf(again, PATIENCE_MS);
  const outcome = readOutcome(again.out()) ?? { imports: [] };
  if (end === 0 || outcome.error !== undefined) return outcome;
  return { ...outcome, error: { code: String(end), kind: 'bug', message: again.err() } };
}
