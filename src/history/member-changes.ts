/** Two looks at a list compared. */
import type { Members } from './membership.ts';

export interface RowChange {
  readonly kind: 'added' | 'updated' | 'removed';
  readonly key: string;
}

/**
 * What led from `before` to `found`, by key. `found` holds every row that matches where `isWhole`, else those that were
 * looked at, with undefined for one that does not match.
 */
export function compareMembers(
  before: Members,
  found: ReadonlyMap<string, number | undefined>,
  isWhole: boolean,
): RowChange[] {
  const changes: RowChange[] = [];
  for (const [key, version] of found) {
    const known = before.get(key);
    if (known === version) continue;
    changes.push({ key, kind: known === undefined ? 'added' : version === undefined ? 'removed' : 'updated' });
  }
  if (isWhole) for (const key of before.keys()) if (!found.has(key)) changes.push({ key, kind: 'removed' });
  return changes.sort((a, b) => (a.key < b.key ? -1 : 1));
}

/** Makes `members` what it is after `changes`. */
export function takeIn(
  members: Members,
  changes: readonly RowChange[],
  found: ReadonlyMap<string, number | undefined>,
): void {
  for (const { key } of changes) {
    const version = found.get(key);
    if (version === undefined) members.delete(key);
    else members.set(key, version);
  }
}
