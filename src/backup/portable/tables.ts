/** What a database consists of, as far as a portable backup holds it. */
import type pg from 'pg';
import { identifier } from '../../database/copy.ts';
import type { Partition, Sequence } from '../manifest.ts';
import { TABLES } from '../owner.ts';

export interface Table {
  readonly name: string;
  /** Those that are written, in the table's order: generated ones follow from them. */
  readonly columns: readonly string[];
  readonly key: readonly string[];
  readonly isPartitioned: boolean;
}

const WITH_COLUMNS = `
  SELECT t.name, EXISTS (SELECT FROM pg_partitioned_table p WHERE p.partrelid = t.oid) AS "isPartitioned",
         ARRAY(SELECT a.attname::text FROM pg_attribute a
                WHERE a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
                ORDER BY a.attnum) AS columns,
         ARRAY(SELECT a.attname::text FROM pg_index i
                CROSS JOIN LATERAL unnest(i.indkey) WITH ORDINALITY AS k(attnum, place)
                 JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
                WHERE i.indrelid = t.oid AND i.indisprimary
                ORDER BY k.place) AS key
    FROM (${TABLES}) t
   ORDER BY t.name COLLATE "C"`;

/** Every table, locked against changes of its columns until the transaction ends. */
export async function readTables(owner: pg.Client): Promise<Table[]> {
  const { rows: named } = await owner.query<{ name: string }>(TABLES);
  if (named.length > 0) {
    await owner.query(`LOCK TABLE ${named.map(({ name }) => identifier(name)).join(', ')} IN ACCESS SHARE MODE`);
  }
  return (await owner.query<Table>(WITH_COLUMNS)).rows;
}

/** Where every sequence stands. */
export async function readSequences(owner: pg.Client): Promise<Sequence[]> {
  const { rows } = await owner.query<{ name: string }>(
    `SELECT c.relname AS name
       FROM pg_class c
      WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'S'
        AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
      ORDER BY c.relname COLLATE "C"`,
  );
  const sequences: Sequence[] = [];
  for (const { name } of rows) {
    const { rows: stands } = await owner.query<Omit<Sequence, 'name'>>(
      `SELECT last_value::text AS value, is_called AS "isCalled" FROM ${identifier(name)}`,
    );
    sequences.push(...stands.map((stand) => ({ name, ...stand })));
  }
  return sequences;
}

/** Every partition with its bound, the default one first. */
export async function readPartitions(owner: pg.Client): Promise<Partition[]> {
  const { rows } = await owner.query<Partition>(
    `SELECT p.relname AS parent, c.relname AS name, pg_get_expr(c.relpartbound, c.oid) AS bound
       FROM pg_inherits i
       JOIN pg_class c ON c.oid = i.inhrelid
       JOIN pg_class p ON p.oid = i.inhparent
      WHERE p.relnamespace = 'public'::regnamespace AND p.relkind = 'p' AND c.relkind IN ('r', 'p') AND c.relpersistence = 'p'
      ORDER BY p.relname COLLATE "C", pg_get_expr(c.relpartbound, c.oid) COLLATE "C"`,
  );
  return rows;
}
