import { buildSchema, isEnumType, isUnionType } from 'graphql';
import { expect, test } from 'vitest';
import { createDocs } from '../../../src/server/docs/docs.ts';
import { loadSchema } from '../../../src/server/schema.ts';
import { STARTER_QUERIES } from '../../../src/server/starter-queries.ts';
import { useTestDatabase } from '../../support/database.ts';
import { ADMIN_TOKEN, signIn, useTestServer } from '../../support/http.ts';

const schema = await loadSchema();
const docs = createDocs(schema, STARTER_QUERIES);
const at = (path: string): string => String(docs.answer(new URL(path, 'http://localhost'), undefined)?.body ?? '');
const types = Object.values(schema.getTypeMap()).filter(({ name }) => !name.startsWith('__'));
const pages = new Map(['/docs', ...types.map(({ name }) => `/docs/${name}`)].map((path) => [path, at(path)]));

test('every type has a page, and every field, input field and value an anchor on it', () => {
  const missing = types.flatMap((type) => {
    const page = pages.get(`/docs/${type.name}`) ?? '';
    const members = isEnumType(type)
      ? type.getValues().map(({ name }) => name)
      : 'getFields' in type && !isUnionType(type)
        ? Object.keys(type.getFields())
        : [];
    return page === ''
      ? [type.name]
      : members.filter((name) => !page.includes(`id="${name}"`)).map((name) => `${type.name}.${name}`);
  });
  expect(missing).toEqual([]);
});

test('every link within the reference leads to a page and an anchor that are there', () => {
  const broken = new Set<string>();
  for (const [path, page] of pages) {
    for (const [, href = ''] of page.matchAll(/href="([^"]+)"/g)) {
      if (['/graphql', '/api/v1/docs', 'data:,', '/docs/style.css'].includes(href)) continue;
      const { pathname, hash } = new URL(href, `http://localhost${path}`);
      const target = pages.get(pathname);
      if (target === undefined || (hash !== '' && !target.includes(`id="${hash.slice(1)}"`)))
        broken.add(`${path}: ${href}`);
    }
  }
  expect([...broken]).toEqual([]);
});

test('the first page leads to every query, mutation, subscription and type', () => {
  const first = pages.get('/docs') ?? '';
  const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
  const wanted = [
    ...roots.flatMap((root) => Object.keys(root?.getFields() ?? {}).map((name) => `/docs/${root?.name}#${name}`)),
    ...types.filter((type) => !roots.some((root) => root === type)).map(({ name }) => `/docs/${name}`),
  ];
  expect(wanted.filter((address) => !first.includes(`href="${address}"`))).toEqual([]);
});

test('a root field shows the example that uses it, with its variables', () => {
  expect(pages.get('/docs/Query')).toMatch(
    /id="researches"[\s\S]*<summary>Example: Dashboard: researches[\s\S]*query Researches/,
  );
});

test('the search finds a field by its name and by its description', () => {
  expect(at('/docs?find=totalCount')).toContain('href="/docs/ResearchConnection#totalCount"');
  expect(at('/docs?find=video.title')).toContain('href="/docs/Video#title"');
  expect(at('/docs?find=newest%20first')).toContain('href="/docs/Query#researches"');
  expect(at('/docs?find=nothing-is-called-this')).toContain('Nothing found');
  expect(at('/docs?find=%3Cscript%3E')).not.toContain('<script');
});

test('what a description holds is text', () => {
  const hostile = buildSchema(
    '"""<script>alert(1)</script> `<b>` & "more" """ type Query { a(b: String = "<i>"): Int }',
  );
  const page = createDocs(hostile, []).answer(new URL('http://localhost/docs/Query'), undefined)?.body;
  expect(page).toContain('&lt;script&gt;');
  expect(page).toContain('<code>&lt;b&gt;</code>');
  expect(page).not.toMatch(/<script|<i>|<b>/);
});

test('the reference is for whoever is signed in, runs no script, and is sent once', async () => {
  const server = await useTestServer(await useTestDatabase(), { schema });
  const stranger = await fetch(`${server.url}/docs`, { headers: { accept: 'text/html' } });
  expect([stranger.status, await stranger.text()]).toEqual([401, expect.stringContaining('Please sign in')]);
  const cookie = await signIn(server.signInLink);
  const page = await fetch(`${server.url}/docs/Query`, { headers: { cookie, accept: 'text/html' } });
  expect(page.status).toBe(200);
  expect(page.headers.get('content-security-policy')).toContain("default-src 'none'; style-src 'self'");
  const text = await page.text();
  expect(text).not.toMatch(/<script|style="|https?:\/\//);
  const again = await fetch(`${server.url}/docs/Query`, {
    headers: { cookie, 'if-none-match': page.headers.get('etag') ?? '' },
  });
  expect([again.status, await again.text()]).toEqual([304, '']);
  const style = await fetch(`${server.url}/docs/style.css`, { headers: { authorization: `Bearer ${ADMIN_TOKEN}` } });
  expect(style.headers.get('content-type')).toContain('text/css');
  for (const path of ['/docs/Nothing', '/docs/__Type', '/docs/__proto__', '/docs/Query/x']) {
    const none = await fetch(server.url + path, { headers: { cookie } });
    expect([path, none.status]).toEqual([path, 404]);
  }
});
