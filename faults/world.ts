/** What every case is run with: a lane, the folder, and what an undisturbed import of it leaves. */
import { join } from 'node:path';
import { crashPointLines } from '../src/kernel/crash-point.ts';
import { writeBadFolder, writeFolder } from './data.ts';
import { type Importers, openImporters } from './importers.ts';
import { type Lane, openLane, throughPort, withPool } from './lane.ts';
import { openProxy } from './proxy.ts';
import { type Contents, readContents } from './verdict.ts';

export interface World {
  readonly lane: Lane;
  readonly importers: Importers;
  /** A folder of this world's own. */
  readonly folder: string;
  /** The folder that is imported. */
  readonly root: string;
  readonly due: Contents;
  /** What stands there before: the folder's first version. */
  readonly before: Contents;
  /** How often an undisturbed import comes by each crash point. */
  readonly hits: ReadonlyMap<string, number>;
  /** How many COMMITs it sends: small files share one. */
  readonly commits: number;
  /** How long it takes in a process that waits for it. */
  readonly importMs: number;
  /** Whether every case is run, a process of its own for each import. */
  readonly isLong: boolean;
  readonly close: () => Promise<void>;
}

/** Makes the world in `folder`, with a lane of its own unless another is opened. Whoever makes it closes it. */
export async function makeWorld(folder: string, isLong = false, open: typeof openLane = openLane): Promise<World> {
  const [first, root] = [join(folder, 'first'), join(folder, 'second')];
  await writeFolder(first, 1);
  await writeFolder(root, 2);
  await writeBadFolder(join(folder, 'bad'));
  const lane = await open(join(folder, 'data'), first);
  const importers = openImporters();
  const close = async (): Promise<void> => {
    await importers.close();
    await lane.close();
  };
  try {
    const site = await lane.clone();
    const before = await withPool(site.apiUrl, readContents);
    const proxy = await openProxy('127.0.0.1', lane.port());
    const run = await importers.begin({ root, url: throughPort(site.apiUrl, proxy.port), crash: 'trace' });
    const began = performance.now();
    const { outcome, err } = await run.end(60_000);
    if (outcome === undefined || outcome.error !== undefined)
      throw new Error(`An undisturbed import failed: ${outcome?.error?.message ?? err}`);
    const importMs = performance.now() - began;
    const due = await withPool(site.apiUrl, readContents);
    await proxy.close();
    await lane.drop(site);
    const hits = new Map(crashPointLines(err).map(({ name, hit }) => [name as string, hit]));
    return { lane, importers, folder, root, due, before, hits, commits: proxy.commits(), importMs, isLong, close };
  } catch (thrown) {
    await close();
    throw thrown;
  }
}
