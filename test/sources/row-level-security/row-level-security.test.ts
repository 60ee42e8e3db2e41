import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { expect, test } from 'vitest';
import { useTestDatabase } from '../../support/database.ts';
import { insertSql, newRow, type Owned, type OwnedTable, ownedTables, type Row } from './owned-tables.ts';

const database = await useTestDatabase();
const tables = await ownedTables(database.owner);

const ANNA = `user:${randomUUID()}`;
const BERT = `user:${randomUUID()}`;

/** Rows of every table, each of a source of its own kind. */
async function seed(owner: string, isShared: boolean): Promise<Owned> {
  const rows = new Map<string, Row>();
  const owned = { owner, isShared, rows };
  for (const table of tables) {
    const row = newRow(table, owned);
    const { rows: made } = await database.owner.query<{ row: Row }>(
      `WITH made AS (${insertSql(table.name, row)} RETURNING *) SELECT to_jsonb(made) AS row FROM made`,
      [JSON.stringify(row)],
    );
    if (made[0] !== undefined) rows.set(table.name, made[0].row);
  }
  return owned;
}
const annas = await seed(ANNA, false);
const berts = await seed(BERT, false);
const shared = await seed(ANNA, true);
/** Annas, with nothing but the source itself: a second row of tables that have one for each source. */
const spare = await (async () => {
  const [sources] = tables;
  const row = { ...newRow(sources as OwnedTable, { owner: ANNA, isShared: false, rows: new Map() }) };
  await database.owner.query(insertSql('data_sources', row), [JSON.stringify(row)]);
  return row;
})();

/** Who acts: undefined where the transaction is told of nobody. */
const OTHERS = [BERT, '', undefined, "x' OR '1'='1", 'hub', '%', `${ANNA} `] as const;

/** Runs one statement as the application's role and undoes it; how many rows it met, or its SQLSTATE. */
async function as(who: string | undefined, sql: string, values: readonly unknown[] = []): Promise<number | string> {
  const client: pg.PoolClient = await database.write.connect();
  try {
    const told = who === undefined ? '' : `; SELECT set_config('cairn.owner', ${client.escapeLiteral(who)}, true)`;
    await client.query(`BEGIN${told}`);
    return (await client.query(sql, [...values])).rowCount ?? 0;
  } catch (thrown) {
    return thrown instanceof Error && 'code' in thrown ? String(thrown.code) : String(thrown);
  } finally {
    await client.query('ROLLBACK');
    client.release();
  }
}

const DENIED = '42501';
/** What finds the row of `owned` in the table, and that row's place. */
const found = ({ name }: OwnedTable, { rows }: Owned): [string, unknown[]] => {
  const row = rows.get(name) ?? {};
  return row['id'] === undefined
    ? ['source_id = $1 AND pass = $2', [row['source_id'], row['pass']]]
    : ['id = $1', [row['id']]];
};

test('every table with an owner is under row-level security, and binds its own owner too', () => {
  expect(tables.map(({ name }) => name)).toEqual(expect.arrayContaining(['data_sources', 'documents', 'sync_items']));
  expect(tables.filter(({ isEnabled }) => !isEnabled)).toEqual([]);
  // The view that words are looked for through reads as the table's owner, and says itself whose rows it shows.
  expect(tables.filter(({ isForced }) => !isForced).map(({ name }) => name)).toEqual(['documents']);
});

test('the application owns nothing and bypasses nothing, and past the policies read only what is known to', async () => {
  const { rows } = await database.write.query(
    `SELECT rolsuper OR rolbypassrls AS bypasses, EXISTS (SELECT FROM pg_class WHERE relowner = r.oid) AS owns
       FROM pg_roles r WHERE rolname = current_user`,
  );
  expect(rows).toEqual([{ bypasses: false, owns: false }]);
  const { rows: past } = await database.owner.query(
    `SELECT relname::text AS name FROM pg_class
      WHERE relnamespace = 'public'::regnamespace AND relkind IN ('v', 'm') AND has_table_privilege('cairn_app', oid, 'SELECT')
        AND (relkind = 'm' OR NOT coalesce(reloptions @> ARRAY['security_invoker=true'], false))
     UNION ALL
     SELECT proname::text FROM pg_proc
      WHERE pronamespace = 'public'::regnamespace AND prosecdef AND prorettype <> 'trigger'::regtype
        AND has_function_privilege('cairn_app', oid, 'EXECUTE')`,
  );
  // The second one tells of indexes, and of no row.
  expect(past).toEqual([{ name: 'searchable_documents' }]);
  const { rows: truncatable } = await database.owner.query(
    `SELECT relname FROM pg_class
      WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND has_table_privilege('cairn_app', oid, 'TRUNCATE')`,
  );
  expect(truncatable).toEqual([]);
});

test.each(tables)('rows of $name are seen by their owner, and by nobody else', async (table) => {
  const [where, values] = found(table, annas);
  const sql = `SELECT FROM ${table.name} WHERE ${where}`;
  expect(await as(ANNA, sql, values)).toBe(1);
  expect(await as('*', sql, values)).toBe(1);
  for (const other of OTHERS) expect([other, await as(other, sql, values)]).toEqual([other, 0]);
  const all = `SELECT FROM ${table.name}`;
  for (const nobody of ['', undefined]) expect(await as(nobody, all)).toBe(table.isShareable ? 1 : 0);
});

test.each(tables)('a row of $name is inserted by its owner, and for nobody else', async (table) => {
  const sources = table.name === 'data_sources' ? [] : ([['data_sources', spare]] as const);
  const row = newRow(table, { ...annas, rows: new Map([...annas.rows, ...sources]) });
  const sql = insertSql(table.name, row);
  expect(await as(ANNA, sql, [JSON.stringify(row)])).toBe(1);
  expect(await as('*', sql, [JSON.stringify(row)])).toBe(1);
  for (const other of OTHERS) expect([other, await as(other, sql, [JSON.stringify(row)])]).toEqual([other, DENIED]);
});

test.each(tables)('a row of $name is changed and deleted by its owner, and by nobody else', async (table) => {
  const [where, values] = found(table, annas);
  const column = table.columns.find(({ name }) => name !== 'id' && name !== 'owner_id')?.name;
  for (const sql of [
    `UPDATE ${table.name} SET ${column} = ${column} WHERE ${where}`,
    `DELETE FROM ${table.name} WHERE ${where}`,
  ]) {
    expect(await as(ANNA, sql, values)).toBe(1);
    expect(await as('*', sql, values)).toBe(1);
    for (const other of OTHERS) expect([other, await as(other, sql, values)]).toEqual([other, 0]);
  }
});

test.each(tables)('a row of $name is given to nobody, and nobody’s is made one’s own', async (table) => {
  const [where, values] = found(table, berts);
  const give = `UPDATE ${table.name} SET owner_id = '${ANNA}' WHERE ${where}`;
  expect(await as(BERT, give, values)).toBe(DENIED);
  if (!table.isShareable) return;
  const [ofShared, sharedValues] = found(table, shared);
  const take = await as(BERT, `UPDATE ${table.name} SET owner_id = '${BERT}' WHERE ${ofShared}`, sharedValues);
  // By the policy, by the trigger of sources, or because the source is another’s.
  expect([0, DENIED, '23503']).toContain(take);
});

test.each(tables.filter(({ isShareable }) => isShareable))(
  'rows of $name are seen by everybody where their source is shared',
  async (table) => {
    const [where, values] = found(table, shared);
    for (const who of [ANNA, BERT, 'hub', ''])
      expect(await as(who, `SELECT FROM ${table.name} WHERE ${where}`, values)).toBe(1);
  },
);

test('what is of a source follows it: shared with it, hidden with it, gone with it', async () => {
  const client = await database.owner.connect();
  try {
    await client.query('BEGIN');
    const source = berts.rows.get('data_sources');
    const count = async (): Promise<unknown> =>
      (
        await client.query(
          `SELECT (SELECT count(*) FROM documents WHERE source_id = $1 AND is_shared)::int AS documents,
                  (SELECT count(*) FROM sync_items WHERE source_id = $1 AND is_shared)::int AS items`,
          [source?.['source_id']],
        )
      ).rows[0];
    expect(await count()).toEqual({ documents: 0, items: 0 });
    await client.query('UPDATE data_sources SET is_shared = true WHERE source_id = $1', [source?.['source_id']]);
    expect(await count()).toEqual({ documents: 1, items: 1 });
    await client.query('DELETE FROM data_sources WHERE source_id = $1', [source?.['source_id']]);
    const { rows } = await client.query('SELECT count(*)::int AS left FROM documents WHERE source_id = $1', [
      source?.['source_id'],
    ]);
    expect(rows).toEqual([{ left: 0 }]);
  } finally {
    await client.query('ROLLBACK');
    client.release();
  }
});

test('changes of a row are its owner’s, and everybody’s only where it was shared before and after', async () => {
  const key = (owned: Owned): unknown => owned.rows.get('documents')?.['document_id'];
  const sql = "SELECT FROM change_log WHERE table_name = 'documents' AND record_id = $1";
  expect(await as(ANNA, sql, [key(annas)])).toBe(1);
  expect(await as('*', sql, [key(annas)])).toBe(1);
  for (const other of OTHERS) expect([other, await as(other, sql, [key(annas)])]).toEqual([other, 0]);
  for (const who of [ANNA, BERT, '']) expect(await as(who, sql, [key(shared)])).toBe(1);
});

test('words are looked for in what one may see, whatever the view reads past', async () => {
  const sql = 'SELECT FROM searchable_documents WHERE document_id = $1';
  const of = (owned: Owned) => [owned.rows.get('documents')?.['document_id']];
  expect(await as(ANNA, sql, of(annas))).toBe(1);
  expect(await as(BERT, sql, of(shared))).toBe(1);
  for (const other of OTHERS) expect([other, await as(other, sql, of(annas))]).toEqual([other, 0]);
});
