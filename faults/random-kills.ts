/** Kills at moments that nobody chose: wherever the process happens to be. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Case } from './case.ts';
import { type Child, startScript } from './child.ts';
import { conclude } from './import-case.ts';
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

/** The first import of a world is its slowest: what later ones took says better where a share of the way is. */
const shortest = new WeakMap<World, number>();

async function killAt(world: World, shares: readonly number[]): Promise<Verdict> {
  const { lane, root } = world;
  const site = await lane.clone();
  try {
    let last: { readonly child: Child; readonly code: number | null; readonly isKilled: boolean } | undefined;
    for (const share of shares) {
      const child = startScript('faults/importer.ts', [root, site.apiUrl], {});
      const began = performance.now();
      let took: number | undefined;
      void child.ended.then(() => {
        took = performance.now() - began;
      });
      const full = shortest.get(world) ?? world.importMs;
      // Nothing can go wrong before its first statement.
      await sleep(START_MS + share * Math.max(0, full - START_MS));
      const isKilled = took === undefined && child.process.kill('SIGKILL');
      if (took !== undefined) shortest.set(world, Math.min(full, took));
      const code = await child.ended;
      last = { child, code, isKilled: isKilled && code === null };
    }
    if (last === undefined) return { told: 'no kill', faults: [] };
    return await conclude(world, site, last.child, last.code, last.isKilled);
  } finally {
    await lane.drop(site);
  }
}

/** Node and the datasets are loaded in about this time. */
const START_MS = 250;
