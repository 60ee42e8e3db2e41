/** An embedded server that ended unasked (kill -9, no memory left) is started anew by whoever uses it and sees that first. */
import type { Log } from '../../kernel/log.ts';
import { tryExclusive } from './lock.ts';
import type { Postmaster } from './postmaster.ts';

export interface Keeper {
  /** Looks no more, and waits for what is under way. */
  readonly stop: () => Promise<void>;
}

export interface KeptServer {
  /** Those who connect know it by this one. */
  readonly port: number;
  /** The lock that whoever starts or stops it holds. */
  readonly turn: string;
  readonly find: () => Promise<Postmaster | undefined>;
  /** Starts it on its port, and resolves once it answers. */
  readonly start: () => Promise<unknown>;
}

/** Requests that find it gone are tried again for five seconds. */
const LOOK_MS = 500;
/** A full disk does not empty itself at once. */
const LONGEST_WAIT_MS = 60_000;

/** Looks after the server until it is told to stop. */
export function keepRunning(server: KeptServer, log: Log, lookMs = LOOK_MS): Keeper {
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let looking: Promise<void> = Promise.resolve();
  let failures = 0;

  const look = async (): Promise<void> => {
    try {
      if ((await server.find()) === undefined) await startAgain();
      failures = 0;
    } catch (err) {
      failures += 1;
      log.error({ err, failures }, 'embedded PostgreSQL could not be started again; it is tried again');
    }
  };

  const startAgain = async (): Promise<void> => {
    // Whoever else uses it may be at it, or be ending one that nobody uses: then the next look sees what came of it.
    const turn = tryExclusive(server.turn);
    if (turn === undefined) return;
    try {
      const running = await server.find();
      if (running === undefined) {
        log.warn('embedded PostgreSQL ended unasked; it is started again');
        const begun = performance.now();
        await server.start();
        log.info({ ms: Math.round(performance.now() - begun) }, 'embedded PostgreSQL runs again');
      } else if (running.port > 0 && running.port !== server.port) {
        log.error({ port: running.port }, 'embedded PostgreSQL was started on another port: start this process again');
      }
    } finally {
      turn.release();
    }
  };

  const next = (): void => {
    if (stopped) return;
    timer = setTimeout(
      () => {
        looking = look().finally(next);
      },
      Math.min(lookMs * 2 ** failures, LONGEST_WAIT_MS),
    );
    // A process that has nothing else to do need not wait for this.
    timer.unref();
  };
  next();
  return {
    stop: async () => {
      stopped = true;
      clearTimeout(timer);
      await looking;
    },
  };
}
