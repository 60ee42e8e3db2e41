/** Kills at moments that nobody chose: wherever the process happens to be. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Case } from './case.ts';
import { startScript } from './child.ts';
import { conclude } from './import-case.ts';
import type { World } from './world.ts';

/** Cases that kill an import `share` of the way through, `share` from 0 to below 1. */
export function planKills(count: number, random: () => number): Case[] {
  return Array.from({ length: count }, (_, n): Case => {
    const share = random();
    return { name: `random kill ${n + 1} at ${(share * 100).toFixed(1)} %`, run: (world) => killAt(world, share) };
  });
}

async function killAt(world: World, share: number) {
  const { lane, root } = world;
  const site = await lane.clone();
  try {
    const child = startScript('faults/importer.ts', [root, site.apiUrl], {});
    let isOver = false;
    void child.ended.then(() => {
      isOver = true;
    });
    // Nothing can go wrong before its first statement.
    await sleep(START_MS + share * Math.max(0, world.importMs - START_MS));
    const killed = !isOver && child.process.kill('SIGKILL');
    const code = await child.ended;
    return await conclude(world, site, child, code, killed && code === null);
  } finally {
    await lane.drop(site);
  }
}

/** Node and the datasets are loaded in about this time. */
const START_MS = 250;
