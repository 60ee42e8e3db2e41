/** What every case is run with: a lane, the folder, and what an undisturbed import of it leaves. */
import { join } from 'node:path';
import { crashPointLines } from '../src/kernel/crash-point.ts';
import { endOf, startScript } from './child.ts';
import { writeBadFolder, writeFolder } from './data.ts';
import { type Lane, openLane, throughPort, withPool } from './lane.ts';
import { openProxy } from './proxy.ts';
import { type Contents, readContents } from './verdict.ts';

export interface World {
  readonly lane: Lane;
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
  /** How long it takes, start included. */
  readonly importMs: number;
  /** Whether every case is run, a process of its own for each import. */
  readonly isLong: boolean;
}

/** Makes the world in `folder`, with a lane of its own unless another is opened. Whoever makes it closes its lane. */
export async function makeWorld(folder: string, isLong = false, open: typeof openLane = openLane): Promise<World> {
  const [first, root] = [join(folder, 'first'), join(folder, 'second')];
  await writeFolder(first, 1);
  await writeFolder(root, 2);
  await writeBadFolder(join(folder, 'bad'));
  const lane = await open(join(folder, 'data'), first);
  try {
    const site = await lane.clone();
    const before = await withPool(site.apiUrl, readContents);
    const began = performance.now();
    const proxy = await openProxy('127.0.0.1', lane.port());
    const child = startScript('faults/importer.ts', [root, throughPort(site.apiUrl, proxy.port)], {
      CAIRN_CRASH: 'trace',
    });
    if ((await endOf(child, 60_000)) !== 0)
      throw new Error(`An undisturbed import failed: ${child.err()}${child.out()}`);
    const importMs = performance.now() - began;
    const due = await withPool(site.apiUrl, readContents);
    await proxy.close();
    await lane.drop(site);
    const hits = new Map(crashPointLines(child.err()).map(({ name, hit }) => [name as string, hit]));
    return { lane, folder, root, due, before, hits, commits: proxy.commits(), importMs, isLong };
  } catch (thrown) {
    await lane.close();
    throw thrown;
  }
}
