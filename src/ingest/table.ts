/** What the database says of a table: the merge is written from it, so that no list of columns stands twice. */
import type pg from 'pg';
import { AppError } from '../kernel/errors.ts';

export interface Column {
  readonly name: string;
  /** As SQL writes it: `timestamp(3) with time zone`. */
  readonly type: string;
  /** SQL of the default, or null. */
  readonly default: string | null;
}

export type Columns = ReadonlyMap<string, Column>;

/** A table's columns by name, without generated ones. @throws AppError DECLARATION_INVALID when there is no such table. */
export async function readColumns(client: pg.ClientBase, table: string): Promise<Columns> {
  const { rows } = await client.query<Column>(
    `SELECT a.attname AS name,
            format_type(a.atttypid, a.atttypmod) AS type,
            pg_get_expr(d.adbin, d.adrelid) AS default
       FROM pg_attribute a
       LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
      WHERE a.attrelid = to_regclass($1)
        AND a.attnum > 0
        AND NOT a.attisdropped
        AND a.attgenerated = ''
      ORDER BY a.attnum`,
    [`public.${table}`],
  );
  if (rows.length > 0) return new Map(rows.map((row) => [row.name, row]));
  throw new AppError('DECLARATION_INVALID', `There is no table "${table}"`, {
    hint: 'A dataset names a table of prisma/schema; run the migrations.',
  });
}
