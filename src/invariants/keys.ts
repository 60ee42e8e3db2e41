/** Every key once, whatever an index says: a damaged one would let two in. */
import { identifier } from '../database/copy.ts';
import { recordId } from '../ingest/target.ts';
import { faultsOf, type Invariant, plural, together } from './invariant.ts';

export const keys: Invariant = {
  name: 'keys',
  holds: 'every key stands once',
  advice: 'An index is damaged: REINDEX DATABASE after deleting the row that is too many, or restore a backup.',
  async look({ client, tables, filled }) {
    // The rows themselves are asked, not the index that should have refused the second one.
    await client.query('SET LOCAL enable_indexscan = off');
    await client.query('SET LOCAL enable_indexonlyscan = off');
    await client.query('SET LOCAL enable_bitmapscan = off');
    const looks = [];
    for (const [table, key] of tables) {
      if (!filled.has(table)) continue;
      const columns = key.map((column) => `t.${identifier(column)}`);
      looks.push(
        await faultsOf(
          client,
          `SELECT '${table} ' || min(${recordId(key, 't')}) || ' stands ' || count(*) || ' times' AS fault
             FROM ${identifier(table)} t GROUP BY ${columns.join(', ')} HAVING count(*) > 1`,
        ),
      );
    }
    looks.push(
      await faultsOf(
        client,
        `SELECT indexrelid::regclass || ' is not valid' AS fault FROM pg_index WHERE NOT (indisvalid AND indisready)`,
      ),
    );
    for (const name of ['enable_indexscan', 'enable_indexonlyscan', 'enable_bitmapscan'])
      await client.query(`RESET ${name}`);
    return together(plural(tables.size, 'table'), looks);
  },
};
