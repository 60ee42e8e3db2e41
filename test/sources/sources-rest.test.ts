/** Sources and schedules over REST, also at the addresses of the system before. */
import { beforeEach, expect, test } from 'vitest';
import { useTestApi } from '../support/api.ts';
import { useTestDatabase } from '../support/database.ts';
import { clearSources } from '../support/sources.ts';

const database = await useTestDatabase();
const api = await useTestApi(database);
beforeEach(() => clearSources(database.owner));

const editor = await api.tokenFor('editor');
const other = await api.tokenFor('editor');

const rest = async (method: string, path: string, body?: object, token = editor) => {
  const response = await fetch(`${api.url}${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, ...(body && { 'content-type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return {
    status: response.status,
    json: text === '' ? null : JSON.parse(text),
    location: response.headers.get('location'),
  };
};

/** A source of the test's own folder; its id. */
async function create(name: string): Promise<string> {
  const made = await rest('POST', '/api/v1/data-sources', { name, source_type: 'folder', config: { path: api.root } });
  expect(made.status).toBe(201);
  return made.json.source_id;
}

test('the addresses of the replaced system answer with the columns of its tables', async () => {
  await create('Research');
  const input = { name: 'Second', source_type: 'folder', config: { path: api.root }, sync_frequency: 'hourly' };
  const made = await rest('POST', '/api/data-sources', input);
  expect(made).toMatchObject({
    status: 201,
    json: {
      name: 'Second',
      connection_status: 'connected',
      sync_frequency: 'hourly',
      is_active: true,
      total_items_synced: 0,
    },
  });
  const id = made.json.source_id;
  expect(made.location).toBe(`/api/data-sources/${id}`);
  expect((await rest('GET', '/api/data-sources?limit=1')).json).toMatchObject({
    data: [{ name: 'Second' }],
    page: { limit: 1 },
  });
  expect((await rest('GET', `/api/data-sources?id=${id}`)).json).toMatchObject({ source_id: id });
  expect((await rest('GET', `/api/data-sources/${id}`)).json).toMatchObject({ source_id: id });
  expect((await rest('GET', `/api/data-sources?id=${id}`, undefined, other)).status).toBe(404);
  expect((await rest('GET', '/api/data-sources?id=x')).status).toBe(400);
  expect((await rest('PUT', `/api/data-sources?id=${id}`, { is_active: false })).json).toMatchObject({
    is_active: false,
    name: 'Second',
  });
  expect((await rest('PUT', `/api/data-sources/${id}`, { name: 'Two', sync_frequency: null })).json).toMatchObject({
    name: 'Two',
    sync_frequency: null,
  });
  const sync = await rest('POST', '/api/data-sources/sync', { source_id: id, job_type: 'incremental' });
  expect(sync).toMatchObject({
    status: 202,
    json: { source_id: id, job_type: 'incremental', status: 'queued', items_found: 0 },
  });
  const job = sync.json.sync_job_id;
  expect((await rest('GET', `/api/data-sources/sync?id=${job}`)).json).toMatchObject({ sync_job_id: job });
  expect((await rest('GET', `/api/data-sources/sync?source_id=${id}`)).json).toMatchObject({
    data: [{ sync_job_id: job }],
  });
  expect((await rest('DELETE', `/api/data-sources/sync?id=${job}`)).json).toMatchObject({ status: 'cancelled' });
  expect((await rest('DELETE', `/api/data-sources?id=${id}`)).json).toMatchObject({
    name: 'Two',
    items: 0,
    rows_kept: 0,
  });
  expect((await rest('DELETE', `/api/data-sources/${id}`)).status).toBe(404);
});

test('schedules are made, run at once, changed and deleted over REST; what came of them stays', async () => {
  const sourceId = await create('Research');
  const made = await rest('POST', '/api/v1/schedules', {
    name: 'nightly',
    job_kind: 'sync',
    source_id: sourceId,
    cron: '0 2 * * *',
    time_zone: 'Europe/Vienna',
  });
  expect(made).toMatchObject({
    status: 201,
    json: { frequency: 'cron', next_run_at: expect.any(String), arguments: { type: 'incremental' } },
  });
  const at = `/api/v1/schedules/${made.json.schedule_id}`;
  expect((await rest('POST', `${at}/run`)).json).toMatchObject({
    last_job_id: expect.any(String),
    next_run_at: made.json.next_run_at,
  });
  expect((await rest('PATCH', at, { is_active: false })).json).toMatchObject({ next_run_at: null });
  expect((await rest('DELETE', at, undefined, other)).status).toBe(404);
  expect((await rest('DELETE', at)).status).toBe(204);
  expect((await rest('GET', '/api/v1/schedule-runs')).json.data).toMatchObject([
    { schedule_name: 'nightly', status: 'queued', due_at: null },
  ]);
  expect((await rest('POST', '/api/v1/schedules', { name: 'tidy', job_kind: 'clean-up' })).status).toBe(403);
});
