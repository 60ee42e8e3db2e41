/** What the search reads follows from the rows: the stored vectors, and how far the words were read. */
import { identifier } from '../database/copy.ts';
import { recordId } from '../ingest/target.ts';
import { faultsOf, type Invariant, plural, together } from './invariant.ts';

interface Generated {
  readonly table_name: string;
  readonly column_name: string;
  readonly expression: string;
}

export const search: Invariant = {
  name: 'search',
  holds: 'stored search vectors are those of their rows, and the words were read up to a transaction that exists',
  advice:
    'Write the rows of the faults anew (UPDATE … SET title = title); for the words: TRUNCATE search_words, search_progress.',
  async look({ client, tables }) {
    const { rows } = await client.query<Generated>(
      `SELECT c.relname AS table_name, a.attname AS column_name, pg_get_expr(d.adbin, d.adrelid) AS expression
         FROM pg_attribute a
         JOIN pg_class c ON c.oid = a.attrelid AND c.relnamespace = 'public'::regnamespace
         JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
        WHERE a.attgenerated = 's' AND c.relkind = 'r' AND NOT a.attisdropped
        ORDER BY 1, 2`,
    );
    const looks = [];
    for (const { table_name: table, column_name: column, expression } of rows) {
      const key = tables.get(table);
      looks.push(
        await faultsOf(
          client,
          `SELECT format('%s of %s %s is not that of the row', '${column}', '${table}', ${key ? recordId(key, 't') : 't.ctid'}) AS fault
             FROM ${identifier(table)} t WHERE t.${identifier(column)} IS DISTINCT FROM (${expression})`,
        ),
      );
    }
    looks.push(
      await faultsOf(
        client,
        `SELECT format('words of %s were read up to transaction %s, and the next one is %s', table_name, to_transaction, pg_snapshot_xmax(pg_current_snapshot())) AS fault
           FROM search_progress
          WHERE to_transaction > pg_snapshot_xmax(pg_current_snapshot())::text::bigint OR from_transaction > to_transaction`,
      ),
    );
    return together(plural(rows.length, 'stored vector'), looks);
  },
};
