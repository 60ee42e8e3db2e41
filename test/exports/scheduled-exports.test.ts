/** Exports that a schedule asks for, of whoever made the schedule. */
import { expect, test } from 'vitest';
import { rootField, useTestApi } from '../support/api.ts';
import { useTestDatabase } from '../support/database.ts';

const database = await useTestDatabase();
const api = await useTestApi(database, { jobs: 'all' });

const CREATE = 'mutation ($input: CreateScheduleInput!) { createSchedule(input: $input) { scheduleId } }';

/** What came of a schedule of an editor's that ran once. */
async function ran(args: object): Promise<{ readonly status: string; readonly error: unknown }> {
  const editor = await api.tokenFor('editor');
  const input = { name: `exports ${JSON.stringify(args)}`, jobKind: 'export', cron: '0 3 * * *', arguments: args };
  const made = rootField<{ scheduleId: string }>(await api.ask(CREATE, { input }, editor), 'createSchedule');
  await fetch(`${api.url}/api/v1/schedules/${made.scheduleId}/run`, {
    method: 'POST',
    headers: { authorization: `Bearer ${editor}` },
  });
  for (;;) {
    const { rows } = await database.owner.query(
      `SELECT j.status, j.error, s.schedule_id FROM scheduled_syncs s JOIN jobs j ON j.job_id = s.last_job_id
        WHERE s.schedule_id = $1 AND j.finished_at IS NOT NULL`,
      [made.scheduleId],
    );
    if (rows[0] !== undefined) return rows[0];
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
