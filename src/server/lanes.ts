/** The lanes of a server: turns at its pools for reading, for editing by hand and for imports. */
import type { ServerResponse } from 'node:http';
import type { InTurn, Lane } from '../graphql/turn.ts';
import { AppError } from '../kernel/errors.ts';
import { createTurns, type TurnLimits, type TurnRequest } from './turns.ts';

export type LaneLimits = Readonly<Record<Lane, TurnLimits>>;

const WAITING = { waiting: 500, waitingBytes: 32_000_000 };

/**
 * Fewer places than the pools have connections: what asks out of turn (who signs in, whose token it is, whether all is well,
 * that a statement is to be cancelled) never waits behind operations. An import takes two connections now and then.
 */
export const LANE_LIMITS: LaneLimits = {
  // Parsing and validating take the process whole: side by side they would be no faster, and others' would wait behind all.
  document: { ...WAITING, places: 1, patience: 20_000 },
  read: { ...WAITING, places: 8, patience: 20_000 },
  write: { ...WAITING, places: 4, patience: 20_000 },
  // Whoever asks for an import and waits for it expects to wait.
  import: { ...WAITING, places: 4, patience: 600_000 },
};

/** What a refused client may try after. */
const RETRY_SECONDS = '1';

export interface Lanes {
  /** What runs one request's work in its actor's turn; a refusal sets `Retry-After` on its response. */
  readonly open: (request: TurnRequest, response: ServerResponse) => InTurn;
}

export function createLanes(limits: LaneLimits): Lanes {
  const lanes = {
    document: createTurns(limits.document),
    read: createTurns(limits.read),
    write: createTurns(limits.write),
    import: createTurns(limits.import),
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
