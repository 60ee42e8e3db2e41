/** Routes are found by folder, strictly. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Type from 'typebox';
import { expect, test } from 'vitest';
import example from '../../../src/rest/_example.rest.ts';
import { createRestDocs } from '../../../src/server/rest-docs/docs.ts';
import { openapiDocument, withDocument } from '../../../src/server/rest-docs/document.ts';
import { loadRestRoutes } from '../../../src/server/rest-routes.ts';

const routes = withDocument(await loadRestRoutes(), '1.2.3');

async function load(files: Readonly<Record<string, string>>): Promise<unknown> {
  const folder = await mkdtemp(join(tmpdir(), 'cairn-routes-'));
  try {
    for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
    return await loadRestRoutes(folder).then(
      (found) => found.map(({ operationId }) => operationId),
      (thrown: unknown) => String(thrown),
    );
  } finally {
    await rm(folder, { recursive: true });
  }
}

const file = (operationId: string, path: string): string =>
  `export default { operationId: '${operationId}', method: 'GET', path: '${path}', check: () => {} };`;

test('a file that declares no route, an operation and an address used twice stop the start with their files', async () => {
  expect(await load({ 'a.rest.ts': file('a', '/a/:x'), 'b.rest.ts': file('b', '/a/b') })).toEqual(['a', 'b']);
  expect(await load({ 'a.rest.ts': 'export const route = 1;' })).toMatch(/a\.rest\.ts must export a route/);
  expect(await load({ 'a.rest.ts': 'export default [];' })).toMatch(/a\.rest\.ts must export a route/);
  expect(await load({ 'a.rest.ts': file('a', '/a'), 'b.rest.ts': file('a', '/b') })).toMatch(
    /"a" is declared in .*a\.rest\.ts and in .*b\.rest\.ts/,
  );
  expect(await load({ 'a.rest.ts': file('a', '/a/:x'), 'b.rest.ts': file('b', '/a/:y') })).toMatch(
    /"GET \/api\/v1\/a\/:" is declared/,
  );
  expect(await load({ '_example.rest.ts': 'export default 1;' })).toEqual([]);
});

test('the example is a route, and is not served', () => {
  expect(routes.map(({ operationId }) => operationId)).not.toContain(example.operationId);
  const document = openapiDocument([example], '1.2.3');
  expect(document['paths']).toHaveProperty(['/api/v1/cairns/{place}', 'get', 'operationId'], 'getCairn');
  expect(document['components']).toHaveProperty('schemas.ExampleCairn.properties.height.type', 'integer');
  expect(JSON.stringify(document)).not.toContain('$id');
});

test('two schemas of one name are refused, since a client would take one for the other', () => {
  const other = {
    ...example,
    answers: { 200: { description: 'x', content: { 'application/json': { $id: 'ExampleCairn', type: 'string' } } } },
  };
  expect(() => openapiDocument([example, other], '1.2.3')).toThrow('Two schemas are called ExampleCairn');
});

test('what several operations take alike is described once, under a name that others than it do not have', () => {
  const document = openapiDocument(routes, '1.2.3');
  const queued = { $ref: '#/components/parameters/Video.status' };
  for (const path of ['/videos', '/researches/{research_id}/videos', '/videos/channel/{channel_id}']) {
    expect(document['paths']).toHaveProperty([`/api/v1${path}`, 'get', 'parameters'], expect.arrayContaining([queued]));
  }
  expect(document['components']).toHaveProperty(['parameters', 'Video.status', 'name'], 'status');
  // Of an operation's own it stands in its place.
  const alone = openapiDocument([example], '1.2.3');
  expect(alone['components']).toHaveProperty('parameters', {});
  const called = (operationId: string, description: string) => ({
    ...example,
    operationId,
    query: Type.Object({ word: Type.String({ $id: 'word', description }) }),
  });
  expect(() => openapiDocument([called('a', 'One.'), called('b', 'Other.')], '1.2.3')).toThrow(
    'Two parameters are called word',
  );
});

test('every operation has a page with its form, and every link among the pages leads somewhere', () => {
  const docs = createRestDocs(routes);
  const at = (path: string): string => String(docs.answer(new URL(path, 'http://localhost'), undefined)?.body ?? '');
  const paths = ['/api/v1/docs', ...routes.map(({ operationId }) => `/api/v1/docs/${operationId}`)];
  const pages = new Map(paths.map((path) => [path, at(path)]));
  expect(paths.filter((path) => path !== '/api/v1/docs' && !pages.get(path)?.includes('<form class="try"'))).toEqual(
    [],
  );
  const known = new Set(['/docs', '/docs/style.css', '/graphql', '/api/v1/openapi.json']);
  const broken = new Set<string>();
  for (const [path, page] of pages) {
    for (const [, href = ''] of page.matchAll(/href="([^"]+)"/g)) {
      if (href === 'data:,' || known.has(href)) continue;
      const { pathname, hash } = new URL(href, `http://localhost${path}`);
      const target = pages.get(pathname);
      if (target === undefined || (hash !== '' && !target.includes(`id="${hash.slice(1)}"`)))
        broken.add(`${path}: ${href}`);
    }
  }
  expect([...broken]).toEqual([]);
});

test('a page that the browser has is not sent again, and runs no script but ours', () => {
  const docs = createRestDocs(routes);
  const url = new URL('http://localhost/api/v1/docs/getMe');
  const first = docs.answer(url, undefined);
  const policy = String(first?.headers?.['content-security-policy']);
  expect(policy).toContain("script-src 'self'");
  expect(policy).not.toContain('unsafe');
  expect(docs.answer(url, String(first?.headers?.['etag']))).toMatchObject({ status: 304, body: '' });
});
