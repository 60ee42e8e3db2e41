/** Imports add up: their counts with each other, with their rejects, and with the rows and changes that name them. */
import { identifier } from '../database/copy.ts';
import { isLinkDataset } from '../ingest/relations.ts';
import { countOf, faultsOf, hasColumn, type Invariant, plural, together } from './invariant.ts';

const COUNTS = ['read', 'inserted', 'updated', 'unchanged', 'rejected', 'derived'];

export const imports: Invariant = {
  name: 'imports',
  holds: 'the counts of every import add up',
  advice: 'Import the files of the faults again; report it, for no kill may cause this.',
  async look({ client, tables, filled, registry }) {
    const looks = [
      await faultsOf(
        client,
        `SELECT format('import %s (%s): %s', import_id, path, wrong) AS fault
           FROM imports i, LATERAL (SELECT CASE
             WHEN status IN ('imported', 'undone') AND read <> inserted + updated + unchanged + rejected
               THEN format('%s read is not %s inserted + %s updated + %s unchanged + %s rejected', read, inserted, updated, unchanged, rejected)
             WHEN status IN ('unchanged', 'failed') AND ${COUNTS.join(' + ')} <> 0 THEN 'counts something, and is ' || status
             WHEN least(${COUNTS.join(', ')}) < 0 THEN 'counts less than nothing'
             WHEN (status = 'failed') <> (error IS NOT NULL) AND status <> 'undone' THEN 'its status and its error do not agree'
             WHEN (status = 'running') <> (finished_at IS NULL) THEN 'its status and its end do not agree'
             WHEN status <> 'running' AND rejected <> (SELECT count(*) FROM rejects r WHERE r.import_id = i.import_id)
               THEN format('counts %s rejected and keeps %s rejects', rejected, (SELECT count(*) FROM rejects r WHERE r.import_id = i.import_id))
           END AS wrong) w
          WHERE wrong IS NOT NULL`,
      ),
    ];
    const own = [...registry.datasets.values()].filter((dataset) => !isLinkDataset(dataset));
    looks.push(
      // Derived rows may be of the same table: they are counted apart, and are at most so many more.
      await faultsOf(
        client,
        `SELECT format('import %s (%s): counts %s inserted and %s derived, and the log has %s insertions into %s',
                       i.import_id, i.path, i.inserted, i.derived, c.inserted, d.table_name) AS fault
           FROM imports i
           JOIN jsonb_to_recordset($1) AS d(dataset text, table_name text) ON d.dataset = i.dataset
          CROSS JOIN LATERAL (SELECT count(*) AS inserted FROM change_log c
                               WHERE c.import_id = i.import_id AND c.table_name = d.table_name AND c.operation = 'insert') c
          WHERE i.status = 'imported' AND c.inserted NOT BETWEEN i.inserted AND i.inserted + i.derived`,
        [JSON.stringify(own.map(({ name, table }) => ({ dataset: name, table_name: table })))],
      ),
    );
    const naming = [...filled, 'origins', 'references'].map((table) => ({
      table,
      column: tables.has(table) ? 'origin_import_id' : 'import_id',
    }));
    for (const { table, column } of naming) {
      if (!(await hasColumn(client, table, column))) continue;
      looks.push(
        await faultsOf(
          client,
          `SELECT format('%s ${table} come from import %s, which is %s', count(*), t.${column}, coalesce(min(i.status), 'unknown')) AS fault
             FROM ${identifier(table)} t LEFT JOIN imports i ON i.import_id = t.${column}
            WHERE t.${column} IS NOT NULL AND i.status IS DISTINCT FROM 'imported' AND i.status IS DISTINCT FROM 'undone'
            GROUP BY t.${column}`,
        ),
      );
    }
    const count = await countOf(client, 'SELECT count(*) FROM imports');
    const rejected = await countOf(client, 'SELECT count(*) FROM rejects');
    return together(`${plural(count, 'import')}, ${plural(rejected, 'reject')}`, looks);
  },
};
