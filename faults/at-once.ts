/** Two importers at once, and the same file from two processes: one effect, however they interleave. */

import { setTimeout as sleep } from 'node:timers/promises';
import type { Case } from './case.ts';
import type { Run } from './importers.ts';
import { withPool } from './lane.ts';
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
  const { lane, importers, root } = world;
  const site = await lane.clone();
  try {
    const runs: Run[] = [];
    for (let n = 0; n < count; n += 1)
      runs.push(await importers.begin({ root, url: site.apiUrl, crash: n === 0 ? pause : undefined }));
    const [first] = runs;
    if (pause !== undefined && first !== undefined) {
      // It stands still with its locks; the others come up to them.
      if (!(await first.stopped())) return { told: 'never came there', faults: [`${pause} is not reached`] };
      await sleep(1_000);
      first.resume();
    }
    const faults: string[] = [];
    for (const run of runs) {
      const { outcome, code, err } = await run.end(PATIENCE_MS);
      if (outcome === undefined || outcome.error !== undefined)
        faults.push(`an importer ended with ${code}: ${outcome?.error?.message ?? err}`);
      await withPool(site.apiUrl, async (pool) => faults.push(...(await checkTold(pool, outcome))));
    }
    // Each file was taken in by one of them, or by several of which one changed something: the sums are those of one import.
    const { counts: _, ...due } = world.due;
    faults.push(...(await judge(world, site, root, due)));
    return { told: `${count} ended`, faults };
  } finally {
    await lane.drop(site);
  }
}
