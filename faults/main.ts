/** `npm run faults`: every crash point met by every fault, kills at random, importers at once. Exit code 1 if anything does not hold. */
import { chmod, mkdtemp, rm, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { AT_ONCE } from './at-once.ts';
import type { Case } from './case.ts';
import { planCommands } from './command-cases.ts';
import { planDisks } from './disk-cases.ts';
import { planEdits } from './edit-cases.ts';
import { runImportCase } from './import-case.ts';
import { makePattern, openLane } from './lane.ts';
import { planImports } from './plan.ts';
import { seeded } from './random.ts';
import { planKills } from './random-kills.ts';
import { describePhases, type Phase, timing } from './times.ts';
import { makeWorlds, type World, writeGiven } from './world.ts';

const HELP = `npm run faults [-- --long] [--seed N] [--kills N] [--only TEXT] [--from TEXT] [--lanes N] [--times]

  --long     every combination of point, hit and fault, instead of a covering of them, and a verdict after every kill
  --seed N   of the random kills, and of which cases the covering holds; printed by every run
  --kills N  how many random kills (100; 500 with --long)
  --only T   only cases whose name contains T
  --from T   only the first case whose name contains T and those after it: goes on with a run that was stopped
  --lanes N  how many servers are disturbed side by side (3)
  --times    where each case's seconds went`;

const { values } = parseArgs({
  options: {
    long: { type: 'boolean', default: false },
    seed: { type: 'string' },
    kills: { type: 'string' },
    only: { type: 'string', default: '' },
    from: { type: 'string', default: '' },
    lanes: { type: 'string', default: '3' },
    times: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

/** Kills in a row before a verdict: each next import is the rerun of the one before. */
const CHAIN = 10;

function planCases(world: World, seed: number): Case[] {
  const imports = planImports(world.hits, world.commits, { isLong: values.long, seed }).map(
    (one): Case => ({
      name: `${one.fault} ${one.point}:${one.hit}`,
      ...(one.fault === 'kill' && { kills: [one.point], byHand: `CAIRN_CRASH=${one.point}:${one.hit}` }),
      run: (in_) => runImportCase(in_, one),
    }),
  );
  // Those of many steps come first: begun last, one of them would go on alone.
  return [
    ...planCommands(values.long),
    ...planEdits(),
    ...imports,
    ...AT_ONCE,
    ...planKills(Number(values.kills ?? (values.long ? 500 : 100)), values.long ? 1 : CHAIN, seeded(seed)),
  ];
}

async function run(): Promise<number> {
  const seed = values.seed === undefined ? Math.floor(Math.random() * 2 ** 32) : Number(values.seed);
  const began = performance.now();
  const folder = await mkdtemp(join(await workplace(), 'cairn-faults-'));
  // The server's system user must be able to go there.
  await chmod(folder, 0o755);
  const worlds: World[] = [];
  try {
    const given = await writeGiven(folder);
    const pattern = join(folder, 'pattern');
    await makePattern(pattern, given.first);
    const isLong = values.long;
    worlds.push(
      ...(await makeWorlds(Number(values.lanes), (n) => ({
        folder: join(folder, `lane-${n}`),
        given,
        pattern,
        isLong,
        open: openLane,
      }))),
    );
    const [first] = worlds;
    if (first === undefined) throw new Error('No lane was made');
    const disks = await planDisks(folder);
    // It takes long and waits for most of it: others go on beside it.
    const all = [...disks.cases, ...planCases(first, seed)];
    const from = all.findIndex(({ name }) => name.includes(values.from));
    const cases = all.filter(({ name }, n) => from >= 0 && n >= from && name.includes(values.only));
    process.stdout.write(`${cases.length} cases, seed ${seed}\n`);
    if (disks.skipped !== undefined) process.stdout.write(`skipped: ${disks.skipped}\n`);
    const counts = await runAll(worlds, cases);
    const seconds = ((performance.now() - began) / 1000).toFixed(0);
    const { held, broken } = counts;
    const left = cases.length - held - broken;
    const rest = left === 0 ? '' : `, ${left} were not run`;
    process.stdout.write(`\n${held} held, ${broken} did not${rest}, ${seconds} s, seed ${seed}\n`);
    return broken + left === 0 ? 0 : 1;
  } finally {
    for (const { close } of worlds) await close();
    await rm(folder, { recursive: true, force: true });
  }
}

const GIGABYTE = 1024 ** 3;

/** In memory, where there is room: a copied database is a thousand files, and no case here asks whether a disk keeps its word. */
async function workplace(): Promise<string> {
  const room = await statfs('/dev/shm').then(
    ({ bavail, bsize }) => bavail * bsize,
    () => 0,
  );
  return room > 4 * GIGABYTE ? '/dev/shm' : tmpdir();
}

/** After Ctrl-C the cases under way end, and everything is put away. */
let isStopped = false;
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    isStopped = true;
  });
}

/** Each lane takes the next case when it is free. Returns how many held and how many did not. */
async function runAll(worlds: readonly World[], cases: readonly Case[]): Promise<{ held: number; broken: number }> {
  const waiting = [...cases];
  const counts = { held: 0, broken: 0 };
  await Promise.all(
    worlds.map(async (world) => {
      for (let next = waiting.shift(); next !== undefined && !isStopped; next = waiting.shift()) {
        const began = performance.now();
        const phases = new Map<Phase, number>();
        const { run } = next;
        const { told, faults } = await timing(phases, () => run(world));
        const seconds = ((performance.now() - began) / 1000).toFixed(1);
        const where = values.times ? ` (${describePhases(phases)})` : '';
        const state = faults.length === 0 ? 'held  ' : 'BROKEN';
        process.stdout.write(`${state} ${next.name.padEnd(36)} ${told.padEnd(44)} ${seconds} s${where}\n`);
        if (faults.length === 0) {
          counts.held += 1;
          continue;
        }
        counts.broken += 1;
        for (const fault of faults) process.stdout.write(`         ${fault}\n`);
        const again = `npm run faults -- --only '${next.name}'`;
        process.stdout.write(
          `         again: ${again}${next.byHand === undefined ? '' : `; by hand: ${next.byHand}`}\n`,
        );
      }
    }),
  );
  return counts;
}

if (values.help) process.stdout.write(`${HELP}\n`);
else process.exitCode = await run();
