/** Exports that a schedule asks for, of whoever made the schedule. */
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { MIGRATIONS } from '../../src/database/migrate.ts';
import { rootField, useTestApi } from '../support/api.ts';
import { useTestDatabase } from '../support/database.ts';
import { jobOnce } from '../support/jobs.ts';

const database = await useTestDatabase();
const api = await useTestApi(database, { jobs: 'all' });

const CREATE = 'mutation ($input: CreateScheduleInput!) { createSchedule(input: $input) { scheduleId } }';
const COLUMNS = 'schedule_id, name, owner_id, is_shared, job_kind, arguments, frequency, actor, actor_kind, role';

/** What came of a schedule of an editor's that ran once. */
async function ran(args: object): Promise<{
  readonly editor: string;
  readonly job_id: string;
  readonly status: string;
  readonly error: unknown;
}> {
  const editor = await api.tokenFor('editor');
  const input = { name: `exports ${JSON.stringify(args)}`, jobKind: 'export', cron: '0 3 * * *', arguments: args };
  const made = rootField<{ scheduleId: string }>(await api.ask(CREATE, { input }, editor), 'createSchedule');
  await fetch(`${api.url}/api/v1/schedules/${made.scheduleId}/run`, {
    method: 'POST',
    headers: { authorization: `Bearer ${editor}` },
  });
  for (;;) {
    const { rows } = await database.owner.query(
      `SELECT j.job_id, j.status, j.error, s.schedule_id FROM scheduled_syncs s JOIN jobs j ON j.job_id = s.last_job_id
        WHERE s.schedule_id = $1 AND j.finished_at IS NOT NULL`,
      [made.scheduleId],
    );
    if (rows[0] !== undefined) return { ...rows[0], editor };
    await new Promise((done) => setTimeout(done, 50));
  }
}

test('what an admin shares and an editor may not run keeps an editor’s schedule from nothing else', async () => {
  const share =
    'mutation { saveExport(input: { name: "people", isShared: true, source: "users", format: CSV }) { name } }';
  rootField(await api.ask(share), 'saveExport');
  expect(await ran({})).toMatchObject({ status: 'completed', error: null });
  const { rows } = await database.owner.query('SELECT source FROM exports ORDER BY source');
  expect(rows.map(({ source }) => source)).toEqual(['researches', 'stats_by_department', 'videos']);
  expect(await ran({ exports: ['people'] })).toMatchObject({ status: 'failed', error: { code: 'FORBIDDEN' } });
});

test('what is broken keeps nothing else from being made, and the run says which and why, to its owner alone', async () => {
  await database.owner.query('DELETE FROM exports; DELETE FROM saved_exports');
  for (const name of ['left', 'renamed', 'whole'])
    rootField(
      await api.ask(
        `mutation { saveExport(input: { name: "${name}", isShared: true, source: "videos", format: CSV }) { name } }`,
      ),
      'saveExport',
    );
  await database.owner.query(
    `UPDATE saved_exports
        SET source = CASE name WHEN 'left' THEN 'gone' ELSE source END,
            request = CASE name WHEN 'renamed' THEN '{"where": {"formerName": {"equals": 1}}}' ELSE request END`,
  );
  const failed = await ran({});
  expect(failed).toMatchObject({
    status: 'failed',
    error: {
      code: 'NOT_FOUND',
      message: expect.stringMatching(/^2 of 6 exports cannot be made: left \(.*"gone"\), renamed \(.*formerName.*\)$/),
      hint: expect.stringContaining('The others were asked for'),
    },
  });
  const { rows } = await database.owner.query('SELECT path FROM exports ORDER BY path');
  expect(rows.map(({ path }) => path)).toEqual([
    'researches_latest.json',
    'stats_by_department.json',
    'video_queue.csv',
    'whole.csv',
  ]);
  await database.owner.query("UPDATE saved_exports SET source = 'videos' WHERE name = 'left'");
  await api.ask(`mutation { retryJob(jobId: "${failed.job_id}") { status } }`, {}, failed.editor);
  await jobOnce(database, failed.job_id, 'failed');
  const again = await database.owner.query('SELECT path FROM exports ORDER BY path');
  expect(again.rows.map(({ path }) => path)).toEqual(['left.csv', ...rows.map(({ path }) => path)]);
  await database.owner.query("UPDATE saved_exports SET source = 'gone' WHERE name = 'left'");
  expect(await ran({ exports: ['left', 'whole', 'whole'] })).toMatchObject({
    status: 'failed',
    error: { code: 'NOT_FOUND' },
  });
  expect((await database.owner.query("SELECT FROM exports WHERE path = 'whole.csv'")).rowCount).toBe(2);
  const seen = rootField(await api.ask(`{ job(jobId: "${failed.job_id}") { status } }`), 'job');
  expect(seen).toBeNull();
});

test('what a scheduled export names is its owner’s alone: it is never shared, and of what was, nobody is told any more', async () => {
  const { owner } = database;
  const [scheduleId, lost, kept] = [randomUUID(), randomUUID(), randomUUID()];
  const share = () =>
    owner.query(
      `INSERT INTO scheduled_syncs (${COLUMNS})
       VALUES ($1, 'shared', 'token:${lost}', true, 'export', '{"exports": ["secret"]}', 'manual', 'token:a', 'token', 'editor')`,
      [scheduleId],
    );
  await expect(share()).rejects.toThrow('scheduled_syncs_shared_check');
  await owner.query('ALTER TABLE scheduled_syncs DROP CONSTRAINT scheduled_syncs_shared_check');
  await share();
  await owner.query(
    `INSERT INTO jobs (job_id, kind, arguments, singleton, actor, actor_kind, role, status, finished_at)
     SELECT job_id, 'scheduled-export', '{"exports": ["secret"]}', schedule_id, 'token:a', 'token', 'editor', 'completed', now()
       FROM unnest($1::uuid[], $2::text[]) AS old(job_id, schedule_id)`,
    [
      [kept, lost],
      [scheduleId, lost],
    ],
  );
  await owner.query(
    await readFile(join(MIGRATIONS, '20261122110610_scheduled_exports_private', 'migration.sql'), 'utf8'),
  );
  const { rows } = await owner.query('SELECT private_to FROM jobs WHERE job_id = ANY($1) ORDER BY private_to', [
    [kept, lost],
  ]);
  expect(rows).toEqual([{ private_to: '' }, { private_to: `token:${lost}` }]);
  const told = await api.ask('{ jobs(where: { kind: { equals: "scheduled-export" } }) { nodes { arguments } } }');
  expect(JSON.stringify(told)).not.toContain('secret');
});
