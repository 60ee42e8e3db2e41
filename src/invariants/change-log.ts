/** The change log is the tables' whole story: replayed from empty it gives what they hold, and nothing in it says nothing. */
import { identifier } from '../database/copy.ts';
import { recordId } from '../ingest/target.ts';
import { countOf, faultsOf, type Invariant, type Looking, plural, together } from './invariant.ts';

/** What says when and whence, and what follows from other columns: the log leaves it out. */
const LEFT_OUT = `ARRAY['id', 'version', 'search_english', 'search_simple', 'created_at', 'updated_at',
  'origin_import_id', 'origin_line', 'origin_raw', 'edited_values']`;

/** The columns that have a value: one that came with a later migration stands in the row and not in the log. */
const given = (row: string): string =>
  `(SELECT coalesce(jsonb_object_agg(e.key, e.value), '{}') FROM jsonb_each(${row}) e WHERE e.value <> 'null')`;

export const changeLog: Invariant = {
  name: 'change log',
  holds: 'replayed from empty, the change log gives the tables',
  advice: 'Something wrote to the tables past their triggers. Find out what; the faults say which rows it touched.',
  async look(looking) {
    const { client, tables, filled } = looking;
    await client.query('CREATE AGGREGATE pg_temp.fold (jsonb) (SFUNC = jsonb_concat, STYPE = jsonb)');
    const looks = [
      await faultsOf(
        client,
        `SELECT format('the trigger %s of %s is off', tgname, tgrelid::regclass) AS fault
           FROM pg_trigger WHERE tgfoid = 'log_changes'::regproc AND tgenabled <> 'O'`,
      ),
    ];
    const told = await toldTables(looking);
    for (const [table, key] of tables)
      if (filled.has(table) || told.has(table)) looks.push(...(await replay(looking, table, key)));
    looks.push(
      await faultsOf(
        client,
        `SELECT 'change ' || c.id || ' is of the import ' || c.import_id || ', which is ' || coalesce(i.status, 'unknown') AS fault
           FROM change_log c LEFT JOIN imports i ON i.import_id = c.import_id
          WHERE c.import_id IS NOT NULL AND i.status IS DISTINCT FROM 'imported' AND i.status IS DISTINCT FROM 'undone'`,
      ),
    );
    const changes = await countOf(client, 'SELECT count(*) FROM change_log');
    return together(`${plural(changes, 'change')} of ${plural(tables.size, 'table')}`, looks);
  },
};

/** Of most tables of a house there is neither a row nor a change: nothing to replay, at the price of a dozen statements. */
async function toldTables({ client, tables }: Looking): Promise<ReadonlySet<string>> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT t.name
       FROM unnest($1::text[]) t(name)
      WHERE EXISTS (SELECT FROM change_log c WHERE c.table_name = t.name)`,
    [[...tables.keys()]],
  );
  return new Set(rows.map(({ name }) => name));
}

async function replay({ client, untold }: Looking, table: string, key: readonly string[]) {
  // A row that was deleted and came again has another life.
  await client.query(
    `CREATE TEMPORARY TABLE told_changes ON COMMIT DROP AS
     SELECT l.*, pg_temp.fold(new_values) OVER (PARTITION BY record_id, life ORDER BY id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS held
       FROM (SELECT id, record_id, operation, old_values, new_values,
                    count(*) FILTER (WHERE operation = 'delete')
                      OVER (PARTITION BY record_id ORDER BY id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS life
               FROM change_log WHERE table_name = $1) l`,
    [table],
  );
  const steps = await faultsOf(
    client,
    `SELECT format('change %s (%s of %s %s) %s', id, operation, $1::text, record_id, wrong) AS fault
       FROM told_changes,
            LATERAL (SELECT CASE
              WHEN (operation = 'insert') <> (held IS NULL) THEN 'comes out of turn'
              WHEN operation = 'update' AND (new_values IS NULL OR new_values = old_values) THEN 'changes nothing'
              WHEN (SELECT count(*) FROM jsonb_object_keys(old_values) k WHERE operation = 'update' AND old_values -> k = new_values -> k) > 0
                THEN 'names a column that it does not change'
              WHEN operation = 'update' AND (held || old_values) IS DISTINCT FROM held AND ${given('held || old_values')} <> ${given('held')}
                THEN 'was made to other values than those before it'
              WHEN operation = 'delete' AND old_values IS DISTINCT FROM held AND ${given('old_values')} <> ${given('held')} THEN 'deleted other values than those before it'
            END AS wrong) w
      WHERE wrong IS NOT NULL`,
    [table],
  );
  const ends = await faultsOf(
    client,
    `WITH told AS (
       SELECT DISTINCT ON (record_id) record_id, operation, CASE WHEN held IS NULL THEN new_values ELSE held || coalesce(new_values, '{}') END AS row
         FROM told_changes ORDER BY record_id, id DESC
     )
     SELECT format('%s %s %s', $1::text, coalesce(h.record_id, w.record_id), CASE
              WHEN h.record_id IS NULL THEN 'is gone, and the log has no deletion of it'
              WHEN w.record_id IS NULL THEN 'stands there, and the log has no insertion of it'
              ELSE 'differs from the log in ' || (
                SELECT string_agg(coalesce(a.key, b.key), ', ' ORDER BY coalesce(a.key, b.key))
                  FROM jsonb_each(h.row) a FULL JOIN jsonb_each(w.row) b ON b.key = a.key
                 WHERE coalesce(a.value, 'null') <> coalesce(b.value, 'null')) END) AS fault
       FROM (SELECT ${recordId(key, 't')} AS record_id, to_jsonb(t) - ${LEFT_OUT} - $2::text[] AS row FROM ${identifier(table)} t) h
       FULL JOIN (SELECT record_id, row FROM told WHERE operation <> 'delete') w ON w.record_id = h.record_id
      WHERE h.record_id IS NULL OR w.record_id IS NULL
         OR (h.row <> w.row AND ${given('h.row')} <> ${given('w.row')})`,
    [table, untold.get(table) ?? []],
  );
  await client.query('DROP TABLE told_changes');
  return [steps, ends];
}
