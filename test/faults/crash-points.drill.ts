/** The faults run knows every crash point; a few of its cases, told from their inside. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { planCommands } from '../../faults/command-cases.ts';
import { planEdits } from '../../faults/edit-cases.ts';
import { type ImportCase, runImportCase } from '../../faults/import-case.ts';
import { planImports, threeOf } from '../../faults/plan.ts';
import { makeWorlds, writeGiven } from '../../faults/world.ts';
import { crashPointNames } from '../../src/kernel/crash-point.ts';
import { openTestLane } from '../support/faults-lane.ts';

const folder = await mkdtemp(join(tmpdir(), 'cairn-faults-'));
const given = await writeGiven(folder);
const [world] = await makeWorlds(1, () => ({ folder, given, pattern: given.first, isLong: false, open: openTestLane }));
if (world === undefined) throw new Error('There is no world');
afterAll(async () => {
  await world.close();
  await rm(folder, { recursive: true, force: true });
});

test('the faults run kills at every crash point that is listed, and at the first, a middle and the last batch', () => {
  const imports = planImports(world.hits, world.commits, { isLong: false, seed: 1 });
  const killed = new Set([
    ...imports.filter(({ fault }) => fault === 'kill').map(({ point }) => point),
    ...[...planCommands(false), ...planEdits()].flatMap(({ kills = [] }) => kills),
  ]);
  expect([...killed].toSorted()).toEqual(crashPointNames().toSorted());
  const batches = imports.filter(({ fault, point }) => fault === 'kill' && point === 'import.batch');
  expect(batches.map(({ hit }) => hit)).toEqual(threeOf(world.hits.get('import.batch') ?? 0));
  expect(batches).toHaveLength(3);
});

test('the coverings of nine seeds in a row hold every case of the long run but the server that stays down', () => {
  const named = (isLong: boolean, seed: number): string[] =>
    planImports(world.hits, world.commits, { isLong, seed })
      .filter(({ fault }) => fault !== 'down')
      .map(({ fault, point, hit }) => `${fault} ${point}:${hit}`);
  const covered = new Set(Array.from({ length: 9 }, (_, seed) => named(false, seed)).flat());
  expect([...covered].toSorted()).toEqual(named(true, 0).toSorted());
});

const CASES: readonly ImportCase[] = [
  { fault: 'kill', point: 'import.batch', hit: 2 },
  { fault: 'drop', point: 'import.merged', hit: 1 },
  { fault: 'half-open', point: 'import.before-commit', hit: 1 },
  { fault: 'reset-answered', point: 'COMMIT', hit: 1 },
  // The second one is that of many small files.
  { fault: 'reset-answered', point: 'COMMIT', hit: 2 },
];

test.each(CASES)('an import that meets $fault at $point is done once, and told right', async (one) => {
  expect(await runImportCase(world, one)).toEqual({ told: expect.stringContaining('rerun survived'), faults: [] });
});
