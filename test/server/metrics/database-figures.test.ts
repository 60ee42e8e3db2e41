import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { keptFigures, readFigures } from '../../../src/server/metrics/database-figures.ts';
import { useTestDatabase } from '../../support/database.ts';

const database = await useTestDatabase();

test('rows and bytes of every table are estimates, partitions within their table', async () => {
  await database.owner.query(
    "INSERT INTO employees (employee_id, name) SELECT 'E' || n, 'Name ' || n FROM generate_series(1, 500) AS n",
  );
  await database.owner.query('ANALYZE');
  const { tables } = await readFigures(database.read);
  const named = new Map(tables.map((table) => [table.name, table]));
  expect(named.get('employees')?.rows).toBe(500);
  expect(named.get('employees')?.bytes).toBeGreaterThan(30_000);
  expect(named.get('change_log')?.rows).toBe(500);
  expect(named.get('change_log')?.bytes).toBeGreaterThan(30_000);
  expect([...named.keys()].filter((name) => /^change_log_/.test(name))).toEqual([]);
});

test('each dataset tells its open rejects, what runs and when it last went well', async () => {
  await database.owner.query(`
    INSERT INTO imports (import_id, dataset, path, rules_version, status, actor, started_at, finished_at)
    VALUES ('00000000-0000-7000-8000-000000000001', 'videos', 'a', 1, 'imported', 'x', '2026-01-01Z', '2026-01-01T00:01Z'),
           ('00000000-0000-7000-8000-000000000002', 'videos', 'a', 1, 'unchanged', 'x', '2026-01-02Z', '2026-01-02T00:01Z'),
           ('00000000-0000-7000-8000-000000000003', 'videos', 'a', 1, 'failed', 'x', '2026-01-03Z', '2026-01-03T00:01Z'),
           ('00000000-0000-7000-8000-000000000004', 'videos', 'a', 1, 'running', 'x', '2026-01-04Z', NULL),
           ('00000000-0000-7000-8000-000000000005', 'channels', 'b', 1, 'failed', 'x', '2026-01-04Z', '2026-01-04Z')`);
  await database.owner.query(`
    INSERT INTO rejects (import_id, dataset, line, raw, errors, status)
    SELECT '00000000-0000-7000-8000-000000000001', 'videos', n, '', '[]', CASE WHEN n < 4 THEN 'open' ELSE 'fixed' END
      FROM generate_series(1, 5) AS n`);
  expect((await readFigures(database.read)).datasets).toEqual([
    { dataset: 'channels', openRejects: 0, running: 0, lastGood: null },
    { dataset: 'videos', openRejects: 3, running: 1, lastGood: Date.parse('2026-01-02T00:01Z') / 1000 },
  ]);
});

test('however often it is scraped, the database is asked now and then, and once at a time', async () => {
  let asked = 0;
  const figures = keptFigures(
    async () => {
      asked += 1;
      await sleep(20);
      return { tables: [], datasets: [], jobs: [] };
    },
    { ageMs: 1_000, patienceMs: 1_000 },
  );
  await Promise.all([figures(), figures(), figures()]);
  await figures();
  expect(asked).toBe(1);
});

test('a database that hangs or fails leaves the figures out, and is asked again', async () => {
  const answers = [
    () => sleep(200).then(() => ({ tables: [], datasets: [], jobs: [] })),
    () => Promise.reject(new Error('connection refused')),
    async () => ({ tables: [], datasets: [], jobs: [] }),
  ];
  const figures = keptFigures(() => (answers.shift() ?? (() => Promise.reject(new Error('none left'))))(), {
    ageMs: 0,
    patienceMs: 30,
  });
  expect(await figures()).toBeNull();
  await sleep(250);
  expect(await figures()).toBeNull();
  expect(await figures()).toEqual({ tables: [], datasets: [], jobs: [] });
});
