import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { expect, test } from 'vitest';
import { readCatalogue } from '../../src/database/catalogue.ts';
import { diffSchema } from '../../src/database/migrate.ts';
import { PROJECT_ROOT } from '../../src/kernel/config.ts';
import { useTestDatabase } from '../support/database.ts';

const database = await useTestDatabase();

async function catalogue(): Promise<string> {
  const owner = new pg.Client(database.ownerUrl);
  await owner.connect();
  return readCatalogue(owner).finally(() => owner.end());
}

test('the migrations give what the Prisma schema says', async () => {
  expect(await diffSchema(database.ownerUrl)).toBe('');
});

test('the migrations give what the committed catalogue says', async () => {
  expect(await catalogue()).toBe(await readFile(join(PROJECT_ROOT, 'prisma', 'catalogue.txt'), 'utf8'));
});

test('a month’s partition changes nothing in the catalogue', async () => {
  const before = await catalogue();
  await database.owner.query(
    "CREATE TABLE change_log_later PARTITION OF change_log FOR VALUES FROM ('2999-01-01') TO ('2999-02-01')",
  );
  expect(await catalogue()).toBe(before);
});

test('a difference is seen: of a column by the diff, of a check, a trigger and a right by the catalogue', async () => {
  const before = await catalogue();
  await database.owner.query('ALTER TABLE employees ADD CONSTRAINT odd CHECK (length(name) < 9999)');
  await database.owner.query('GRANT TRUNCATE ON imports TO cairn_app');
  await database.owner.query('ALTER TABLE employees DISABLE TRIGGER USER');
  const after = await catalogue();
  const added = after.split('\n').filter((line) => !before.includes(line));
  expect(added.join('\n')).toMatch(/odd CHECK[\s\S]*enabled: D[\s\S]*cairn_app INSERT, SELECT, TRUNCATE, UPDATE/);

  expect(await diffSchema(database.ownerUrl)).toBe('');
  await database.owner.query('ALTER TABLE employees ADD COLUMN extra text');
  expect(await diffSchema(database.ownerUrl)).toContain('DROP COLUMN "extra"');
});
