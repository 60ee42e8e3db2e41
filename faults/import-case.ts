/** One case: an import that meets one fault at one crash point; then a restart, a rerun, and the verdict. */
import type { End } from './importers.ts';
import { type Site, throughPort, withPool } from './lane.ts';
import { describeOutcome } from './outcome.ts';
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

export async function runImportCase(world: World, one: ImportCase): Promise<Verdict> {
  const site = await world.lane.clone();
  try {
    return await disturb(world, site, one);
  } finally {
    await world.lane.drop(site);
  }
}

async function disturb(world: World, site: Site, { fault, point, hit }: ImportCase): Promise<Verdict> {
  const { lane, importers, root } = world;
  const isServers = fault === 'stop' || fault === 'down';
  const throughProxy = fault !== 'kill' && !isServers;
  const proxy = throughProxy ? await openProxy('127.0.0.1', lane.port()) : undefined;
  try {
    const url = proxy === undefined ? site.apiUrl : throughPort(site.apiUrl, proxy.port);
    const isReset = fault === 'reset-answered' || fault === 'reset-sent';
    if (isReset) proxy?.resetAtCommit(hit, fault === 'reset-answered' ? 'answered' : 'sent');
    const at = isReset ? undefined : `${point}:${hit}${fault === 'kill' ? '' : ':pause'}`;
    const run = await importers.begin({ root, url, crash: at }, fault === 'kill');
    if (fault !== 'kill' && !isReset) {
      if (!(await run.stopped())) {
        const { err } = await run.end(PATIENCE_MS);
        return { told: 'never came there', faults: [`${point}:${hit} is not reached: ${err}`] };
      }
      if (isServers) await lane.stopNow();
      if (fault === 'drop') proxy?.drop();
      if (fault === 'half-open') proxy?.stall();
      run.resume();
      if (fault === 'stop') await lane.start();
    }
    const end = await run.end(PATIENCE_MS);
    if (fault === 'down') await lane.start();
    const verdict = await conclude(world, site, end, fault === 'kill');
    if (!isReset || (proxy?.commits() ?? 0) >= hit) return verdict;
    return { ...verdict, faults: [...verdict.faults, `COMMIT ${hit} was never sent`] };
  } finally {
    await proxy?.close();
  }
}

/** Restart, rerun, verdict. After a kill the rerun is of another process; where every case is run it always is. */
export async function conclude(world: World, site: Site, first: End, isKilled: boolean): Promise<Verdict> {
  const { importers, root } = world;
  const faults: string[] = [];
  const { outcome, code, err } = first;
  if (code === 'hangs') faults.push(`the import hangs: ${err}`);
  else if (isKilled !== (code === null)) faults.push(`the process ended with ${code}: ${err}`);
  faults.push(...unasked(first));
  await withPool(site.apiUrl, async (pool) => {
    faults.push(...(await checkTold(pool, outcome)));
    // As if the few seconds had passed in which a line may stand before its lock.
    await pool.query("UPDATE imports SET started_at = started_at - interval '6 seconds' WHERE status = 'running'");
  });
  if (world.isLong) importers.renew();
  const again = await (await importers.begin({ root, url: site.apiUrl })).end(PATIENCE_MS);
  const failure = again.outcome === undefined ? `${again.code}: ${again.err}` : again.outcome.error?.message;
  if (failure !== undefined) faults.push(`the rerun ended with ${failure}`);
  faults.push(...(await judge(world, site, root, world.due, again.outcome)));
  return { told: `${describeOutcome(outcome)}, rerun ${describeOutcome(again.outcome)}`, faults };
}

/** A fault of the database that was told as somebody else's. */
function unasked({ outcome }: End): string[] {
  if (outcome?.error === undefined || outcome.error.kind === 'transient') return [];
  return [`a fault of the database was told as ${outcome.error.code}: ${outcome.error.message}`];
}
