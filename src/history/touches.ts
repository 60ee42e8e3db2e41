/** What was told of a list's tables since it was last looked at: merged, so that whoever is slow to look costs no memory. */
import type { ChangeNotice } from './change-notice.ts';
import type { Membership } from './membership.ts';

/** More changes than these are not looked at one by one: reading the whole list again is cheaper, and bounded. */
const MOST_CHANGES = 2_000;
const MOST_RANGES = 200;

/** What to look at. */
export interface Touches {
  readonly all: boolean;
  readonly ranges: readonly (readonly [from: number, to: number])[];
  readonly keys: ReadonlySet<string>;
}

export interface TouchLog {
  /** Notes a notice; undefined where some may have been lost. Returns whether it concerns the list. */
  readonly add: (notice: ChangeNotice | undefined) => boolean;
  /** Keys to look at once more. */
  readonly again: (keys: Iterable<string>) => void;
  readonly isEmpty: () => boolean;
  readonly isAll: () => boolean;
  /** What was noted; nothing is left. */
  readonly take: () => Touches;
}

export function createTouchLog({ table, related }: Pick<Membership, 'table' | 'related'>): TouchLog {
  let all = false;
  let ranges: [from: number, to: number][] = [];
  let keys = new Set<string>();
  let changes = 0;
  const empty = (): void => {
    all = false;
    ranges = [];
    keys = new Set();
    changes = 0;
  };
  const everything = (): true => {
    empty();
    all = true;
    return true;
  };
  return {
    add: (notice) => {
      if (notice === undefined || related.has(notice.table)) return everything();
      if (notice.table !== table) return false;
      if (all) return true;
      changes += notice.to - notice.from + 1;
      if (changes > MOST_CHANGES || ranges.length >= MOST_RANGES) return everything();
      ranges.push([notice.from, notice.to]);
      return true;
    },
    again: (more) => {
      if (!all) for (const key of more) keys.add(key);
    },
    isEmpty: () => !all && ranges.length === 0 && keys.size === 0,
    isAll: () => all,
    take: () => {
      const taken = { all, ranges, keys };
      empty();
      return taken;
    },
  };
}
