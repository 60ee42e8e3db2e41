/** Values to order by that are no columns of the list's own table: of a related row, or the length of a list. */
import { entityReads, keyColumn } from './entities.ts';
import type { EntityReads, ListRelation } from './entity.ts';

/** From a row to the one row whose key it names. */
export interface Hop {
  readonly table: string;
  readonly key: string;
  /** The column of the row before that names it. */
  readonly from: string;
}

export interface Derived {
  readonly hops: readonly Hop[];
  readonly end:
    | { readonly kind: 'column'; readonly column: string }
    /** How many rows of `table` name the row's `key` in their `column`. */
    | { readonly kind: 'count'; readonly table: string; readonly column: string; readonly key: string };
}

/** The count of a list as the end of a way. Links refer to rows that exist, so they alone say how many. */
export function countOf(owner: EntityReads, relation: ListRelation): Extract<Derived['end'], { kind: 'count' }> {
  const key = keyColumn(owner);
  if (relation.kind === 'through') return { kind: 'count', table: relation.link.table, column: relation.link.own, key };
  return { kind: 'count', table: entityReads(relation.target).table, column: relation.column, key };
}

/** The column of the list's own table with which the way begins. */
export function startOf({ hops, end }: Derived): string {
  const [first] = hops;
  if (first !== undefined) return first.from;
  return end.kind === 'count' ? end.key : end.column;
}

/**
 * The value for rows of `alias` as SQL, and the joins that it needs; `number` keeps its aliases apart from others'.
 * Nothing to hop to is NULL, not a count of 0.
 */
export function derivedSql({ hops, end }: Derived, alias: string, number: number): { value: string; joins: string } {
  let last = alias;
  const joins = hops.map(({ table, key, from }, index) => {
    const next = `o${number}_${index}`;
    const join = ` LEFT JOIN ${table} ${next} ON ${next}.${key} = ${last}.${from}`;
    last = next;
    return join;
  });
  if (end.kind === 'column') return { value: `${last}.${end.column}`, joins: joins.join('') };
  const rows = `FROM ${end.table} c WHERE c.${end.column} = ${last}.${end.key}`;
  if (hops.length === 0) return { value: `(SELECT count(*) ${rows})`, joins: '' };
  // Many rows lead to the same list: joined, each list is counted once, where a nested SELECT would count it every time.
  const counted = `n${number}`;
  joins.push(` LEFT JOIN LATERAL (SELECT count(*) AS total ${rows}) ${counted} ON ${last}.${end.key} IS NOT NULL`);
  return { value: `${counted}.total`, joins: joins.join('') };
}
