/** What the search reads follows from the rows: the stored vectors, and how far the words were read. */
import { identifier } from '../database/copy.ts';
import { recordId } from '../ingest/target.ts';
import { faultsOf, type Invariant, plural, together } from './invariant.ts';

interface Vector {
  readonly table_name: string;
  readonly column_name: string;
  readonly expression: string;
}

export const search: Invariant = {
  name: 'search',
  holds: 'what the search reads is what the rows say',
  advice:
    'Write the rows of the faults anew (UPDATE … SET search_english = NULL); for the words: TRUNCATE search_words, search_progress.',
  async look({ client, tables }) {
    // The vectors are made by triggers, whose text says of what.
    const { rows } = await client.query<Vector>(
      `SELECT c.relname AS table_name, made[1] AS column_name, replace(made[2], 'NEW.', 't.') AS expression
         FROM pg_trigger g
         JOIN pg_class c ON c.oid = g.tgrelid AND c.relnamespace = 'public'::regnamespace
         JOIN pg_proc p ON p.oid = g.tgfoid
        CROSS JOIN LATERAL regexp_matches(p.prosrc, 'NEW\\.(search_\\w+) := ([^;]+);', 'g') made
        WHERE g.tgname = 'search_insert'
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
