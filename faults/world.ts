/** What every case is run with: a lane, the folder, and what an undisturbed import of it leaves. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { crashPointLines } from '../src/kernel/crash-point.ts';
import { writeBadFolder, writeFolder } from './data.ts';
import { type Importers, openImporters } from './importers.ts';
import { type Lane, throughPort, withPool } from './lane.ts';
import { openProxy } from './proxy.ts';
import { brokenInvariants, type Contents, readContents } from './verdict.ts';

/** The folders that are imported: versions 1 and 2 of one, and one that cannot be read. */
export interface Given {
  readonly first: string;
  readonly second: string;
  readonly bad: string;
}

/** What an undisturbed import of the second version told. */
interface Traced {
  readonly due: Contents;
  /** What stands there before: the folder's first version. */
  readonly before: Contents;
  /** How often it comes by each crash point. */
  readonly hits: ReadonlyMap<string, number>;
  /** How many COMMITs it sends: small files share one. */
  readonly commits: number;
  /** How long it takes in a process that waits for it. */
  readonly importMs: number;
}

export interface World extends Traced {
  readonly lane: Lane;
  readonly importers: Importers;
  /** A folder of this world's own. */
  readonly folder: string;
  readonly given: Given;
  /** The folder that is imported. */
  readonly root: string;
  /** A stopped server's data folder with version 1 of the folder. */
  readonly pattern: string;
  /** Whether every case is run, a process of its own for each import. */
  readonly isLong: boolean;
  readonly close: () => Promise<void>;
}

export async function writeGiven(folder: string): Promise<Given> {
  const given = { first: join(folder, 'first'), second: join(folder, 'second'), bad: join(folder, 'bad') };
  await writeFolder(given.first, 1);
  await writeFolder(given.second, 2);
  await writeBadFolder(given.bad);
  return given;
}

export interface WorldOptions {
  readonly folder: string;
  readonly given: Given;
  readonly pattern: string;
  readonly isLong: boolean;
  readonly open: (folder: string, pattern: string) => Promise<Lane>;
}

/** The undisturbed import is the first world's; the others are told. Whoever makes a world closes it. */
export async function makeWorlds(count: number, options: (n: number) => WorldOptions): Promise<World[]> {
  const lanes = await Promise.all(
    Array.from({ length: count }, async (_, n) => {
      const { folder, pattern, open } = options(n);
      await mkdir(folder, { recursive: true });
      return { lane: await open(join(folder, 'data'), pattern), importers: openImporters() };
    }),
  );
  const closing = lanes.map(({ lane, importers }) => async (): Promise<void> => {
    await importers.close();
    await lane.close();
  });
  try {
    const [first] = lanes;
    if (first === undefined) throw new Error('No lane was asked for');
    const traced = await trace(first.lane, first.importers, options(0).given);
    return lanes.map((own, n) => {
      const { folder, given, pattern, isLong } = options(n);
      const close = closing[n] ?? own.lane.close;
      return { ...own, ...traced, folder, given, root: given.second, pattern, isLong, close };
    });
  } catch (thrown) {
    await Promise.all(closing.map((close) => close()));
    throw thrown;
  }
}

/** Contents that are found again in a case hold what they hold here: here everything is asked of them. */
async function trace(lane: Lane, importers: Importers, { first, second: root }: Given): Promise<Traced> {
  const site = await lane.clone();
  const contentsOf = (folder: string): Promise<Contents> =>
    withPool(site.apiUrl, async (pool) => {
      const faults = await brokenInvariants(pool, lane, folder);
      if (faults.length > 0) throw new Error(`What nothing has disturbed does not hold: ${faults.join('; ')}`);
      return readContents(pool);
    });
  const before = await contentsOf(first);
  const proxy = await openProxy('127.0.0.1', lane.port());
  const run = await importers.begin({ root, url: throughPort(site.apiUrl, proxy.port), crash: 'trace' });
  const began = performance.now();
  const { outcome, err } = await run.end(60_000);
  if (outcome === undefined || outcome.error !== undefined)
    throw new Error(`An undisturbed import failed: ${outcome?.error?.message ?? err}`);
  const importMs = performance.now() - began;
  const due = await contentsOf(root);
  await proxy.close();
  await lane.drop(site);
  const hits = new Map(crashPointLines(err).map(({ name, hit }) => [name as string, hit]));
  return { due, before, hits, commits: proxy.commits(), importMs };
}
