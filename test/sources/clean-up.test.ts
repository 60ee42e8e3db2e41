import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { writeSession } from '../../src/database/session.ts';
import { createContext } from '../../src/graphql/context.ts';
import { silentLog } from '../../src/kernel/log.ts';
import { uuidv7 } from '../../src/kernel/uuid.ts';
import cleanUp from '../../src/server/clean-up.job.ts';
import { sourcesSlot } from '../../src/sources/sources-house.ts';
import { TESTER, useTestDatabase } from '../support/database.ts';
import { useFolder } from '../support/folder.ts';
import { clearSources, seedSource } from '../support/sources.ts';
import { useSourcesHouse } from '../support/sources-house.ts';

const database = await useTestDatabase();
const dataDir = await useFolder({});
const house = { ...(await useSourcesHouse(database, { url: 'http://127.0.0.1:1' })), dataDir };
const { owner } = database;

beforeEach(() => clearSources(owner));

const run = async (olderThanDays: unknown) => {
  const context = createContext({ actor: TESTER, requestId: 'test', log: silentLog(), database });
  sourcesSlot.set(context, house);
  return cleanUp.run(context, {
    id: uuidv7(),
    arguments: { olderThanDays },
    attempt: 1,
    signal: new AbortController().signal,
    progress: () => undefined,
    fence: async () => undefined,
  });
};

test('what ended long ago is forgotten and told of; what is young, open or the latest of its source stays', async () => {
  const sourceId = await seedSource(owner);
  await owner.query(
    `INSERT INTO sync_jobs (sync_job_id, source_id, owner_id, is_shared, job_type, status, requested_by, created_at)
     SELECT gen_random_uuid(), $1, 'hub', false, 'incremental', status, 'command:test', now() - make_interval(days => age)
       FROM (VALUES ('completed', 200), ('failed', 150), ('waiting', 150), ('completed', 100)) AS v (status, age)`,
    [sourceId],
  );
  await owner.query(
    `INSERT INTO schedule_runs (run_id, schedule_id, schedule_name, owner_id, job_kind, status, fired_at, finished_at)
     SELECT gen_random_uuid(), gen_random_uuid(), 'gone', 'hub', 'sync', 'completed', t, t
       FROM (VALUES (now() - interval '100 days'), (now())) AS v (t)`,
  );
  await owner.query(
    `INSERT INTO exports (export_id, source, format, request, path, actor, status, started_at, finished_at)
     SELECT gen_random_uuid(), 'videos', 'csv', '{}', 'videos.csv', 'command:test', 'completed', t, t
       FROM (VALUES (now() - interval '100 days'), (now())) AS v (t)`,
  );
  expect(await run(90)).toEqual({
    olderThanDays: 90,
    removed: { jobs: 0, exports: 1, sync_jobs: 2, schedule_runs: 1, webhook_deliveries: 0, oauth_states: 0 },
  });
  const { rows } = await owner.query('SELECT status FROM sync_jobs ORDER BY id');
  expect(rows).toEqual([{ status: 'waiting' }, { status: 'completed' }]);
});

test('what was fetched for a source that is gone goes from the disk; of one that is there it stays', async () => {
  const kept = await seedSource(owner);
  for (const name of [kept, uuidv7(), 'other']) await mkdir(join(dataDir, 'spool', name), { recursive: true });
  await run(90);
  expect((await readdir(join(dataDir, 'spool'))).toSorted()).toEqual([kept, 'other'].toSorted());
});

test('a clean-up that is asked for in other words does nothing', async () => {
  await expect(run('90')).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
  await expect(
    writeSession(database.write, TESTER, ({ query }) => query('x', 'DELETE FROM imports')),
  ).rejects.toThrow();
});
