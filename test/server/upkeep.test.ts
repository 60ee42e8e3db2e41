import { mkdtemp, readdir, rm, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';
import { removeLeftRecords } from '../../src/ingest/import-records.ts';
import { endsWithin } from '../../src/kernel/ends-within.ts';
import { createLog, silentLog } from '../../src/kernel/log.ts';
import { startUpkeep } from '../../src/server/upkeep.ts';
import { useTestDatabase } from '../support/database.ts';

const database = await useTestDatabase();

test('a worker ends imports whose process is gone, drops what expired and makes the months ahead', async () => {
  await database.owner.query(
    `INSERT INTO imports (import_id, dataset, path, rules_version, actor, started_at)
     VALUES ('01990000-0000-7000-8000-000000000001', 'videos', 'a.csv', 1, 'command:x', now() - interval '1 hour')`,
  );
  await database.owner.query(
    "INSERT INTO sign_in_links (hash, label, role, expires_at) VALUES ('h', 'user:x', 'admin', now() - interval '2 days')",
  );
  await database.owner.query(
    "INSERT INTO idempotency_keys (actor, key, request_hash, created_at) VALUES ('user:x', 'k', 'h', now() - interval '2 days')",
  );
  const { rows: months } = await database.owner.query<{ name: string }>(
    "SELECT inhrelid::regclass::text AS name FROM pg_inherits WHERE inhparent = 'change_log'::regclass ORDER BY 1 DESC",
  );
  const last = months.map(({ name }) => name).find((name) => /\d{4}_\d{2}$/.test(name));
  await database.owner.query(`DROP TABLE ${last}`);

  await startUpkeep(database, silentLog()).stop();

  const { rows } = await database.owner.query('SELECT status, error FROM imports');
  expect(rows).toEqual([{ status: 'failed', error: expect.objectContaining({ code: 'INTERRUPTED' }) }]);
  expect((await database.owner.query('SELECT FROM sign_in_links')).rowCount).toBe(0);
  expect((await database.owner.query('SELECT FROM idempotency_keys')).rowCount).toBe(0);
  expect((await database.owner.query('SELECT to_regclass($1) AS made', [last])).rows).toEqual([{ made: last }]);
});

test('records that a killed import left are removed, and none that may still be read', async () => {
  const [old, fresh] = [
    await mkdtemp(join(tmpdir(), 'cairn-records-')),
    await mkdtemp(join(tmpdir(), 'cairn-records-')),
  ];
  const before = Date.now() / 1000 - 2 * 24 * 60 * 60;
  await utimes(old, before, before);
  await removeLeftRecords();
  const found = await readdir(tmpdir());
  await rm(fresh, { recursive: true });
  expect(found).toContain(basename(fresh));
  expect(found).not.toContain(basename(old));
});

test('a task that fails is logged by name, and the others run', async () => {
  const lines: string[] = [];
  const ran: string[] = [];
  const log = createLog({ level: 'error', stream: { write: (line) => void lines.push(line) } });
  const tasks = [
    { name: 'broken', everyMs: 60_000, run: () => Promise.reject(new Error('no disk')) },
    { name: 'sound', everyMs: 60_000, run: async () => void ran.push('sound') },
  ];
  await startUpkeep(database, log, tasks).stop();
  expect(ran).toEqual(['sound']);
  expect(lines.join('')).toContain('"task":"broken"');
});

test('whoever stops does not wait for words that are being read, and nobody is told that as a fault', async () => {
  const lines: string[] = [];
  const log = createLog({ level: 'error', stream: { write: (line) => void lines.push(line) } });
  const held = await database.owner.connect();
  await held.query('BEGIN; LOCK TABLE search_words IN EXCLUSIVE MODE');
  const upkeep = startUpkeep(database, log);
  const waits = `SELECT FROM pg_stat_activity
                  WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%search_words%'`;
  await expect.poll(async () => (await database.owner.query(waits)).rowCount, { timeout: 10_000 }).toBe(1);
  const stopped = await endsWithin(10_000, upkeep.stop());
  await held.query('ROLLBACK');
  held.release();
  expect({ stopped, lines }).toEqual({ stopped: true, lines: [] });
});
