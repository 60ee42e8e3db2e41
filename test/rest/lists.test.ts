import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadRestRoutes } from '../../src/server/rest-routes.ts';
import { useTestApi } from '../support/api.ts';
import { useTestDatabase } from '../support/database.ts';
import { recordQueries } from '../support/queries.ts';
import { at, type RestAnswer, restOver } from '../support/rest.ts';
import { IMPORT_ID, seedEveryList } from '../support/rest-world.ts';

const ROWS = 31;

const database = await useTestDatabase();
const api = await useTestApi(database);
const rest = restOver(api.url);
const recording = recordQueries(database.read, database.write);
afterAll(recording.stop);
beforeAll(() => seedEveryList(database.owner, ROWS));

const PLACES: Readonly<Record<string, string>> = {
  research_id: 'RSH-VID-001',
  video_id: 'Video_001-0',
  channel_id: 'YT-1',
  import_id: IMPORT_ID,
  department: 'VID',
  status: 'queued',
};

/** Whose rows are in the tests' world; lists of jobs and the like have tests of their own. */
const SEEDED =
  /^\/(researches|videos|channels|influencers|employees|search-queue|reports|analysis-results|imports|rejects)\b/;
const lists = (await loadRestRoutes()).filter(
  ({ path, query }) => SEEDED.test(path) && query?.properties['include_total'] !== undefined,
);
const pathOf = (path: string): string => path.replace(/:(\w+)/g, (_, name: string) => PLACES[name] ?? name);
const rowsOf = (answer: RestAnswer): unknown[] => {
  const rows = at(answer.json, 'data');
  if (!Array.isArray(rows)) throw new Error(answer.text);
  return rows;
};

/** The addresses that a Link header gives, below the API's root. */
function linksOf({ headers }: RestAnswer): Record<string, string> {
  const found = [...(headers.get('link') ?? '').matchAll(/<\/api\/v1([^>]*)>; rel="(\w+)"/g)];
  return Object.fromEntries(found.map(([, address = '', rel = '']) => [rel, address]));
}

test('there are lists of every type that people work with', () => {
  expect(lists.map(({ path }) => path)).toEqual(
    expect.arrayContaining([
      '/researches',
      '/researches/department/:department',
      '/researches/:research_id/videos',
      '/videos',
      '/videos/status/:status',
      '/videos/channel/:channel_id',
      '/videos/:video_id/analysis',
      '/channels',
      '/influencers',
      '/employees',
      '/search-queue',
      '/reports',
      '/analysis-results',
      '/imports',
      '/imports/:import_id/rejects',
      '/rejects',
    ]),
  );
});

test.each(lists.map(({ path }) => path))(
  '%s asks as often for 30 rows as for 3, with the whole count',
  async (path) => {
    const ask = async (limit: number): Promise<number> => {
      recording.clear();
      const answer = await rest('GET', `${pathOf(path)}?limit=${limit}&include_total=true`);
      expect([answer.status, rowsOf(answer).length]).toEqual([200, limit]);
      expect(at(answer.json, 'page.total')).toBeGreaterThanOrEqual(ROWS);
      return recording.statements().length;
    };
    await ask(3);
    expect(await ask(30)).toBe(await ask(3));
  },
);

test.each([
  '/videos?limit=7&sort=title',
  '/reports?limit=9&sort=-created_date,title&fields=title',
  '/search-queue?limit=4&sort=priority',
  '/researches/RSH-VID-001/videos?limit=8',
  '/influencers?limit=10&sort=-engagement_rate',
])('the links of %s lead through the whole list once, and back', async (start) => {
  const whole = rowsOf(await rest('GET', start.replace(/limit=\d+/, 'limit=100')));
  const seen: unknown[] = [];
  const pages: RestAnswer[] = [];
  for (let next: string | undefined = start; next !== undefined; ) {
    const page = await rest('GET', next);
    pages.push(page);
    seen.push(...rowsOf(page));
    next = linksOf(page)['next'];
  }
  expect(seen).toEqual(whole);
  for (let place = pages.length - 1; place > 0; place -= 1) {
    const [before, page] = pages.slice(place - 1, place + 1);
    const back = await rest('GET', page === undefined ? '/none' : (linksOf(page)['prev'] ?? '/none'));
    expect(rowsOf(back)).toEqual(before && rowsOf(before));
  }
  expect(pages.slice(0, 1).map((page) => linksOf(page)['prev'])).toEqual([undefined]);
});

test('pages by offset say where they stand and lead on by offset, and to the last page where the total is asked', async () => {
  const page = await rest('GET', '/employees?limit=10&offset=10&include_total=true&sort=employee_id');
  const all = rowsOf(await rest('GET', '/employees?limit=100&sort=employee_id'));
  expect(rowsOf(page)).toEqual(all.slice(10, 20));
  expect(at(page.json, 'page')).toMatchObject({ limit: 10, offset: 10, total: ROWS });
  const links = linksOf(page);
  expect(rowsOf(await rest('GET', links['next'] ?? ''))).toEqual(all.slice(20, 30));
  expect(rowsOf(await rest('GET', links['prev'] ?? ''))).toEqual(all.slice(0, 10));
  expect(rowsOf(await rest('GET', links['last'] ?? ''))).toEqual(all.slice(30));
  const byCursor = await rest('GET', `/employees?limit=10&sort=employee_id&cursor=~`);
  expect(rowsOf(byCursor)).toEqual(all.slice(-10));
});

test.each([
  ['/videos?limit=0', 'limit'],
  ['/videos?limit=-1', 'limit'],
  ['/videos?limit=1e9', 'limit'],
  ['/videos?limit=101', 'limit'],
  ['/videos?offset=10001', 'offset'],
  ['/videos?offset=1&cursor=abc', 'offset'],
  ['/videos?cursor=abc', 'cursor'],
  ['/videos?sort=secret', 'sort'],
  ['/videos?sort=title,-title', 'sort'],
  ['/videos?sort=metadata', 'sort'],
  ['/videos?fields=title,secret', 'fields'],
  ['/videos?transcript_content.contains=x', 'transcript_content.contains'],
  ['/videos?status=done', 'status'],
  ['/videos?status.contains=do', 'status.contains'],
  ['/videos?phase=one', 'phase'],
  ['/videos?created_date.gte=2025-02-30', 'created_date.gte'],
  ['/videos?title=%00', 'title'],
  ['/videos?metadata.contains={', 'metadata.contains'],
  ['/imports?import_id=1', 'import_id'],
  ['/imports/not-a-uuid', 'import_id'],
  ['/rejects/abc', 'id'],
  ['/researches/department/vid', 'department'],
])('%s is refused by name', async (path, named) => {
  const answer = await rest('GET', path);
  expect([answer.status, at(answer.json, 'code')]).toEqual([400, 'BAD_USER_INPUT']);
  expect(JSON.stringify([at(answer.json, 'path'), at(answer.json, 'faults')])).toContain(named);
});

test.each([
  '/researches/none',
  '/researches/none/videos',
  '/videos/RSH-VID-001',
  `/imports/${IMPORT_ID.replace('0', '1')}`,
  '/rejects/999999',
])('%s names nothing that there is', async (path) => {
  const answer = await rest('GET', path);
  expect([answer.status, at(answer.json, 'code')]).toEqual([404, 'NOT_FOUND']);
});
