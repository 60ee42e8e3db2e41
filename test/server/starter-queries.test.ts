/** What GraphiQL opens with works as it is, over the samples that README imports. */
import { join } from 'node:path';
import { getOperationAST, parse } from 'graphql';
import { expect, test } from 'vitest';
import { importFolder } from '../../src/ingest/run.ts';
import { PROJECT_ROOT } from '../../src/kernel/config.ts';
import { createDocs } from '../../src/server/docs/docs.ts';
import { loadSchema } from '../../src/server/schema.ts';
import { STARTER_QUERIES } from '../../src/server/starter-queries.ts';
import { useTestApi } from '../support/api.ts';
import { TESTER, useTestDatabase } from '../support/database.ts';
import { ADMIN_TOKEN } from '../support/http.ts';

const database = await useTestDatabase();
const api = await useTestApi(database);
await importFolder(api.ingest, { root: join(PROJECT_ROOT, 'samples'), actor: TESTER });

const starters = STARTER_QUERIES.map((starter) => {
  const operation = getOperationAST(parse(starter.query));
  return {
    ...starter,
    title: starter.query.split('\n')[0] ?? '',
    kind: operation?.operation,
    name: operation?.name?.value,
  };
});

test.each(starters.filter(({ kind }) => kind !== 'subscription'))(
  '"$title" finds something in the samples',
  async (starter) => {
    const answer = await api.ask(starter.query, starter.variables);
    expect(answer.errors).toEqual([]);
    expect(answer.status).toBe(200);
    // A list that is empty teaches nobody what stands in it. What a mutation made and what nobody signed in to is beside that.
    if (starter.kind === 'query' && !['Access', 'AccessChanges'].includes(starter.name ?? ''))
      expect(emptyIn(answer.data, starter.name ?? '')).toEqual([]);
  },
);

/** Paths of the root lists without rows, and of root fields without a value. */
function emptyIn(data: Readonly<Record<string, unknown>> | null, path: string): string[] {
  return Object.entries(data ?? {}).flatMap(([name, value]) => {
    if (value === null) return [`${path}.${name}`];
    const rows: unknown = typeof value === 'object' && 'nodes' in value ? value.nodes : undefined;
    return Array.isArray(rows) && rows.length === 0 ? [`${path}.${name}`] : [];
  });
}

test.each(starters.filter(({ kind }) => kind === 'subscription'))(
  '"$title" opens and says that it is ready',
  async (starter) => {
    const left = new AbortController();
    const response = await fetch(`${api.url}/graphql`, {
      method: 'POST',
      signal: left.signal,
      headers: {
        authorization: `Bearer ${ADMIN_TOKEN}`,
        'content-type': 'application/json',
        accept: 'text/event-stream',
      },
      body: JSON.stringify({ query: starter.query, variables: starter.variables }),
    });
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    while (reader !== undefined && !text.includes('event: next')) text += (await reader.read()).value ?? '';
    while (reader !== undefined && !/data: .*\n/.test(text)) text += (await reader.read()).value ?? '';
    left.abort();
    expect(text).toContain('READY');
    expect(text).not.toContain('"errors"');
  },
);

test('every kind of user finds operations of theirs, and no two have one name', () => {
  const users = new Set(starters.map(({ title }) => /^# (\w+): \S/.exec(title)?.[1]));
  expect([...users]).toEqual(['Dashboard', 'Analyst', 'Script', 'Editor', 'Admin']);
  expect(new Set(starters.map(({ name }) => name)).size).toBe(starters.length);
});

test('a writing starter does no harm to rows that are there', async () => {
  const rows = async (): Promise<unknown> =>
    (await database.owner.query("SELECT * FROM researches WHERE research_id <> 'RSH-DEV-900' ORDER BY id")).rows;
  const before = await rows();
  for (const { query, variables, kind } of starters) if (kind === 'mutation') await api.ask(query, variables);
  expect(await rows()).toEqual(before);
});

test('the operations that the reference’s guide shows are ones that this server answers', async () => {
  const page = String(
    createDocs(await loadSchema(), []).answer(new URL('http://localhost/docs'), undefined)?.body ?? '',
  );
  const shown = [...page.matchAll(/<pre>(query [\s\S]*?)<\/pre>/g)].map(([, text = '']) =>
    text.replaceAll('&quot;', '"').replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&'),
  );
  expect(shown.length).toBeGreaterThanOrEqual(2);
  for (const query of shown) expect([query, (await api.ask(query)).errors]).toEqual([query, []]);
});
