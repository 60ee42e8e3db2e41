/** Kills at moments that nobody chose: wherever the import happens to be. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Case } from './case.ts';
import { conclude } from './import-case.ts';
import type { End } from './importers.ts';
import type { Site } from './lane.ts';
import type { Verdict } from './verdict.ts';
import type { World } from './world.ts';

/** `count` kills in cases of `chain` kills each, at shares of an import's time that `random` gives. */
export function planKills(count: number, chain: number, random: () => number): Case[] {
  const shares = Array.from({ length: count }, random);
  return Array.from({ length: Math.ceil(count / chain) }, (_, n): Case => {
    const own = shares.slice(n * chain, (n + 1) * chain);
    const at = own.map((share) => (share * 100).toFixed(1)).join(', ');
    return { name: `random kills ${n + 1} at ${at} %`, run: (world) => killAt(world, own) };
  });
}

const PATIENCE_MS = 60_000;

/** The first import of a world is its slowest: what later ones took says better where a share of the way is. */
const shortest = new WeakMap<World, number>();

/**
 * Each next import is the rerun of the killed one before. One that ends before its kill was none of the count: the rows it
 * left get their verdict, and the same share is met again where everything is still to be done.
 */
async function killAt(world: World, shares: readonly number[]): Promise<Verdict> {
  const faults: string[] = [];
  let site: Site | undefined;
  let last: End | undefined;
  let sites = 0;
  const verdict = async (isKilled: boolean): Promise<void> => {
    if (site === undefined || last === undefined) return;
    faults.push(...(await conclude(world, site, last, isKilled)).faults);
    await world.lane.drop(site);
    site = undefined;
  };
  try {
    for (const share of shares) {
      for (;;) {
        if (site === undefined) sites += 1;
        site ??= await world.lane.clone();
        last = await killOne(world, site, share);
        if (last.code === null) break;
        await verdict(false);
        if (faults.length > 0) return { told: 'ended before its kill', faults };
      }
    }
    await verdict(true);
    return { told: `${shares.length} killed, ${sites} databases`, faults };
  } finally {
    if (site !== undefined) await world.lane.drop(site);
  }
}

async function killOne(world: World, { apiUrl }: Site, share: number): Promise<End> {
  const run = await world.importers.begin({ root: world.root, url: apiUrl }, true);
  const began = performance.now();
  const end = run.end(PATIENCE_MS);
  const full = shortest.get(world) ?? world.importMs;
  const isOver = await Promise.race([end.then(() => true), sleep(share * full, false)]);
  if (isOver) shortest.set(world, Math.min(full, performance.now() - began));
  else run.kill();
  return end;
}
