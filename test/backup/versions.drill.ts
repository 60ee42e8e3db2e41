/** A backup of an older release is migrated on; one of a newer release, or of altered migrations, is refused; one of another PostgreSQL is searched as this one searches. */
import { cp, mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { restorePortable } from '../../src/backup/portable/restore.ts';
import { prepare } from '../../src/database/connect.ts';
import { MIGRATIONS } from '../../src/database/migrate.ts';
import { asOwner, emptyDatabase, folderForTest, restoreInto, takePortableOf } from '../support/backups.ts';

/** This release's migrations and one more, that needs the rows to be there. */
async function laterMigrations(): Promise<string> {
  const folder = await folderForTest();
  await cp(MIGRATIONS, folder, { recursive: true });
  await mkdir(join(folder, '20990101000000_later'));
  await writeFile(
    join(folder, '20990101000000_later', 'migration.sql'),
    'ALTER TABLE employees ADD COLUMN initial text; UPDATE employees SET initial = left(name, 1); ALTER TABLE employees ALTER COLUMN initial SET NOT NULL;\n',
  );
  return folder;
}

test('rows of an older release go through its migrations, then through those that came since', async () => {
  const old = await emptyDatabase();
  const names = (await readdir(MIGRATIONS)).filter((name) => /^\d/.test(name)).sort();
  const before = await folderForTest();
  for (const name of [...names.slice(0, 8), 'migration_lock.toml'])
    await cp(join(MIGRATIONS, name), join(before, name), { recursive: true });
  await prepare(old, before);
  await asOwner(old, "INSERT INTO employees (employee_id, name) VALUES ('E1', 'Ada')");
  const { folder, manifest } = await takePortableOf(old, await folderForTest());
  expect(manifest.migrations).toHaveLength(8);
  const url = await emptyDatabase();
  const later = await laterMigrations();
  const { migratedOn } = await restoreInto(folder, url, later);
  expect(migratedOn).toEqual([...names.slice(8), '20990101000000_later']);
  expect(await asOwner(url, 'SELECT name, initial FROM employees')).toEqual([{ name: 'Ada', initial: 'A' }]);

  const { folder: newer } = await takePortableOf(url, await folderForTest());
  const target = await emptyDatabase();
  await expect(restoreInto(newer, target)).rejects.toMatchObject({
    code: 'MIGRATION_FAILED',
    message: expect.stringContaining('20990101000000_later'),
    hint: expect.stringContaining('0.0.0'),
  });
  expect(
    await asOwner(target, "SELECT count(*)::int AS tables FROM pg_class WHERE relnamespace = 'public'::regnamespace"),
  ).toEqual([{ tables: 0 }]);

  await writeFile(join(later, '20990101000000_later', 'migration.sql'), 'SELECT 1;\n');
  await expect(restoreInto(newer, target, later)).rejects.toMatchObject({
    code: 'MIGRATION_FAILED',
    message: expect.stringContaining('another version'),
  });
});

test('vectors of another PostgreSQL, which splits words otherwise, are made anew; those of the same one are taken as they are', async () => {
  const old = await emptyDatabase();
  await prepare(old, MIGRATIONS);
  await asOwner(old, "INSERT INTO reports (report_id, title) VALUES ('R1', 'Größe der Gezeiten')");
  await asOwner(
    old,
    'ALTER TABLE reports DISABLE TRIGGER USER',
    "UPDATE reports SET search_simple = 'gr:1 e:2 der:3 gezeiten:4'",
    'ALTER TABLE reports ENABLE TRIGGER USER',
  );
  const { folder, manifest } = await takePortableOf(old, await folderForTest());

  const same = await emptyDatabase();
  await restorePortable(folder, manifest, { ownerUrl: same });
  expect(await asOwner(same, 'SELECT search_simple::text AS words FROM reports')).toEqual([
    { words: "'der':3 'e':2 'gezeiten':4 'gr':1" },
  ]);

  const other = await emptyDatabase();
  const older = {
    ...manifest,
    database: { ...manifest.database, version: '17.10', build: 'PostgreSQL 17.10 on something' },
  };
  await restorePortable(folder, older, { ownerUrl: other });
  expect(await asOwner(other, 'SELECT search_simple::text AS words FROM reports')).toEqual([
    { words: expect.stringContaining("'grosse'") },
  ]);
  // Nothing else that a trigger does was done to them.
  expect(await asOwner(other, 'SELECT count(*)::int AS changes FROM change_log')).toEqual([{ changes: 1 }]);
});
