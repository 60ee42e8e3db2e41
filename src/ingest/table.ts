/** What the database says of a table: the merge is written from it, so that no list of columns stands twice. */
import type pg from 'pg';
import { AppError } from '../kernel/errors.ts';

export interface Column {
  readonly name: string;
  /** As SQL writes it: `timestamp(3) with time zone`. */
  readonly type: string;
  /** SQL of the default, or null. */
  readonly default: string | null;
  /** NOT NULL. */
  readonly required: boolean;
}

export type Columns = ReadonlyMap<string, Column>;

/** A CHECK over one column, as SQL. */
export interface Check {
  readonly name: string;
  readonly column: string;
  readonly condition: string;
}

export interface Table {
  /** By name, without generated ones. */
  readonly columns: Columns;
  readonly checks: readonly Check[];
}

/** @throws AppError DECLARATION_INVALID when there is no such table. */
export async function readTable(client: Pick<pg.ClientBase, 'query'>, table: string): Promise<Table> {
  const { rows } = await client.query<{ columns: readonly Column[] | null; checks: readonly Check[] | null }>(
    `SELECT (SELECT jsonb_agg(jsonb_build_object(
                      'name', a.attname,
                      'type', format_type(a.atttypid, a.atttypmod),
                      'default', pg_get_expr(d.adbin, d.adrelid),
                      'required', a.attnotnull) ORDER BY a.attnum)
               FROM pg_attribute a
               LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
              WHERE a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '') AS columns,
            (SELECT jsonb_agg(jsonb_build_object(
                      'name', c.conname, 'column', a.attname, 'condition', pg_get_expr(c.conbin, c.conrelid)))
               FROM pg_constraint c
               JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
              WHERE c.conrelid = t.oid AND c.contype = 'c' AND cardinality(c.conkey) = 1) AS checks
       FROM (SELECT to_regclass($1) AS oid) t`,
    [`public.${table}`],
  );
  const columns = rows[0]?.columns;
  if (columns !== null && columns !== undefined)
    return { columns: new Map(columns.map((column) => [column.name, column])), checks: rows[0]?.checks ?? [] };
  throw new AppError('DECLARATION_INVALID', `There is no table "${table}"`, {
    hint: 'A dataset names a table of prisma/schema; run the migrations.',
  });
}
