import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { createNotices } from '../../src/database/notices.ts';
import { createContext } from '../../src/graphql/context.ts';
import { createBackground } from '../../src/ingest/background.ts';
import { importInBackground, startImport } from '../../src/ingest/importing.ts';
import { createProgressFeed } from '../../src/ingest/progress-feed.ts';
import { loadRegistry } from '../../src/ingest/registry.ts';
import { silentLog } from '../../src/kernel/log.ts';
import { TESTER, useTestDatabase } from '../support/database.ts';

const database = await useTestDatabase();
const log = silentLog();
const notices = createNotices(database.apiUrl, log);
afterAll(notices.close);
const ingest = { ...(await loadRegistry()), database, log };
const context = createContext({ actor: TESTER, requestId: 'test', log, database });

async function startAbsent(stopFirst: boolean): Promise<{ row: unknown; released: boolean }> {
  const background = createBackground(log);
  const progress = createProgressFeed(database.read, notices);
  const importer = { ingest, background, progress, importRoots: [], uploads: '' };
  if (stopFirst) await background.finish(0);
  let released = false;
  const release = async (): Promise<void> => {
    released = true;
  };
  const { started, match } = startImport(context, importer, 'channels.csv', undefined);
  const asked = { file: join(import.meta.dirname, 'absent.csv'), path: 'channels.csv', release };
  importInBackground(context, importer, [{ asked, started, match }]);
  await background.finish(5_000);
  const { rows } = await database.owner.query(
    "SELECT status, error ->> 'code' AS code FROM imports WHERE import_id = $1",
    [started.importId],
  );
  return { row: rows[0], released };
}

test('a file that is gone when its turn comes leaves a failed import', async () => {
  expect(await startAbsent(false)).toEqual({ row: { status: 'failed', code: 'FILE_MISSING' }, released: true });
});

test('an import whose turn never came because the server stopped is a failed one', async () => {
  expect(await startAbsent(true)).toEqual({ row: { status: 'failed', code: 'CONFLICT' }, released: true });
});

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
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'cairn notices'",
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
