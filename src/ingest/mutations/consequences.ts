/** What deleting rows does to others, counted before anything is deleted: from the foreign keys, and from mentions in files. */
import type { Query } from '../../database/session.ts';
import { pointingRows } from '../by-hand.ts';
import type { Relation } from '../relations.ts';
import type { Mutable } from './mutable.ts';

export type Effect = 'deleted' | 'cleared' | 'waits';

export interface Consequence {
  readonly table: string;
  /** The column that names the deleted rows; for mentions the relation's column, null of a table of links. */
  readonly column: string | null;
  readonly effect: Effect;
  readonly count: number;
}

interface ForeignKey {
  readonly owner: string;
  readonly column: string;
  readonly target: string;
  readonly referred: string;
  /** As the catalogue writes it: `c` cascades, `n` sets NULL. */
  readonly action: string;
}

/** Deeper chains of cascades than this are a loop. */
const MOST_CASCADES = 8;

/** What deleting the rows of these keys does; without what concerns no row. */
export async function consequencesOf(
  query: Query,
  mutable: Pick<Mutable, 'table' | 'keyColumn'>,
  relations: readonly Relation[],
  keys: readonly string[],
): Promise<Consequence[]> {
  const keysSql = await foreignKeys(query);
  const doomed = `SELECT d.* FROM ${mutable.table} d WHERE d.${mutable.keyColumn} = ANY($1::text[])`;
  const parts = [...dependents(keysSql, mutable.table, doomed, 0), ...mentions(relations, mutable.table)];
  if (parts.length === 0) return [];
  const rows = await query<{ table: string; column: string | null; effect: Effect; count: bigint }>(
    `consequences for ${mutable.table}`,
    `SELECT c.* FROM (${parts.join('\nUNION ALL\n')}) c WHERE c.count > 0 ORDER BY c."table", c."column", c.effect`,
    [keys],
  );
  return rows.map(({ count, ...rest }) => ({ ...rest, count: Number(count) }));
}

function foreignKeys(query: Query): Promise<ForeignKey[]> {
  return query<ForeignKey & { [column: string]: unknown }>(
    'foreign keys',
    `SELECT o.relname AS owner, a.attname AS column, t.relname AS target, r.attname AS referred, c.confdeltype AS action
       FROM pg_constraint c
       JOIN pg_class o ON o.oid = c.conrelid
       JOIN pg_class t ON t.oid = c.confrelid
       JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
       JOIN pg_attribute r ON r.attrelid = c.confrelid AND r.attnum = c.confkey[1]
      WHERE c.contype = 'f' AND c.connamespace = 'public'::regnamespace AND c.confdeltype IN ('c', 'n')
      ORDER BY o.relname, a.attname`,
  );
}

/** Counts of the rows that go or lose a value with the rows that `doomed` selects, and with those in turn. */
function dependents(keys: readonly ForeignKey[], table: string, doomed: string, depth: number): string[] {
  if (depth > MOST_CASCADES) return [];
  return keys
    .filter(({ target }) => target === table)
    .flatMap(({ owner, column, referred, action }) => {
      const from = `FROM ${owner} d WHERE d.${column} IN (SELECT p.${referred} FROM (${doomed}) p)`;
      const effect: Effect = action === 'c' ? 'deleted' : 'cleared';
      const count = `SELECT '${owner}' AS "table", '${column}' AS "column", '${effect}' AS effect, count(*) ${from}`;
      return [count, ...(effect === 'deleted' ? dependents(keys, owner, `SELECT d.* ${from}`, depth + 1) : [])];
    });
}

/** Counts of the mentions that lead to the rows, or come from them, foreign keys of files among them: they wait for the rows to come back. */
function mentions(relations: readonly Relation[], table: string): string[] {
  return relations.flatMap((relation) => {
    const ends = [
      relation.owner.table === table ? 'r.owner_key = ANY($1::text[])' : '',
      relation.target.table === table ? 'r.resolved_key = ANY($1::text[])' : '',
    ].filter((end) => end !== '');
    if (ends.length === 0) return [];
    const [owner, column] =
      relation.kind === 'link' ? [relation.name, 'NULL'] : [relation.owner.table, `'${relation.column}'`];
    const kept = `(SELECT count(*) FROM "references" r
          WHERE r.relation = '${relation.name}' AND r.resolved_key IS NOT NULL AND (${ends.join(' OR ')}))`;
    const pointing =
      relation.kind === 'column' && relation.target.table === table
        ? ` + (SELECT count(*) ${pointingRows(relation, '$1::text[]')})`
        : '';
    return [`SELECT '${owner}' AS "table", ${column} AS "column", 'waits' AS effect, ${kept}${pointing} AS count`];
  });
}
