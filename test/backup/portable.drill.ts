/** A portable backup restored is the database that it was taken of. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import pg from 'pg';
import { expect, test } from 'vitest';
import { readCatalogue } from '../../src/database/catalogue.ts';
import { rowTypes } from '../../src/database/types.ts';
import { importFolder } from '../../src/ingest/import-folder.ts';
import { loadRegistry } from '../../src/ingest/registry.ts';
import { PROJECT_ROOT } from '../../src/kernel/config.ts';
import { silentLog } from '../../src/kernel/log.ts';
import { readNewWords } from '../../src/search/vocabulary.ts';
import { asOwner, emptyDatabase, folderForTest, identityOf, restoreInto, takePortableOf } from '../support/backups.ts';
import { createTestDatabase, TESTER, useTestDatabase } from '../support/database.ts';
import { emptyTables } from '../support/import-folder.ts';
import { replayedChanges } from '../support/replay.ts';

const database = await useTestDatabase();

async function importSamples(): Promise<void> {
  const ingest = { ...(await loadRegistry()), database, log: silentLog() };
  await importFolder(ingest, { root: join(PROJECT_ROOT, 'samples'), actor: TESTER });
}

test('rows, keys to come, partitions and every rule are what they were; tables of somebody else are told as left out', async () => {
  await emptyTables(database.owner);
  await importSamples();
  await database.owner.query(
    "CREATE TABLE change_log_2020_02 PARTITION OF change_log FOR VALUES FROM ('2020-02-01 00:00:00+00') TO ('2020-03-01 00:00:00+00')",
  );
  await database.owner.query(
    "INSERT INTO change_log (table_name, record_id, operation, changed_by, changed_at) VALUES ('videos', 'x', 'delete', 'me', '2020-02-29 12:00:00+00')",
  );
  const destination = await folderForTest();
  await database.owner.query('CREATE TABLE theirs AS SELECT 7 AS x');
  const taken = await takePortableOf(database.ownerUrl, destination);
  await database.owner.query('DROP TABLE theirs');
  const url = await emptyDatabase();
  const { rows, leftOut, migratedOn } = await restoreInto(taken.folder, url);
  expect({ leftOut, migratedOn }).toEqual({ leftOut: ['theirs'], migratedOn: [] });
  expect(rows).toMatchObject({ videos: 17, researches: 9 });

  const again = await takePortableOf(url, destination);
  const { tables, ...others } = identityOf(taken.manifest);
  expect(identityOf(again.manifest)).toEqual({ ...others, tables: tables.filter(({ name }) => name !== 'theirs') });
  const owner = new pg.Client(url);
  await owner.connect();
  expect(await readCatalogue(owner)).toBe(await readFile(join(PROJECT_ROOT, 'prisma', 'catalogue.txt'), 'utf8'));
  const old = await owner.query("SELECT tableoid::regclass::text AS part FROM change_log WHERE record_id = 'x'");
  expect(old.rows).toEqual([{ part: 'change_log_2020_02' }]);
  // A row written now takes the next key, and its change is logged once.
  await owner.query("INSERT INTO channels (channel_id, name) VALUES ('CH-NEW', 'New')");
  const logged = await owner.query("SELECT count(*)::int AS changes FROM change_log WHERE record_id = 'CH-NEW'");
  expect(logged.rows).toEqual([{ changes: 1 }]);
  await owner.end();
});

test('words of rows written after the restore are learnt, though the new server counts its transactions from the beginning', async () => {
  await emptyTables(database.owner);
  await importSamples();
  // As of a server that has seen a thousand million transactions more.
  await database.owner.query(
    `INSERT INTO search_progress (table_name, from_transaction, to_transaction, row_id)
     VALUES ('researches', 1000000000, 1000000000, 0)
     ON CONFLICT (table_name) DO UPDATE SET from_transaction = 1000000000, to_transaction = 1000000000`,
  );
  const taken = await takePortableOf(database.ownerUrl, await folderForTest());
  await database.owner.query('DELETE FROM search_progress');
  const url = await emptyDatabase();
  await restoreInto(taken.folder, url);
  const restored = new pg.Pool({ connectionString: url, types: rowTypes() });
  try {
    await restored.query("INSERT INTO researches (research_id, title, department) VALUES ('RSR-999', 'Zymurgy', 'AI')");
    await readNewWords({ write: restored });
    const { rows } = await restored.query("SELECT word FROM search_words WHERE word = 'zymurgy'");
    expect(rows).toEqual([{ word: 'zymurgy' }]);
  } finally {
    await restored.end();
  }
});

test('the rows of one snapshot are taken: what is committed meanwhile is whole or absent', async () => {
  await emptyTables(database.owner);
  let writes = true;
  const writing = (async () => {
    for (let n = 0; writes; n += 1) {
      await database.owner.query(
        `WITH c AS (INSERT INTO channels (channel_id, name) VALUES ('C${n}', 'n') RETURNING channel_id)
         INSERT INTO videos (video_id, source_url, title, channel_id) SELECT 'V' || channel_id, 'u', 't', channel_id FROM c`,
      );
    }
  })();
  const destination = await folderForTest();
  const taken = [];
  for (let times = 0; times < 3; times += 1) taken.push(await takePortableOf(database.ownerUrl, destination));
  writes = false;
  await writing;
  const restored = await createTestDatabase();
  await restoreInto(taken.at(-1)?.folder ?? '', restored.ownerUrl);
  for (const { manifest } of taken) {
    const rows = Object.fromEntries(manifest.tables.map(({ name, rows }) => [name, rows]));
    expect(rows['channels']).toBe(rows['videos']);
    expect(rows['change_log']).toBe(2 * (rows['videos'] ?? 0));
  }
  expect(await replayedChanges(restored.owner)).toEqual([]);
  await restored.close();
});

/** Text that a careless format would take for its own marks. */
const nasty = fc.oneof(
  fc.constantFrom(
    '\\N',
    '\\.',
    '\t',
    '\n',
    '\r\n',
    '\\',
    '\\t',
    "'",
    '"',
    'é',
    'é',
    '\u{1F600}',
    '\u0001',
    '\u007f',
    ' ',
    '{}',
    '\\x00',
  ),
  fc.string({ unit: 'grapheme', maxLength: 40 }).map((text) => text.replaceAll('\0', '').toWellFormed()),
);
const row = fc.record({
  title: fc.tuple(nasty, nasty).map(([a, b]) => `t${a}${b}`.slice(0, 200).toWellFormed()),
  category: fc.option(nasty),
  metadata: fc.dictionary(
    nasty.map((key) => key.slice(0, 20).toWellFormed()),
    fc.oneof(nasty, fc.double({ noNaN: true, noDefaultInfinity: true }), fc.boolean(), fc.constant(null)),
    { maxKeys: 4 },
  ),
  raw: fc.uint8Array({ maxLength: 40 }),
  date: fc.date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true }),
});

test('whatever the rows hold, taking, restoring and taking again gives the same bytes', async () => {
  const destination = await folderForTest();
  await emptyTables(database.owner);
  await fc.assert(
    fc.asyncProperty(fc.array(row, { minLength: 20, maxLength: 80 }), async (rows) => {
      const other = await createTestDatabase();
      // What the change log tells of earlier runs must come along as well.
      await database.owner.query('DELETE FROM channels; DELETE FROM imports');
      await database.owner.query(
        `INSERT INTO channels (channel_id, name, category, metadata, last_scan_date)
         SELECT 'C' || n, r ->> 'title', r ->> 'category', r -> 'metadata', (r ->> 'date')::timestamptz
           FROM jsonb_array_elements($1::jsonb) WITH ORDINALITY AS e(r, n)`,
        [JSON.stringify(rows)],
      );
      await database.owner.query(
        "INSERT INTO imports (import_id, dataset, path, status, actor, rules_version) VALUES ('00000000-0000-7000-8000-000000000000', 'd', 'p', 'imported', 'a', 1)",
      );
      await database.owner.query(
        "INSERT INTO rejects (import_id, dataset, line, raw, errors) SELECT '00000000-0000-7000-8000-000000000000', 'd', n, decode(raw, 'hex'), '[]' FROM unnest($1::text[]) WITH ORDINALITY AS r(raw, n)",
        [rows.map(({ raw }) => Buffer.from(raw).toString('hex'))],
      );
      const taken = await takePortableOf(database.ownerUrl, destination);
      await restoreInto(taken.folder, other.ownerUrl);
      const again = await takePortableOf(other.ownerUrl, destination);
      await other.close();
      expect(identityOf(again.manifest)).toEqual(identityOf(taken.manifest));
    }),
    // Each run makes a database: a failure is shown as it was found.
    { numRuns: 3, endOnFailure: true },
  );
});

test('a database that holds rows is refused and left alone; one that a restore left half done is taken', async () => {
  await emptyTables(database.owner);
  await database.owner.query("INSERT INTO employees (employee_id, name) VALUES ('E1', 'Ada')");
  const { folder } = await takePortableOf(database.ownerUrl, await folderForTest());
  const before = await takePortableOf(database.ownerUrl, await folderForTest());
  await expect(restoreInto(folder, database.ownerUrl)).rejects.toMatchObject({
    code: 'CONFLICT',
    message: expect.stringContaining('employees'),
    hint: expect.stringContaining('--into'),
  });
  const after = await takePortableOf(database.ownerUrl, await folderForTest());
  expect(identityOf(after.manifest)).toEqual(identityOf(before.manifest));
  const migrated = await createTestDatabase();
  await restoreInto(folder, migrated.ownerUrl);
  expect((await migrated.owner.query('SELECT name FROM employees')).rows).toEqual([{ name: 'Ada' }]);
  await migrated.close();
  const foreign = await emptyDatabase();
  await asOwner(foreign, 'CREATE TABLE theirs (x int)');
  await expect(restoreInto(folder, foreign)).rejects.toMatchObject({ code: 'CONFLICT' });
});

test('the owner needs no more rights than to run Cairn at all', async () => {
  const { folder } = await takePortableOf(database.ownerUrl, await folderForTest());
  const url = new URL(await emptyDatabase());
  const name = url.pathname.slice(1);
  await asOwner(
    url.href,
    "CREATE ROLE plain_owner LOGIN CREATEROLE NOSUPERUSER PASSWORD 'plain'",
    `ALTER DATABASE ${name} OWNER TO plain_owner`,
    'GRANT cairn_app TO plain_owner WITH ADMIN OPTION',
    'ALTER SCHEMA public OWNER TO plain_owner',
  );
  try {
    const plain = new URL(url);
    plain.username = 'plain_owner';
    plain.password = 'plain';
    await restoreInto(folder, plain.href);
    const { manifest } = await takePortableOf(plain.href, await folderForTest());
    expect(manifest.tables.length).toBeGreaterThan(20);
  } finally {
    await asOwner(url.href, 'REASSIGN OWNED BY plain_owner TO CURRENT_USER', 'DROP OWNED BY plain_owner');
    const [, role = ''] =
      /(cairn_app_\w+)/.exec(
        JSON.stringify(
          await asOwner(
            url.href,
            `SELECT rolname FROM pg_roles WHERE rolname = 'cairn_app_' || left(encode(sha256('${name}'), 'hex'), 12)`,
          ),
        ),
      ) ?? [];
    await asOwner(url.href, `DROP ROLE IF EXISTS ${role || 'nobody_at_all'}`, 'DROP ROLE plain_owner');
  }
});
