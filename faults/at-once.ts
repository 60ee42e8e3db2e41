/** Two importers at once, and the same file from two processes: one effect, however they interleave. */

import { setTimeout as sleep } from 'node:timers/promises';
import type { Case } from './case.ts';
import { type Child, endOf, resume, startScript, stoppedAtPoint } from './child.ts';
import { withPool } from './lane.ts';
import { readOutcome } from './outcome.ts';
import { checkTold, judge, type Verdict } from './verdict.ts';
import type { World } from './world.ts';

const PATIENCE_MS = 90_000;

export const AT_ONCE: readonly Case[] = [
  { name: 'two importers of one folder at once', run: (world) => sideBySide(world, 2, undefined) },
  { name: 'four importers of one folder at once', run: (world) => sideBySide(world, 4, undefined) },
  // Both have hashed the file and found it new before either takes its lock.
  {
    name: 'the same file from two processes, both in the middle',
    run: (world) => sideBySide(world, 2, 'import.batch:2:pause'),
  },
  {
    name: 'the same file from two processes, one before its COMMIT',
    run: (world) => sideBySide(world, 2, 'import.before-commit:1:pause'),
  },
];

/** Starts them together; the first stands still at `pause` until the others have come as far as they get. */
async function sideBySide(world: World, count: number, pause: string | undefined): Promise<Verdict> {
  const { lane, root } = world;
  const site = await lane.clone();
  try {
    const children: Child[] = [];
    for (let n = 0; n < count; n += 1) {
      const env: Record<string, string> = n === 0 && pause !== undefined ? { CAIRN_CRASH: pause } : {};
      children.push(startScript('faults/importer.ts', [root, site.apiUrl], env));
    }
    const [first] = children;
    if (pause !== undefined && first !== undefined) {
      // It stands still with its locks; the others come up to them.
      if (!(await stoppedAtPoint(first))) return { told: 'never came there', faults: [`${pause} is not reached`] };
      await sleep(1_000);
      resume(first);
    }
    const faults: string[] = [];
    for (const child of children) {
      const code = await endOf(child, PATIENCE_MS);
      const outcome = readOutcome(child.out());
      if (code !== 0) faults.push(`an importer ended with ${code}: ${outcome?.error?.message ?? child.err()}`);
      await withPool(site.apiUrl, async (pool) => faults.push(...(await checkTold(pool, outcome))));
    }
    // Each file was taken in by one of them, or by several of which one changed something: the sums are those of one import.
    const { counts: _, ...due } = world.due;
    faults.push(...(await judge(lane, site, root, due)));
    return { told: `${count} ended`, faults };
  } finally {
    await lane.drop(site);
  }
}
