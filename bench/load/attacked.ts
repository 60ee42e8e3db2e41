/** The second half: a few honest users, alone and then among hostile clients. */
import type { LibrarySize } from '../reads/library.ts';
import { attack, type HostileFigures } from './hostile.ts';
import { type LeftOver, leftOver } from './left-over.ts';
import { growthOf, type MemoryGrowth } from './memory.ts';
import type { Place } from './place.ts';
import { startLoadedServer } from './server.ts';
import { askAsUsers, type UsersFigures } from './users.ts';
import { startWatch, type Watched } from './watch.ts';

export interface AttackedOptions {
  readonly seconds: number;
  readonly seed: number;
  readonly size: LibrarySize;
  /** Classes of attacks whose name begins so; all of them unless given. */
  readonly only?: string | undefined;
}

export interface AttackedFigures {
  readonly alone: UsersFigures;
  readonly among: UsersFigures;
  readonly hostile: HostileFigures;
  readonly watched: Watched;
  readonly memory: MemoryGrowth;
  /** Megabytes that the heap holds after a collection, before and after the attacks. */
  readonly heldHeap: { readonly before: number; readonly after: number };
  readonly leftOver: LeftOver;
}

const PACE = 20;
/** Honest users know what they are answered by then. */
const ALONE = 1 / 4;

/** Runs both, on a server with the settings that it ships with. */
export async function runAttacked(place: Place, options: AttackedOptions): Promise<AttackedFigures> {
  const { seconds, seed, size, only } = options;
  const server = await startLoadedServer(place.dataDir);
  const { url } = server;
  try {
    const users = (time: number, part: number) =>
      askAsUsers({
        url,
        tokens: place.users,
        size,
        seed: seed + part,
        seconds: time,
        connections: 50,
        pace: PACE,
        streams: 4,
      });
    await users(seconds * ALONE, 1);
    const alone = await users(seconds * ALONE, 2);
    const before = await server.heldHeap();
    const watch = startWatch(server, place.ownerUrl, place.watcher);
    const attacking = attack({ url, ...place.hostile, seed, seconds, ...(only !== undefined && { only }) });
    const [hostile, among] = await Promise.all([attacking, users(seconds, 3)]);
    const watched = await watch.end();
    const left = await leftOver(url, place.ownerUrl, place.watcher);
    return {
      alone,
      among,
      hostile,
      watched,
      memory: growthOf(watched.memory),
      heldHeap: { before, after: await server.heldHeap() },
      leftOver: left,
    };
  } finally {
    await server.stop();
  }
}
