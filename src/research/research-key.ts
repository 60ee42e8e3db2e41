/** The key of a research that nobody gave one: the next free number of its department. */
import type { Query } from '../database/session.ts';
import type { JsonObject } from '../kernel/json.ts';

/**
 * The number after the highest that the department ever had, deleted and merely mentioned researches included: a mention
 * that waits for its research must not find another one. One at a time, or two at once would take the same number.
 * Null without a department.
 */
export async function nextResearchKey(query: Query, { department }: JsonObject): Promise<string | null> {
  if (typeof department !== 'string') return null;
  const prefix = `RSH-${department}-`;
  await query('research numbers locked', `SELECT pg_advisory_xact_lock(hashtextextended('researches.' || $1, 0))`, [
    prefix,
  ]);
  const [row] = await query<{ next: bigint }>(
    'next research number',
    `SELECT coalesce(max(substring(key FROM length($1) + 1)::bigint), 0) + 1 AS next
       FROM (
         SELECT research_id AS key FROM researches
         UNION ALL
         SELECT record_id FROM tombstones WHERE table_name = 'researches'
         UNION ALL
         SELECT owner_key FROM "references" WHERE relation LIKE 'research%'
         UNION ALL
         SELECT target FROM "references" WHERE relation = 'reports.research_id' AND target_by = 'key'
       ) known
      WHERE starts_with(key, $1) AND substring(key FROM length($1) + 1) ~ '^\\d{3,9}$'`,
    [prefix],
  );
  return `${prefix}${String(row?.next ?? 1).padStart(3, '0')}`;
}
