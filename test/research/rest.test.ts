import { beforeAll, expect, test } from 'vitest';
import { useTestApi } from '../support/api.ts';
import { useTestDatabase } from '../support/database.ts';
import { recordQueries } from '../support/queries.ts';
import { insertRows } from '../support/research.ts';
import { at, restOver } from '../support/rest.ts';
import { seedEveryList } from '../support/rest-world.ts';

const database = await useTestDatabase();
const api = await useTestApi(database);
const rest = restOver(api.url);
beforeAll(() => seedEveryList(database.owner, 12));

const keysOf = (rows: unknown, name: string): unknown =>
  Array.isArray(rows) ? rows.map((row: unknown) => at(row, name)) : rows;

test('a transcript is answered in the form that the client likes best, or by its ending', async () => {
  const forms = [
    ['text/plain', 'txt', 'What is said in Video_002-0'],
    [
      'text/vtt',
      'vtt',
      'WEBVTT\n\n00:00:10.000 --> 00:00:20.000\nSentence 1 of Video_002-0\n\n00:00:20.000 --> 00:00:23.000\nSentence 2 of Video_002-0\n',
    ],
    [
      'application/x-subrip',
      'srt',
      '1\n00:00:10,000 --> 00:00:20,000\nSentence 1 of Video_002-0\n\n2\n00:00:20,000 --> 00:00:23,000\nSentence 2 of Video_002-0\n\n',
    ],
  ] as const;
  const path = '/videos/Video_002-0/transcript';
  for (const [type, ending, text] of forms) {
    const byHeader = await rest('GET', path, { headers: { accept: `image/png, ${type}, */*;q=0.1` } });
    const byEnding = await rest('GET', `${path}.${ending}`);
    expect([byHeader.text, byEnding.text]).toEqual([text, text]);
    expect(byHeader.headers.get('content-type')).toMatch(type);
    expect(byHeader.headers.get('vary')).toMatch(/accept/i);
  }
  const json = await rest('GET', path, { headers: { accept: 'application/json' } });
  expect(json.json).toEqual({
    video_id: 'Video_002-0',
    title: 'Video 2 part 0',
    duration: null,
    segments: [1, 2].map((position) => ({
      position,
      start_seconds: position * 10,
      end_seconds: null,
      speaker: null,
      text: `Sentence ${position} of Video_002-0`,
    })),
  });
  expect((await rest('GET', path, { headers: { accept: 'image/png' } })).status).toBe(406);
});

test('what has no transcript, or none with times, is not found, and says what there is instead', async () => {
  await insertRows(database.owner, 'videos', [
    {
      video_id: 'silent',
      source_url: 'u',
      title: 'T',
      status: 'queued',
      created_date: 'now',
      updated_at: 'now',
      metadata: {},
    },
  ]);
  expect((await rest('GET', '/videos/silent/transcript')).status).toBe(404);
  await database.owner.query("UPDATE videos SET transcript_content = 'All of it' WHERE video_id = 'silent'");
  expect((await rest('GET', '/videos/silent/transcript')).text).toBe('All of it');
  const vtt = await rest('GET', '/videos/silent/transcript.vtt');
  expect([vtt.status, at(vtt.json, 'hint')]).toEqual([404, 'Ask for it as text/plain.']);
});

test('the queue is what is not completed: searches by priority, videos by age', async () => {
  await database.owner.query(`UPDATE search_queue SET status = 'completed' WHERE search_id = 'SQ-4';
    UPDATE search_queue SET status = 'cancelled' WHERE search_id = 'SQ-9';
    UPDATE videos SET status = 'completed' WHERE video_id < 'Video_003';
    UPDATE videos SET status = 'failed' WHERE video_id = 'Video_003-0'`);
  const queue = await rest('GET', '/queue?limit=3');
  expect(keysOf(at(queue.json, 'videos.data'), 'video_id')).toEqual(['Video_003-0', 'Video_004-0', 'Video_005-0']);
  expect(keysOf(at(queue.json, 'searches.data'), 'priority')).toEqual([4, 4, 3]);
  expect([at(queue.json, 'searches.total'), at(queue.json, 'videos.total')]).toEqual([10, 11]);
  const own = await rest('GET', '/queue?department=AI');
  expect([at(own.json, 'searches.total'), at(own.json, 'videos.total')]).toEqual([0, 0]);
});

test('what changed last comes first, each row once, and a flood of other rows hides none', async () => {
  await rest('PATCH', '/reports/report-3', { body: { title: 'Three' } });
  await rest('PATCH', '/reports/report-3', { body: { title: 'Third' } });
  await database.owner.query(
    "UPDATE reports SET created_date = now() + interval '1 year' WHERE report_id = 'report-3'",
  );
  await rest('DELETE', '/reports/report-4');
  const recent = await rest('GET', '/recent?limit=3');
  expect(at(recent.json, 'data')).toMatchObject([
    { table: 'reports', key: 'report-4', title: null, operation: 'delete', changed_by: 'token:admin' },
    { table: 'reports', key: 'report-3', title: 'Third', operation: 'update' },
    { key: expect.anything() },
  ]);
  await database.owner.query(`INSERT INTO change_log (table_name, record_id, operation, changed_by, changed_at)
    SELECT 'video_segments', n::text, 'insert', 'x', now() + interval '1 hour' FROM generate_series(1, 20000) n`);
  const flooded = await rest('GET', '/recent?limit=5&table=reports&table=videos');
  expect(keysOf(at(flooded.json, 'data'), 'table')).toHaveLength(5);
});

test('the figures are those of GraphQL, under the values of the tables', async () => {
  const [stats, answer] = await Promise.all([
    rest('GET', '/dashboard/stats'),
    api.ask(
      '{ dashboardStats { videosByStatus { key count } researchesByDepartment { key total active completed } researchesLast7Days } }',
    ),
  ]);
  const lower = (value: unknown): unknown => JSON.parse(JSON.stringify(value).toLowerCase());
  expect(lower(at(stats.json, 'videos_by_status'))).toEqual(lower(at(answer.data, 'dashboardStats.videosByStatus')));
  expect(at(stats.json, 'researches_by_department')).toEqual(at(answer.data, 'dashboardStats.researchesByDepartment'));
  expect(at(stats.json, 'researches_last_7_days')).toBe(at(answer.data, 'dashboardStats.researchesLast7Days'));
});

test('the analytics count per day and department, and tell how imports went', async () => {
  await database.owner.query(`UPDATE researches SET created_date = now() - interval '1 day', status = 'completed' WHERE research_id = 'RSH-VID-002';
    UPDATE videos SET created_date = now() WHERE video_id = 'Video_002-0';
    UPDATE imports SET status = 'failed' WHERE path = 'queue-2.csv'`);
  const { json } = await rest('GET', '/analytics?days=3');
  const today = new Date().toISOString().slice(0, 10);
  const yesterday = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
  expect(at(json, 'days')).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ day: yesterday, department: 'VID', researches: 1, researches_completed: 1, videos: 0 }),
      expect.objectContaining({ day: today, department: 'VID', videos: 1, videos_completed: 1 }),
      expect.objectContaining({ day: today, department: 'LGN', searches: 12 }),
    ]),
  );
  expect(at(json, 'imports')).toMatchObject({ total: 12, imported: 11, failed: 1, success_rate: 11 / 12 });
  expect(at(json, 'rejects')).toEqual({ open: 12, by_dataset: [{ dataset: 'videos', open: 12 }] });
  expect(at(json, 'requests')).toContainEqual(expect.objectContaining({ operation: 'getDashboardStats', api: 'rest' }));
});

test('a search tells what it found and how much of each kind, escaped, in as many statements for 10 hits as for 2', async () => {
  await database.owner.query("UPDATE videos SET title = 'Tide 2 < 3 & pool ' || video_id, transcript_content = NULL");
  const recording = recordQueries(database.read);
  try {
    const two = await rest('GET', '/search?q=tide&limit=2');
    const statements = recording.statements().length;
    recording.clear();
    const ten = await rest('GET', '/search?q=tide&limit=10');
    expect(recording.statements()).toHaveLength(statements);
    expect(at(ten.json, 'data.0')).toMatchObject({
      type: 'videos',
      title: expect.stringMatching(/^Tide 2 < 3/),
      headline: expect.stringMatching(/^<mark>Tide<\/mark> 2 &lt; 3 &amp; pool/),
    });
    expect(at(two.json, 'facets.type')).toEqual([{ value: 'videos', label: 'videos', count: 13 }]);
    expect(at(two.json, 'page')).toMatchObject({ limit: 2, total: 13 });
    const next = await rest('GET', `/search?q=tide&limit=2&cursor=${String(at(two.json, 'page.next_cursor'))}`);
    expect(keysOf(at(next.json, 'data'), 'key')).toEqual(
      (keysOf(at(ten.json, 'data'), 'key') as unknown[]).slice(2, 4),
    );
  } finally {
    recording.stop();
  }
  for (const [query, named] of [
    ['q=a&cursor=x', 'cursor'],
    ['q=a&type=users', 'type'],
    ['limit=1', 'q'],
    ['q=a&from=soon', 'from'],
  ]) {
    const refused = await rest('GET', `/search?${query}`);
    expect([refused.status, JSON.stringify(refused.json)]).toEqual([400, expect.stringContaining(`"${named}`)]);
  }
});
