/** Advisory locks that end with their transaction. */
import type pg from 'pg';

/**
 * Locks names against other transactions that lock them, in one order for everyone, so that no two wait for each other.
 * Merges of one table lock it `exclusive`; writes of single rows lock it `shared`: they go side by side, but never
 * between a merge's look at the rows and its writing.
 */
export async function lockNames(
  client: pg.ClientBase,
  names: Iterable<string>,
  mode: 'exclusive' | 'shared',
): Promise<void> {
  const lock = mode === 'exclusive' ? 'pg_advisory_xact_lock' : 'pg_advisory_xact_lock_shared';
  const ordered = [...new Set(names)].sort();
  // One round trip; the subquery is ordered before the outer list is evaluated, since the locks are volatile.
  await client.query(
    `SELECT ${lock}(hashtextextended('merge ' || l.name, 0))
       FROM (SELECT name FROM unnest($1::text[]) WITH ORDINALITY AS n(name, place) ORDER BY place OFFSET 0) l`,
    [ordered],
  );
}
