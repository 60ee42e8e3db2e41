/** Exports as people ask for them: by mutation, over REST, and under a name. */
import { createHash } from 'node:crypto';
import { beforeAll, expect, test } from 'vitest';
import { writeSession } from '../../src/database/session.ts';
import { checkedRequest } from '../../src/exports/request.ts';
import { enqueueExport } from '../../src/exports/start.ts';
import type { Actor } from '../../src/kernel/actor.ts';
import { uuidv7 } from '../../src/kernel/uuid.ts';
import { ADMIN_TOKEN, useTestApi } from '../support/api.ts';
import { useTestDatabase } from '../support/database.ts';

const database = await useTestDatabase();
const api = await useTestApi(database, { jobs: 'all' });

beforeAll(async () => {
  await database.owner.query(
    `INSERT INTO researches (research_id, title, department, status, created_date)
     VALUES ('RSR-001', 'One', 'VID', 'active', '2026-01-01'), ('RSR-002', 'Two', 'AI', 'completed', '2026-01-02')`,
  );
});

const get = (path: string, token = ADMIN_TOKEN, init: RequestInit = {}) =>
  fetch(new URL(path, `${api.url}/api/v1/`), {
    ...init,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...init.headers },
  });

const FIELDS = 'exportId jobId status rows bytes fileHash path error { code } link { url expiresAt }';

async function finished(exportId: unknown): Promise<Record<string, unknown>> {
  for (;;) {
    const { data } = await api.ask(`query ($id: String!) { export(exportId: $id) { ${FIELDS} } }`, { id: exportId });
    const found = data?.['export'] as Record<string, unknown>;
    if (found['status'] !== 'RUNNING') return found;
    await new Promise((done) => setTimeout(done, 20));
  }
}

test('a job writes what startExport asked for, and its link gives it to whoever asked, and to nobody else', async () => {
  const { data, errors } = await api.ask(
    `mutation { startExport(input: { source: "researches", format: JSONL, where: { status: { equals: "ACTIVE" } } }) { ${FIELDS} } }`,
  );
  expect(errors).toEqual([]);
  const started = data?.['startExport'] as Record<string, unknown>;
  expect(started).toMatchObject({ status: 'RUNNING', rows: null, link: null, path: 'researches.export.jsonl' });
  const ended = await finished(started['exportId']);
  expect(ended).toMatchObject({ status: 'COMPLETED', rows: 1, error: null });
  const { url } = ended['link'] as { readonly url: string };
  const response = await get(url);
  const bytes = Buffer.from(await response.arrayBuffer());
  expect(JSON.parse(bytes.toString())).toMatchObject({ research_id: 'RSR-001' });
  expect(ended).toMatchObject({ bytes: bytes.length, fileHash: createHash('sha256').update(bytes).digest('hex') });
  const link = `exports/${String(started['exportId'])}/link`;
  const other = await api.tokenFor('admin');
  expect((await get(url, other)).status).toBe(404);
  for (const stranger of [await api.tokenFor('admin', ['research']), await api.tokenFor('editor')])
    expect((await get(link, stranger)).status).toBe(404);
  const own = await get(link, other);
  expect(own.status).toBe(200);
  expect(await (await get(String(Reflect.get(Object(await own.json()), 'url')), other)).text()).toBe(bytes.toString());
});

test('a link ends no later than its file, and where that is gone there is none', async () => {
  const { data } = await api.ask('mutation { startExport(input: { source: "videos" }) { exportId } }');
  const exportId = String(Reflect.get(Object(data?.['startExport']), 'exportId'));
  await finished(exportId);
  const keep = (minutes: number) =>
    database.owner.query('UPDATE files SET expires_at = now() + make_interval(mins => $1) RETURNING expires_at', [
      minutes,
    ]);
  const { rows } = await keep(10);
  const { link } = await finished(exportId);
  const seconds = (time: unknown): number => Math.floor(new Date(String(time)).getTime() / 1000);
  expect(seconds(Reflect.get(Object(link), 'expiresAt'))).toBe(seconds(rows[0].expires_at));
  await keep(-1);
  expect(await finished(exportId)).toMatchObject({ status: 'COMPLETED', link: null });
  const gone = await get(`exports/${exportId}/link`);
  expect([gone.status, await gone.text()]).toEqual([404, expect.stringContaining('Ask for the export again')]);
});

test('an export that is asked for again under its key is one, over REST too', async () => {
  const start = async (source: string): Promise<unknown> => {
    const init = { method: 'POST', headers: { 'idempotency-key': 'nightly' }, body: JSON.stringify({ source }) };
    const response = await get('exports', ADMIN_TOKEN, init);
    return [response.status, response.headers.get('location'), await response.text()];
  };
  const first = await start('videos');
  expect(first).toEqual([202, expect.stringContaining('/exports/'), expect.stringContaining('"running"')]);
  expect(await start('videos')).toEqual(first);
  expect(await start('researches')).toEqual([409, null, expect.stringContaining('another request')]);
});

test('what a schedule of the command line exported is fetched by an admin; what is private, by its owner', async () => {
  const machine: Actor = { kind: 'command', label: 'command:root', role: 'admin' };
  const exportAs = (actor: Actor, source: string) =>
    writeSession(database.write, actor, ({ query }) =>
      enqueueExport(query, { actor }, uuidv7(), checkedRequest(source, 'csv', {}), source),
    );
  const reviewer = await api.tokenFor('admin');
  const [plain, secret] = [await exportAs(machine, 'videos'), await exportAs(machine, 'documents')];
  for (const each of [plain, secret]) expect(await finished(each)).toMatchObject({ status: 'COMPLETED' });
  expect((await get(`exports/${plain}/link`, reviewer)).status).toBe(200);
  expect((await get(`exports/${secret}/link`, reviewer)).status).toBe(404);
  // The settings' token and the command line are one owner.
  expect((await get(`exports/${secret}/link`)).status).toBe(200);
});

test('what cannot be exported is refused when it is asked for, not by a job that fails', async () => {
  const start = async (input: string, token?: string) => {
    const { errors } = await api.ask(`mutation { startExport(input: ${input}) { exportId } }`, {}, token);
    return errors[0]?.extensions['code'];
  };
  expect(await start('{ source: "nothing" }')).toBe('NOT_FOUND');
  expect(await start('{ source: "videos", saved: "video_queue" }')).toBe('BAD_USER_INPUT');
  expect(await start('{ source: "videos", where: { statuss: {} } }')).toBe('BAD_USER_INPUT');
  expect(await start('{ source: "videos", fields: ["nope"] }')).toBe('BAD_USER_INPUT');
  expect(await start('{ source: "research_videos", where: {} }')).toBe('BAD_USER_INPUT');
  expect(await start('{ source: "stats_by_department", orderBy: [] }')).toBe('BAD_USER_INPUT');
  expect(await start('{ source: "videos" }', await api.tokenFor('viewer', ['library']))).toBe('FORBIDDEN');
  expect(await start('{ source: "tokens" }', await api.tokenFor('viewer'))).toBe('FORBIDDEN');
});

test('others’ exports are not told of, but to an administrator', async () => {
  const mine = await api.tokenFor('viewer');
  const { data } = await api.ask(
    'mutation { startExport(input: { saved: "video_queue" }) { exportId path } }',
    {},
    mine,
  );
  const { exportId, path } = { ...(data?.['startExport'] as { readonly exportId: string; readonly path: string }) };
  expect(path).toBe('video_queue.csv');
  await finished(exportId);
  const seen = async (token: string) => (await get(`exports/${exportId}`, token)).status;
  expect([await seen(mine), await seen(await api.tokenFor('viewer')), await seen(ADMIN_TOKEN)]).toEqual([
    200, 404, 200,
  ]);
});

test.each(['documents', 'jobs', 'exports'])(
  'an export of %s, which may be of what is private, is seen by whoever asked for it alone, and so is its job',
  async (source) => {
    const anna = await api.tokenFor('viewer');
    const { data } = await api.ask(
      `mutation { startExport(input: { source: "${source}", format: CSV }) { exportId jobId } }`,
      {},
      anna,
    );
    const { exportId, jobId } = (data?.['startExport'] ?? {}) as Record<string, string>;
    const lines = [`exports/${exportId}`, `jobs/${jobId}`];
    for (const line of lines) {
      expect((await get(line, anna)).status).toBe(200);
      expect((await get(line)).status).toBe(404);
    }
    expect((await get(`exports/${exportId}/link`)).status).toBe(404);
    const log = 'SELECT FROM file_sync_log WHERE file_path LIKE $1';
    expect((await database.read.query(log, [`${source}%`])).rowCount).toBe(0);
  },
);

test('an export whose job is cancelled before it began says so', async () => {
  await database.owner.query(
    `INSERT INTO jobs (job_id, kind, actor, actor_kind, role, not_before)
     VALUES ('01890000-0000-7000-8000-000000000001', 'export', 'token:x', 'token', 'viewer', now() + interval '1 hour')`,
  );
  await database.owner.query(
    `INSERT INTO exports (export_id, source, format, path, job_id, actor)
     VALUES ('01890000-0000-7000-8000-000000000002', 'videos', 'csv', 'videos.csv', '01890000-0000-7000-8000-000000000001', 'token:x')`,
  );
  await api.ask('mutation { cancelJob(jobId: "01890000-0000-7000-8000-000000000001") { status } }');
  expect(await finished('01890000-0000-7000-8000-000000000002')).toMatchObject({ status: 'CANCELLED' });
});

test('a download takes the filters of its list and is named as a file', async () => {
  const response = await get(
    'exports/researches.csv?department=AI&created_date.gte=2026-01-01&fields=research_id,status',
  );
  expect(response.headers.get('content-type')).toContain('text/csv');
  expect(response.headers.get('content-disposition')).toContain('researches.export.csv');
  expect(await response.text()).toBe('research_id,status\nRSR-002,completed\n');
  const sorted = await get('exports/researches.jsonl?sort=-created_date&first=1&fields=research_id');
  expect(await sorted.json()).toEqual({ research_id: 'RSR-002' });
  const workbook = await get('exports/researches.xlsx');
  expect(
    Buffer.from(await workbook.arrayBuffer())
      .subarray(0, 2)
      .toString(),
  ).toBe('PK');
});

test.each([
  ['exports/nothing.csv', 404],
  ['exports/researches.exe', 400],
  ['exports/researches.csv?colour=red', 400],
  ['exports/researches.csv?status=nonsense', 400],
  ['exports/researches.csv?where=%7B', 400],
  ['exports/researches.csv?where={"status":{"equals":"ACTIVE"},"status":{"equals":"PLANNING"}}', 400],
  ['exports/researches.csv?metadata.contains={"a":1,"\\u0061":2}', 400],
  ['exports/researches.csv?first=0', 400],
  ['exports/stats_by_department.json?status=active', 400],
  ['exports/researches%2F..%2F..%2Fetc.csv', 404],
])('%s is refused with %i and a problem', async (path, status) => {
  const response = await get(path);
  expect(response.status).toBe(status);
  expect(response.headers.get('content-type')).toContain('application/problem+json');
});

test('the dashboards’ exports have their names from the start', async () => {
  const latest = (await (await get('exports/researches_latest.json')).json()) as { readonly research_id: string }[];
  expect(latest.map(({ research_id }) => research_id)).toEqual(['RSR-002', 'RSR-001']);
  const sorted = await (await get('exports/researches_latest.csv?sort=research_id&fields=research_id')).text();
  expect(sorted).toBe('research_id\nRSR-001\nRSR-002\n');
  const stats = (await (await get('exports/stats_by_department.json')).json()) as object[];
  expect(stats).toHaveLength(8);
  expect(stats).toContainEqual({ department: 'VID', total: 1, active: 1, completed: 0 });
  expect((await get('exports/video_queue.csv')).headers.get('content-disposition')).toContain('video_queue.csv');
  await (await get('exports/video_queue.csv?title=x&sort=-title')).text();
  const { rows } = await database.owner.query('SELECT request FROM exports ORDER BY started_at DESC, id DESC LIMIT 1');
  expect(rows[0].request).toEqual({
    where: { and: [{ status: { notEquals: 'COMPLETED' } }, { title: { equals: 'x' } }] },
    orderBy: [{ title: 'DESC' }],
  });
});

const save = (token: string, where: object, isShared?: boolean) =>
  get('saved-exports/active', token, {
    method: 'PUT',
    body: JSON.stringify({ source: 'researches', format: 'csv', where, fields: ['research_id'], is_shared: isShared }),
  });

test('a saved export is whose it is alone, and may have the name of another’s', async () => {
  const [mine, other, admin] = [
    await api.tokenFor('editor'),
    await api.tokenFor('editor'),
    await api.tokenFor('admin'),
  ];
  expect((await save(mine, { title: { equals: 'Secret plan' } })).status).toBe(200);
  for (const token of [other, admin]) {
    expect((await get('saved-exports/active', token)).status).toBe(404);
    expect(await (await get('saved-exports', token)).text()).not.toContain('Secret plan');
    const { data } = await api.ask('{ savedExports { name request } }', {}, token);
    expect(JSON.stringify(data)).not.toContain('Secret plan');
    expect((await get('exports/active.csv', token)).status).toBe(404);
    expect((await get('saved-exports/active', token, { method: 'DELETE' })).status).toBe(404);
  }
  expect((await save(other, { status: { equals: 'ACTIVE' } })).status).toBe(200);
  expect(await (await get('exports/active.csv', mine)).text()).toBe('research_id\n');
  expect(await (await get('exports/active.csv', other)).text()).toBe('research_id\nRSR-001\n');
  // Shared, it is everybody's but theirs who have one of that name.
  expect(await (await save(other, {}, true)).json()).toMatchObject({ is_shared: true });
  expect(await (await get('saved-exports/active', admin)).json()).toMatchObject({
    is_shared: true,
    request: { where: {} },
  });
  expect(await (await get('saved-exports/active', mine)).json()).toMatchObject({ is_shared: false });
  for (const token of [mine, other])
    expect((await get('saved-exports/active', token, { method: 'DELETE' })).status).toBe(204);
});

test('a user shares an export under a name; another user does not take it away', async () => {
  const [mine, other] = [await api.tokenFor('editor'), await api.tokenFor('editor')];
  expect((await save(mine, { status: { equals: 'ACTIVE' } }, true)).status).toBe(200);
  expect(await (await get('exports/active.csv', other)).text()).toBe('research_id\nRSR-001\n');
  expect((await save(other, {}, true)).status).toBe(403);
  expect((await get('saved-exports/active', other, { method: 'DELETE' })).status).toBe(403);
  const elsewhere = await api.tokenFor('admin', ['access']);
  expect((await get('saved-exports/active', elsewhere, { method: 'DELETE' })).status).toBe(403);
  expect((await save(mine, { nonsense: {} })).status).toBe(400);
  expect((await get('saved-exports/active', mine, { method: 'DELETE' })).status).toBe(204);
  expect((await get('exports/active.csv')).status).toBe(404);
  const { data } = await api.ask('{ savedExports { name owner } }');
  expect(data?.['savedExports']).toContainEqual({ name: 'video_queue', owner: null });
});
