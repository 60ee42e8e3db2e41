import { beforeAll, expect, test } from 'vitest';
import { loadRestRoutes } from '../../src/server/rest-routes.ts';
import { useTestApi } from '../support/api.ts';
import { useTestDatabase } from '../support/database.ts';
import { at, restOver } from '../support/rest.ts';
import { IMPORT_ID, seedEveryList } from '../support/rest-world.ts';

const database = await useTestDatabase();
const api = await useTestApi(database);
const rest = restOver(api.url);
beforeAll(() => seedEveryList(database.owner, 3));

const research = await api.tokenFor('viewer', ['research']);
const elsewhere = await api.tokenFor('viewer', ['market']);

test('what lies in another scope is refused, or not there, as in GraphQL; its own viewers see it', async () => {
  const reads = (await loadRestRoutes()).filter(({ method, needs }) => method === 'GET' && needs?.scope === 'research');
  expect(reads.length).toBeGreaterThan(20);
  for (const { path, query } of reads) {
    const address = `${path
      .replace(':department', 'VID')
      .replace(':status', 'queued')
      .replace(':channel_id', 'YT-1')
      .replace(':research_id', 'RSH-VID-001')
      .replace(':video_id', 'Video_001-0')
      .replace(/:\w+/, 'none')}${query?.properties['limit'] === undefined ? '' : '?limit=1'}`;
    const [own, other] = await Promise.all([
      rest('GET', address, { token: research }),
      rest('GET', address, { token: elsewhere }),
    ]);
    expect([address, other.status, at(other.json, 'code')]).toEqual([address, 403, 'FORBIDDEN']);
    expect([200, 404]).toContain(own.status);
  }
});

test('imports, their rejects and raw texts are seen by the scope of their dataset alone', async () => {
  const paths = ['/imports', '/rejects', `/imports/${IMPORT_ID}/rejects`];
  for (const path of paths) {
    const [own, other] = await Promise.all([
      rest('GET', `${path}?include_total=true`, { token: research }),
      rest('GET', `${path}?include_total=true`, { token: elsewhere }),
    ]);
    expect([path, own.status, at(own.json, 'page.total')]).toEqual([path, 200, 3]);
    // Of an import that is another's nobody is told whether it is there.
    expect([path, other.status, at(other.json, 'page.total')]).toEqual(
      path.includes(IMPORT_ID) ? [path, 404, undefined] : [path, 200, 0],
    );
  }
  const [reject] = at((await rest('GET', '/rejects?limit=1')).json, 'data') as { id: number }[];
  for (const path of [`/rejects/${reject?.id}`, `/rejects/${reject?.id}/raw`, `/imports/${IMPORT_ID}`]) {
    const [own, other] = await Promise.all([
      rest('GET', path, { token: research }),
      rest('GET', path, { token: elsewhere }),
    ]);
    expect([path, own.status, other.status]).toEqual([path, 200, 404]);
  }
  expect((await rest('GET', `/rejects/${reject?.id}/raw?max_length=6`, { token: research })).text).toMatch(/^line \d$/);
});

test('the search finds nothing of another scope, and the figures of the hub leave its tables out', async () => {
  const [own, other] = await Promise.all([
    rest('GET', '/search?q=research', { token: research }),
    rest('GET', '/search?q=research', { token: elsewhere }),
  ]);
  expect([at(own.json, 'page.total'), at(other.json, 'page.total')]).toEqual([3, 0]);
  const figures = await rest('GET', '/analytics', { token: research });
  const tables = JSON.stringify(at(figures.json, 'storage.tables'));
  expect(tables).toContain('"videos"');
  expect(tables).not.toMatch(/"(users|tokens|sessions)"/);
});
