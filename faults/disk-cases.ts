/** A full disk: PostgreSQL's data folder on a real small tmpfs, with a filler that leaves as much as a case wants. */
import { execFile } from 'node:child_process';
import { mkdir, rm, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Case } from './case.ts';
import { writeLargeFolder } from './data.ts';
import { type Lane, openLane, type Site, withPool } from './lane.ts';
import { describeOutcome, type Outcome } from './outcome.ts';
import { brokenInvariants, checkTold, type Verdict } from './verdict.ts';
import type { World } from './world.ts';

const run = promisify(execFile);

const DISK = '640m';
const MEGABYTE = 1024 ** 2;
const PATIENCE_MS = 120_000;

/** What is left free, in bytes: room for the batches of a file, and not for the file; nothing from the first batch on. */
const LEFT: readonly number[] = [5 * MEGABYTE, 0];

/** No cases where nothing can be mounted. */
export async function planDisks(folder: string): Promise<{ readonly cases: Case[]; readonly skipped?: string }> {
  const probe = join(folder, 'probe');
  try {
    await mkdir(probe);
    await mount(probe);
    await run('umount', [probe]);
  } catch (thrown) {
    const why = thrown instanceof Error ? thrown.message.split('\n')[0] : String(thrown);
    return {
      cases: [],
      skipped: `the full disk is left out: no tmpfs can be mounted here (${why}); run as root where mounts are allowed`,
    };
  }
  return { cases: [{ name: 'disk full in the middle of a file, and from its first batch on', run: onSmallDisk }] };
}

async function mount(at: string): Promise<void> {
  await run('mount', ['-t', 'tmpfs', '-o', `size=${DISK},mode=0755`, 'tmpfs', at]);
}

async function onSmallDisk(world: World): Promise<Verdict> {
  const disk = join(world.folder, 'disk');
  const large = join(world.folder, 'large');
  await mkdir(disk);
  await writeLargeFolder(large);
  await mount(disk);
  let lane: Lane | undefined;
  try {
    lane = await openLane(join(disk, 'data'), world.pattern);
    const verdicts: Verdict[] = [];
    for (const left of LEFT) verdicts.push(await fillUp(world, lane, disk, large, left));
    return { told: verdicts.map(({ told }) => told).join('; '), faults: verdicts.flatMap(({ faults }) => faults) };
  } finally {
    await lane?.close();
    // Lazily: a process that ends in this moment must not keep the run from ending.
    await run('umount', ['-l', disk]);
  }
}

async function fillUp(world: World, lane: Lane, disk: string, large: string, left: number): Promise<Verdict> {
  const site = await lane.clone();
  const filler = join(disk, 'filler');
  await fill(disk, filler, left);
  const full = await importLarge(world, site, large);
  const faults: string[] = [];
  if (full?.error === undefined) faults.push('the import did not fail');
  else if (full.error.kind !== 'transient') faults.push(`told as ${full.error.code}: ${full.error.message}`);
  else if (!/disk/.test(full.error.message)) faults.push(`nobody is told that the disk is full: ${full.error.message}`);
  // Reads go on while it is full.
  await fill(disk, `${filler}-2`, 0);
  faults.push(...(await reading(site)));
  await rm(filler);
  await rm(`${filler}-2`, { force: true });
  const again = await importLarge(world, site, large);
  if (again?.imports.every(({ status }) => status === 'imported') !== true)
    faults.push(`the rerun failed: ${again?.error?.message ?? describeOutcome(again)}`);
  await withPool(site.apiUrl, async (pool) => {
    faults.push(...(await checkTold(pool, again)));
    faults.push(...(await brokenInvariants(pool, lane, large)));
  });
  await lane.drop(site);
  return { told: `${describeOutcome(full)}, reads go on, rerun ${describeOutcome(again)}`, faults };
}

async function importLarge({ importers }: World, site: Site, large: string): Promise<Outcome | undefined> {
  const run = await importers.begin({ root: large, url: site.apiUrl });
  return (await run.end(PATIENCE_MS)).outcome;
}

async function reading(site: Site): Promise<string[]> {
  try {
    await withPool(site.apiUrl, (pool) => pool.query('SELECT count(*), max(title) FROM videos'));
    return [];
  } catch (thrown) {
    return [`no reads while the disk is full: ${thrown instanceof Error ? thrown.message : String(thrown)}`];
  }
}

/** Writes a file that leaves `left` bytes of the disk. */
async function fill(disk: string, filler: string, left: number): Promise<void> {
  const { bavail, bsize } = await statfs(disk);
  const size = bavail * bsize - left;
  if (size <= 0) return;
  const chunk = Buffer.alloc(MEGABYTE);
  for (let written = 0; written < size; written += chunk.length) {
    const part = chunk.subarray(0, Math.min(chunk.length, size - written));
    try {
      await writeFile(filler, part, { flag: 'a' });
    } catch {
      // Full to the last byte: the server wrote meanwhile.
      return;
    }
  }
}
