/** Which shortcuts lead to which file. */

export interface Leads {
  readonly add: (targetId: string, shortcutId: string) => void;
  /** The shortcuts that lead to the file. */
  readonly to: (targetId: string) => readonly string[];
  /** As a cursor carries them. */
  readonly kept: () => Record<string, string[]>;
}

/** Further ones wait for the next full listing: a cursor is written with every checkpoint. */
const MOST_KEPT = 2000;

export function createLeads(known: Readonly<Record<string, readonly string[]>> = {}): Leads {
  const leads = new Map(Object.entries(known).map(([target, shortcuts]) => [target, new Set(shortcuts)]));
  return {
    add(targetId, shortcutId) {
      const shortcuts = leads.get(targetId);
      if (shortcuts !== undefined) shortcuts.add(shortcutId);
      else if (leads.size < MOST_KEPT) leads.set(targetId, new Set([shortcutId]));
    },
    to: (targetId) => [...(leads.get(targetId) ?? [])],
    kept: () => Object.fromEntries([...leads].map(([target, shortcuts]) => [target, [...shortcuts]])),
  };
}
