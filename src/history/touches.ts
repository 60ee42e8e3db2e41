/** What there is to look at of a list since it was last looked at: merged, so that a slow reader costs no memory. */
import { MOST_CHANGES } from './changed-keys.ts';

export interface Touches {
  /** Notes rows; undefined for the whole list. */
  readonly add: (keys: Iterable<string> | undefined) => void;
  readonly isEmpty: () => boolean;
  /** What was noted, undefined for the whole list; nothing is left. */
  readonly take: () => ReadonlySet<string> | undefined;
}

export function createTouches(): Touches {
  let all = false;
  let keys = new Set<string>();
  return {
    add: (more) => {
      if (all) return;
      for (const key of more ?? []) keys.add(key);
      all = more === undefined || keys.size > MOST_CHANGES;
      if (all) keys = new Set();
    },
    isEmpty: () => !all && keys.size === 0,
    take: () => {
      const taken = all ? undefined : keys;
      all = false;
      keys = new Set();
      return taken;
    },
  };
}
