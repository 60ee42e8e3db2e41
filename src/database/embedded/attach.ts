/** A server for a cluster: the one that runs on it already, or one that is started. */
import type { Home } from './placement.ts';
import { findPostmaster, isAlive } from './postmaster.ts';
import { waitUntilReady } from './start.ts';

export interface InUse {
  readonly port: number;
  readonly how: 'started' | 'attached';
}

/** Uses the server that runs on this cluster, or calls `start`, which starts one and returns its port. */
export async function attachOrStart(home: Home, start: () => Promise<number>): Promise<InUse> {
  const running = await attach(home);
  if (running !== undefined) return { port: running, how: 'attached' };
  try {
    return { port: await start(), how: 'started' };
  } catch (thrown) {
    // A start that was killed may have launched one that wrote its postmaster.pid after we had looked for it.
    const found = await attach(home);
    if (found === undefined) throw thrown;
    return { port: found, how: 'attached' };
  }
}

/** The port of the server that runs on this cluster already, once it answers; undefined if none does. */
async function attach(home: Home): Promise<number | undefined> {
  const running = await findPostmaster(home.data);
  if (running === undefined) return undefined;
  // One that was just launched has not written its port yet; one that is stopping will be gone.
  while (isAlive(running.pid)) {
    const port = (await findPostmaster(home.data))?.port ?? 0;
    if (port > 0 && (await waitUntilReady(home, port, async () => isAlive(running.pid)))) return port;
  }
  return undefined;
}
