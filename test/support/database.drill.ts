import pg from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { createTestDatabase } from './database.ts';

test('a connection that a test file leaves open fails it, by name', async () => {
  const database = await createTestDatabase();
  const leaked = new pg.Client({ connectionString: database.ownerUrl, application_name: 'the leak' });
  leaked.on('error', () => undefined);
  await leaked.connect();
  onTestFinished(() => leaked.end().catch(() => undefined));
  await expect(database.close()).rejects.toThrow(/left open:\nthe leak/);
});

test('a pooled connection that is not given back fails it instead of waiting for ever', async () => {
  const database = await createTestDatabase();
  const kept = await database.write.connect();
  await expect(database.close()).rejects.toThrow(/cairn write/);
  kept.release(true);
  await Promise.all([database.read.end(), database.write.end(), database.owner.end()]);
});

test('each database is its own', async () => {
  const [one, other] = await Promise.all([createTestDatabase(), createTestDatabase()]);
  await one.owner.query("INSERT INTO employees (employee_id, name) VALUES ('E', 'Ann')");
  const { rows } = await other.owner.query('SELECT 1 FROM employees');
  expect(rows).toEqual([]);
  await Promise.all([one.close(), other.close()]);
});
