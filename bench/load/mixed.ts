/** The first half: many connections of honest users while files are imported. */
import type { LibrarySize } from '../reads/library.ts';
import { startImports } from './importer.ts';
import { type LeftOver, leftOver } from './left-over.ts';
import { growthOf, type MemoryGrowth } from './memory.ts';
import type { Place } from './place.ts';
import { startLoadedServer } from './server.ts';
import { askAsUsers, type UsersFigures } from './users.ts';
import { startWatch, type Watched } from './watch.ts';

export interface MixedOptions {
  readonly seconds: number;
  readonly connections: number;
  readonly seed: number;
  readonly size: LibrarySize;
  /** Rows of each imported file. */
  readonly imported: number;
}

export interface MixedFigures {
  readonly users: UsersFigures;
  readonly imports: { readonly imports: number; readonly rows: number };
  readonly watched: Watched;
  readonly memory: MemoryGrowth;
  /** Megabytes that the heap holds after a collection, after the warm-up and at the end. */
  readonly heldHeap: { readonly warm: number; readonly end: number };
  readonly leftOver: LeftOver;
}

/** A third of the time warms up: pools, caches and compiled documents are there afterwards. */
export async function runMixed(place: Place, options: MixedOptions): Promise<MixedFigures> {
  const { seconds, connections, seed, size } = options;
  // Rates are another matter: here it is asked as fast as it is answered.
  const server = await startLoadedServer(place.dataDir, { CAIRN_RATE_LIMIT: '0' });
  try {
    const load = (time: number, part: number) =>
      askAsUsers({
        url: server.url,
        tokens: place.users,
        size,
        seed: seed + part,
        seconds: time,
        connections,
        streams: Math.min(place.users.length, Math.ceil(connections / 10)),
      });
    await load(seconds / 3, 1);
    const warm = await server.heldHeap();
    const watch = startWatch(server, place.ownerUrl, place.watcher);
    const imports = startImports(place.dataDir, options.imported, seed);
    const users = await load(seconds, 2);
    const watched = await watch.end();
    const imported = await imports.end();
    const left = await leftOver(server.url, place.ownerUrl, place.watcher);
    return {
      users,
      imports: imported,
      watched,
      memory: growthOf(watched.memory),
      heldHeap: { warm, end: await server.heldHeap() },
      leftOver: left,
    };
  } finally {
    await server.stop();
  }
}
