/** Imports that nobody waits for, of one path: what was sent last is what stands. */
import { expect, test } from 'vitest';
import { jobsOfPathAreIn } from '../../src/ingest/sent-before.ts';
import { TESTER, useTestDatabase } from '../support/database.ts';
import { useImportJobs } from '../support/import-jobs.ts';
import { jobOnce } from '../support/jobs.ts';

const database = await useTestDatabase();
const { worker, send: post } = await useImportJobs(database);
const send = async (records: readonly object[], wait = false): Promise<string> =>
  String((await post(records, `wait=${wait}`)).body['job_id']);

const named = (name: string, count: number) =>
  Array.from({ length: count }, (_, index) => ({ employee_id: `E-${index}`, name }));

test('a large body and a small one that corrects it, sent right after it, are taken in in this order', async () => {
  const jobIds = [await send(named('Before', 20_000)), await send(named('After', 1))];
  const running = worker();
  const ended = [];
  for (const jobId of jobIds) ended.push((await jobOnce(database, jobId)).status);
  await running.stop(1_000);
  expect(ended).toEqual(['completed', 'completed']);
  const { rows } = await database.owner.query(
    "SELECT name, count(*)::int FROM employees WHERE employee_id IN ('E-0', 'E-1') GROUP BY name ORDER BY name",
  );
  expect(rows).toEqual([
    { name: 'After', count: 1 },
    { name: 'Before', count: 1 },
  ]);
});

test('one that waits for its answer goes in after what its sender sent before, which has not begun yet', async () => {
  const jobId = await send(named('Older', 2_000));
  const corrected = send(named('Newer', 1), true);
  const running = worker();
  await corrected;
  expect((await jobOnce(database, jobId)).status).toBe('completed');
  await running.stop(1_000);
  const { rows } = await database.owner.query(
    "SELECT name FROM employees WHERE employee_id IN ('E-0', 'E-1') ORDER BY 1",
  );
  expect(rows.map(({ name }) => name)).toEqual(['Newer', 'Older']);
});

test('where nobody works, whoever waits is told which job comes first; a dry run waits for none', async () => {
  const jobId = await send(named('Waiting', 1));
  const path = 'records/employees.jsonl';
  const { rows } = await database.owner.query(
    "SELECT actor, arguments ->> 'path' AS path FROM jobs WHERE job_id = $1",
    [jobId],
  );
  expect(rows).toMatchObject([{ path }]);
  const context = { database, actor: { ...TESTER, label: rows[0].actor } };
  await expect(jobsOfPathAreIn(context, path, 0)).rejects.toMatchObject({
    code: 'CONFLICT',
    message: expect.stringContaining(jobId),
    hint: expect.stringContaining('Send it again'),
  });
  await database.owner.query("UPDATE jobs SET not_before = now() - interval '1 hour' WHERE job_id = $1", [jobId]);
  await database.owner.query("UPDATE jobs SET finished_at = now() - interval '1 hour' WHERE status = 'completed'");
  await database.owner.query("UPDATE jobs SET started_at = now() - interval '1 hour' WHERE started_at IS NOT NULL");
  await expect(jobsOfPathAreIn(context, path, 0)).rejects.toMatchObject({
    message: expect.stringContaining('no process of this hub runs jobs'),
    hint: expect.stringContaining('--role worker'),
  });
  await jobsOfPathAreIn({ ...context, actor: TESTER }, path, 0);
  const tried = await post(named('Tried', 1), 'dry_run=true');
  expect(tried.status).toBe(200);
});
