/** Over REST as over GraphQL: what one actor asks far too much of is its own trouble, and it is told so. */
import { setTimeout as sleep } from 'node:timers/promises';
import Type from 'typebox';
import { afterEach, expect, test, vi } from 'vitest';
import { createToken } from '../../../src/access/tokens.ts';
import type { GraphqlContext } from '../../../src/graphql/context.ts';
import { type RestRoute, restRoute } from '../../../src/rest/route.ts';
import { LANE_LIMITS } from '../../../src/server/lanes.ts';
import { TESTER, useTestDatabase } from '../../support/database.ts';
import { useTestServer } from '../../support/http.ts';

const facts = {
  tag: 'Test',
  summary: 'A route of the tests',
  answers: { 200: { description: 'What was asked.', content: { 'application/json': Type.Unknown() } } },
} as const;
const reading = (name: string, isOneRead: boolean, read: (reads: GraphqlContext['reads']) => Promise<unknown>) =>
  restRoute({
    ...facts,
    method: 'GET',
    path: `/${name}`,
    operationId: `get-${name}`,
    isOneRead,
    answer: async ({ reads }) => {
      await read(reads);
      return { body: '{}' };
    },
  });
const ROUTES: readonly RestRoute[] = [
  reading('slow', true, (reads) => reads.once('asked', 'SELECT pg_sleep(6)')),
  reading('slow-session', false, (reads) => reads.query('asked', 'SELECT pg_sleep(6)')),
  reading('quick', true, (reads) => reads.once('asked', 'SELECT 1')),
  restRoute({
    ...facts,
    method: 'POST',
    path: '/texts',
    operationId: 'postTexts',
    body: { schema: Type.Array(Type.String()) },
    lane: 'none',
    answer: () => ({ body: '{}' }),
  }),
];

const database = await useTestDatabase();
const server = await useTestServer(database, {
  routes: ROUTES,
  lanes: {
    ...LANE_LIMITS,
    read: { ...LANE_LIMITS.read, heavyPlaces: 1, heavyTurn: 1_500 },
    // Nobody's turn to be parsed ever comes.
    document: { ...LANE_LIMITS.document, places: 0, patience: 300 },
  },
});
const tokenOf = async (name: string): Promise<string> =>
  (await createToken(database, TESTER, { name, role: 'editor' })).token;
const ask = (token: string, path: string, init: RequestInit = {}): Promise<Response> =>
  fetch(`${server.url}/api/v1${path}`, {
    ...init,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
  });
const isAtRest = (): boolean => database.read.totalCount === database.read.idleCount;
afterEach(() => vi.waitUntil(isAtRest, 20_000));

test.each(['slow', 'slow-session'])(
  '%s reads beyond a heavy actor’s share are cut short while others ask, and it is told so',
  async (name) => {
    const [greedy, modest] = [await tokenOf(`greedy ${name}`), await tokenOf(`modest ${name}`)];
    // From then on who sends it is presumed.
    for (const token of [greedy, modest]) expect((await ask(token, '/quick')).status).toBe(200);
    const begun = performance.now();
    const sent = Array.from({ length: 4 }, async () => {
      const answer = await ask(greedy, `/${name}`);
      return { answer, problem: await answer.json(), took: performance.now() - begun };
    });
    const all = Promise.all(sent);
    const asked = (async () => {
      for (let n = 0; n < 20; n += 1) {
        expect((await ask(modest, '/quick')).status).toBe(200);
        await sleep(200);
      }
    })();
    const [answers] = await Promise.all([all, asked]);
    const [whole, ...others] = answers.filter(({ answer }) => answer.status === 200);
    expect(others).toEqual([]);
    const cut = answers.filter(({ answer }) => answer.status === 429);
    expect(cut).toHaveLength(3);
    for (const { answer, problem, took } of cut) {
      expect(took).toBeLessThan(whole?.took ?? 0);
      expect(answer.headers.get('content-type')).toMatch('application/problem+json');
      expect(answer.headers.get('retry-after')).toBe('5');
      expect(problem).toMatchObject({ code: 'RATE_LIMITED', detail: expect.stringContaining('cut short') });
    }
  },
);

test('a large body is not even parsed before its sender’s turn, and a small one waits for nobody', async () => {
  const token = await tokenOf('sender');
  const small = await ask(token, '/texts', { method: 'POST', body: '["a"]' });
  expect(small.status).toBe(200);
  // Parsed, it would be refused as no JSON.
  const large = await ask(token, '/texts', { method: 'POST', body: `["${'a'.repeat(150_000)}"` });
  expect([large.status, large.headers.get('retry-after')]).toEqual([429, '1']);
  expect(await large.json()).toMatchObject({ code: 'RATE_LIMITED', hint: expect.stringContaining('again') });
});
