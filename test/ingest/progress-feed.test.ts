import { afterAll, expect, test } from 'vitest';
import { createNotices } from '../../src/database/notices.ts';
import { createProgressFeed } from '../../src/ingest/progress-feed.ts';
import { silentLog } from '../../src/kernel/log.ts';
import { useTestDatabase } from '../support/database.ts';

const database = await useTestDatabase();
const log = silentLog();
const notices = createNotices(database.apiUrl, log);
afterAll(notices.close);

test('an import is followed to its end also when the listening connection is lost', async () => {
  const importId = '0198a000-0000-7000-8000-000000000003';
  await database.owner.query(
    "INSERT INTO imports (import_id, dataset, path, rules_version, actor) VALUES ($1, 'channels', 'x', 1, 'token:x')",
    [importId],
  );
  const feed = createProgressFeed(database.read, notices);
  const events = feed.follow(importId, () => false);
  expect((await events.next()).value).toMatchObject({ status: 'running' });
  const { rowCount } = await database.owner.query(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'cairn notices' AND datname = current_database()",
  );
  expect(rowCount).toBe(1);
  await database.owner.query("UPDATE imports SET status = 'imported', finished_at = now() WHERE import_id = $1", [
    importId,
  ]);
  expect((await events.next()).value).toMatchObject({ status: 'imported' });
  expect(await events.next()).toEqual({ done: true, value: undefined });
  feed.close();
});

test('who leaves while nothing happens is let go at once', async () => {
  const feed = createProgressFeed(database.read, notices);
  const events = feed.follow('0198a000-0000-7000-8000-000000000004', () => true);
  const next = events.next();
  await events.return?.();
  expect(await next).toEqual({ done: true, value: undefined });
  feed.close();
});
