/** Which rows match a `where`, and in which version: asked of all rows or of those that changed. */
import type { Query } from '../database/session.ts';
import { keyType } from '../graphql/batches.ts';
import { keyColumn } from '../graphql/entities.ts';
import type { EntityReads, Row } from '../graphql/entity.ts';
import { whereSql } from '../graphql/filters.ts';
import type { Statement } from '../graphql/list-sql.ts';
import { createParams } from '../graphql/params.ts';
import { keyOf } from '../graphql/values.ts';
import { tooMany } from './watch-budget.ts';

/** Rows by business key, each with the number of the transaction that last wrote it. */
export type Members = Map<string, number>;

export interface Membership {
  readonly table: string;
  /**
   * Tables whose changes may change who matches, beyond a row's own: those that the `where` reaches through relations, and
   * those that say who may see a row.
   */
  readonly related: ReadonlySet<string>;
  /**
   * All rows that match, `most` at most.
   * @throws AppError LIMIT_EXCEEDED when there are more
   */
  readonly all: (query: Query, most: number) => Promise<Members>;
  /** The version of each row of these keys; undefined for one that does not match, or is gone. */
  readonly some: (query: Query, keys: Iterable<string>) => Promise<Map<string, number | undefined>>;
}

/** @throws AppError as `whereSql` */
export function membershipOf(reads: EntityReads, where: unknown): Membership {
  const { plural, table } = reads;
  const whole = wholeSql(reads, where);
  const some = someSql(reads, where);
  return {
    table,
    related: new Set([...tablesIn(whereSql(reads, where, 't', createParams()) ?? ''), ...(reads.seenBy ?? [])]),
    all: async (query, most) => {
      const rows = await query<Row>(`${plural} watched`, whole.text, [...whole.values, most + 1]);
      if (rows.length > most) throw tooMany(plural, most);
      return new Map(rows.map((row) => [String(keyOf(row, 'key')), Number(row['version'])]));
    },
    some: async (query, keys) => {
      const rows = await query<Row>(`${plural} looked at`, some.text, [[...keys], ...some.values.slice(1)]);
      const versionOf = ({ version }: Row) => (version === null ? undefined : Number(version));
      return new Map(rows.map((row) => [String(keyOf(row, 'key')), versionOf(row)]));
    },
  };
}

/** The writing transaction's number differs with every change, also where a row was deleted and made anew in between. */
const VERSION = 't.xmin::text';

function wholeSql(reads: EntityReads, where: unknown): Statement {
  const params = createParams();
  const condition = whereSql(reads, where, 't', params) ?? 'true';
  const limit = `$${params.values.length + 1}::integer`;
  const text = `SELECT t.${keyColumn(reads)}::text AS key, ${VERSION} AS version FROM ${reads.table} t WHERE ${condition} LIMIT ${limit}`;
  return { text, values: params.values };
}

/** $1 is the keys. */
function someSql(reads: EntityReads, where: unknown): Statement {
  const params = createParams(undefined);
  const condition = whereSql(reads, where, 't', params) ?? 'true';
  // Lateral and fenced: whatever `where` costs is paid for these rows alone.
  const text = `SELECT k.key, m.version
    FROM unnest($1::text[]) AS k(key)
    LEFT JOIN LATERAL (
         SELECT ${VERSION} AS version FROM ${reads.table} t
          WHERE t.${keyColumn(reads)} = k.key::${keyType(reads)} AND (${condition}) OFFSET 0
    ) m ON true`;
  return { text, values: params.values };
}

/**
 * The tables that a condition reads. Taken from the SQL itself, so that no way of asking can be forgotten; a word that is
 * no table (of `IS DISTINCT FROM x`) is one that never changes.
 */
function tablesIn(sql: string): string[] {
  return [...sql.matchAll(/\b(?:FROM|JOIN)\s+([a-z_][a-z0-9_]*)/g)].map(([, table]) => table ?? '');
}
