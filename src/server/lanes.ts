/** The lanes of a server: turns at its pools for reading, for editing by hand and for imports. */
import type { ServerResponse } from 'node:http';
import { availableParallelism } from 'node:os';
import type { InTurn, Lane } from '../graphql/turn.ts';
import { AppError } from '../kernel/errors.ts';
import { createTurns, type TurnLimits, type TurnRequest } from './turns.ts';
import { createUsage } from './usage.ts';

export type LaneLimits = Readonly<Record<Lane, TurnLimits>>;

const WAITING = { waiting: 500, waitingBytes: 32_000_000 };
/**
 * Of the machine's processors half are left to everybody else. A database elsewhere may have more; what matters is that few
 * work for those who ask most while others wait.
 */
const HEAVY = {
  heavyPlaces: Math.min(4, Math.max(1, Math.floor(availableParallelism() / 2))),
  heavyRest: 0,
  heavyTurn: 0,
};

/**
 * Fewer places than the pools have connections: what asks out of turn (who signs in, whose token it is, whether all is well,
 * that a statement is to be cancelled) never waits behind operations. An import takes two connections now and then.
 */
export const LANE_LIMITS: LaneLimits = {
  // Parsing and validating take the process whole: side by side they would be no faster, and others' would wait behind all.
  document: { ...WAITING, ...HEAVY, places: 1, heavyRest: 3, patience: 20_000 },
  read: { ...WAITING, ...HEAVY, places: 8, heavyTurn: 2_000, patience: 20_000 },
  write: { ...WAITING, ...HEAVY, places: 4, patience: 20_000 },
  // Whoever asks for an import and waits for it expects to wait.
  import: { ...WAITING, ...HEAVY, places: 4, patience: 600_000 },
};

/** What a refused client may try after. */
const RETRY_SECONDS = '1';

export interface Lanes {
  /** What runs one request's work in its actor's turn; a refusal sets `Retry-After` on its response. */
  readonly open: (request: TurnRequest, response: ServerResponse) => InTurn;
}

export function createLanes(limits: LaneLimits): Lanes {
  // Whoever uses much in one lane goes behind in all of them: processors and disks are the same.
  const usage = createUsage();
  const lanes = {
    document: createTurns(limits.document, usage),
    read: createTurns(limits.read, usage),
    write: createTurns(limits.write, usage),
    import: createTurns(limits.import, usage),
  };
  return {
    open: (request, response) => async (lane, work) => {
      let isTurn = false;
      const begin = () => {
        isTurn = true;
        return work();
      };
      try {
        return await lanes[lane].run(request, begin);
      } catch (thrown) {
        const isRefused = !isTurn && thrown instanceof AppError && thrown.code === 'RATE_LIMITED';
        if (isRefused && !response.headersSent) response.setHeader('retry-after', RETRY_SECONDS);
        throw thrown;
      }
    },
  };
}
