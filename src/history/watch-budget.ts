/** What watching may cost the process: every watched row is held in memory, by its key and version. */
import type { EntityReads } from '../graphql/entity.ts';
import { AppError } from '../kernel/errors.ts';

export interface WatchLimits {
  /** Rows of one subscription. */
  readonly rows: number;
  /** Rows of all subscriptions of the process; a row takes some 100 bytes. */
  readonly total: number;
  /** Looks at the database at the same time: the pool is there for queries, too. */
  readonly looks: number;
}

export const WATCH_LIMITS: WatchLimits = { rows: 100_000, total: 1_000_000, looks: 4 };

/** One subscription's share. */
export interface WatchAccount {
  /** How many rows it may hold, those that it holds now included. */
  readonly most: () => number;
  /** @throws AppError LIMIT_EXCEEDED when it holds more than it may */
  readonly hold: (rows: number) => void;
  /** Gives back what it held. Once or more. */
  readonly close: () => void;
}

export interface WatchBudget {
  readonly open: (reads: Pick<EntityReads, 'plural'>) => WatchAccount;
  /** Runs `look` when it is its turn. */
  readonly inTurn: <T>(look: () => Promise<T>) => Promise<T>;
  readonly figures: () => { readonly watched: number; readonly rows: number };
}

export function createWatchBudget(limits: WatchLimits = WATCH_LIMITS): WatchBudget {
  let total = 0;
  let watched = 0;
  let looking = 0;
  const waiting: (() => void)[] = [];
  return {
    open: ({ plural }) => {
      let own = 0;
      let closed = false;
      watched += 1;
      const most = (): number => Math.max(0, Math.min(limits.rows, limits.total - total + own));
      return {
        most,
        hold: (rows) => {
          if (closed) return;
          if (rows > most()) throw tooMany(plural, most());
          total += rows - own;
          own = rows;
        },
        close: () => {
          if (closed) return;
          closed = true;
          watched -= 1;
          total -= own;
          own = 0;
        },
      };
    },
    inTurn: async (look) => {
      if (looking >= limits.looks) await new Promise<void>((resolve) => waiting.push(resolve));
      else looking += 1;
      try {
        return await look();
      } finally {
        // The place goes to the next in line, without being free in between.
        const next = waiting.shift();
        if (next === undefined) looking -= 1;
        else next();
      }
    },
    figures: () => ({ watched, rows: total }),
  };
}

/** What is answered to a list of more rows than may be watched. */
export const tooMany = (plural: string, most: number): AppError =>
  new AppError('LIMIT_EXCEEDED', `More than ${most.toLocaleString('en')} ${plural} match, too many to watch`, {
    path: 'where',
    hint: 'Narrow `where`.',
  });
