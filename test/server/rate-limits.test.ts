/** Nobody's share is another's: points by actor, wrong tokens by address, and clients are told what is left. */

import { describe, expect, test } from 'vitest';
import { createToken } from '../../src/access/tokens.ts';
import type { Role } from '../../src/kernel/actor.ts';
import { manualClock } from '../../src/kernel/clock.ts';
import { loadSchema } from '../../src/server/schema.ts';
import { createTokenBuckets } from '../../src/server/token-bucket.ts';
import { TESTER, useTestDatabase } from '../support/database.ts';
import { codeOf, useTestServer } from '../support/http.ts';

const database = await useTestDatabase();
const LIMIT = 5_000;
const time = manualClock(new Date('2026-01-01T00:00:00Z'));
const server = await useTestServer(database, {
  schema: await loadSchema(),
  settings: { rateLimit: LIMIT },
  clock: time.now,
});

let names = 0;
const tokenOf = async (role: Role): Promise<string> => {
  names += 1;
  return (await createToken(database, TESTER, { name: `${role} ${names}`, role })).token;
};
const ask = (token: string, query: string, variables: object = {}): Promise<Response> =>
  server.post({ query, variables }, { headers: { authorization: `Bearer ${token}` } });
const RESEARCHES = 'query ($first: Int) { researches(first: $first) { nodes { title } } }';
const remaining = (response: Response): number => Number(/r=(\d+)/.exec(response.headers.get('ratelimit') ?? '')?.[1]);

describe('a bucket', () => {
  test('is full at first, empties, fills steadily and never over its brim', () => {
    const { now, advance } = manualClock(new Date(0));
    const buckets = createTokenBuckets({ capacity: 60, perMinute: 60, clock: now });
    expect(buckets.take('a', 50)).toEqual({ isTaken: true, remaining: 10, wait: 50_000 });
    expect(buckets.take('a', 20)).toEqual({ isTaken: false, remaining: 10, wait: 10_000 });
    advance(10_000);
    expect(buckets.take('a', 20)).toMatchObject({ isTaken: true, remaining: 0 });
    advance(600_000);
    expect(buckets.take('a', 0)).toMatchObject({ remaining: 60 });
    expect(buckets.take('b', 60)).toMatchObject({ isTaken: true });
  });

  test('gives more than it holds only when it is full, and owes the rest', () => {
    const { now, advance } = manualClock(new Date(0));
    const buckets = createTokenBuckets({ capacity: 60, perMinute: 60, clock: now });
    expect(buckets.take('a', 90)).toMatchObject({ isTaken: true, remaining: 0, wait: 90_000 });
    expect(buckets.take('a', 1)).toMatchObject({ isTaken: false, wait: 31_000 });
    advance(89_000);
    expect(buckets.take('a', 90).isTaken).toBe(false);
    advance(1_000);
    expect(buckets.take('a', 90).isTaken).toBe(true);
  });

  test('does not mind a clock that goes back', () => {
    const { now, advance } = manualClock(new Date(100_000));
    const buckets = createTokenBuckets({ capacity: 60, perMinute: 60, clock: now });
    buckets.take('a', 30);
    advance(-50_000);
    expect(buckets.take('a', 0).remaining).toBe(30);
  });

  test('of ten thousand others ago is forgotten, which makes it a full one', () => {
    const buckets = createTokenBuckets({ capacity: 60, perMinute: 60, clock: () => new Date(0) });
    buckets.take('first', 60);
    for (let other = 0; other < 10_000; other += 1) buckets.take(`${other}`, 60);
    expect([buckets.take('9999', 1).isTaken, buckets.take('first', 60).isTaken]).toEqual([false, true]);
  });
});

test('the cost of an operation and what is left stand in its answer’s headers', async () => {
  const response = await ask(await tokenOf('viewer'), RESEARCHES, { first: 100 });
  expect(response.headers.get('x-cairn-cost')).toBe('301');
  expect(response.headers.get('ratelimit-policy')).toBe(`"points";q=${LIMIT};w=60`);
  expect(response.headers.get('ratelimit')).toBe(`"points";r=${LIMIT - 301};t=4`);
});

test('who has spent all is told when to come back, others are answered, and the wait suffices', async () => {
  const [spender, other] = [await tokenOf('viewer'), await tokenOf('viewer')];
  let refused: Response | undefined;
  for (let count = 0; count < 30 && refused === undefined; count += 1) {
    const response = await ask(spender, RESEARCHES, { first: 100 });
    if (response.status !== 200) refused = response;
  }
  expect(refused?.status).toBe(429);
  const wait = Number(refused?.headers.get('retry-after'));
  expect(wait).toBeGreaterThan(0);
  const { errors } = JSON.parse((await refused?.text()) ?? '') as { errors: { extensions: object }[] };
  expect(errors[0]?.extensions).toMatchObject({ code: 'RATE_LIMITED', hint: expect.stringContaining(`${wait} s`) });
  expect((await ask(other, RESEARCHES, { first: 100 })).status).toBe(200);
  time.advance(wait * 1_000);
  expect((await ask(spender, RESEARCHES, { first: 100 })).status).toBe(200);
});

test('what is refused whole costs its request alone, and a refused price is not paid', async () => {
  const token = await tokenOf('viewer');
  const before = remaining(await ask(token, '{ __typename }'));
  expect(remaining(await ask(token, '{ nonsense }'))).toBe(before - 100);
  const three =
    '{ researches(first: 100) { nodes { videos(first: 100) { nodes { researches(first: 100) { nodes { title } } } } } } }';
  const response = await ask(token, three);
  expect(await codeOf(response)).toBe('LIMIT_EXCEEDED');
  expect(remaining(response)).toBe(before - 200);
});

test('bytes are paid for, in debt if need be', async () => {
  const token = await tokenOf('viewer');
  const query = 'query ($title: String!) { researches(where: { title: { contains: $title } }) { totalCount } }';
  const response = await ask(token, query, { title: 'x'.repeat(2_048_000) });
  expect(Number(response.headers.get('x-cairn-cost'))).toBeGreaterThan(2_000);
});

test('an admin is not limited', async () => {
  const statuses = new Set<number>();
  for (let count = 0; count < 30; count += 1)
    statuses.add((await ask(await tokenOf('admin'), RESEARCHES, { first: 100 })).status);
  expect([...statuses]).toEqual([200]);
});

test('wrong tokens of one address are refused as too many, and right ones of it still answered', async () => {
  const statuses: number[] = [];
  for (let count = 0; count < 61; count += 1) statuses.push((await ask('cairn_wrong', '{ __typename }')).status);
  expect([statuses.slice(0, 60).every((status) => status === 401), statuses[60]]).toEqual([true, 429]);
  expect((await ask(await tokenOf('viewer'), '{ __typename }')).status).toBe(200);
  const signIn = await fetch(`${server.url}/sign-in`, { method: 'POST', body: new URLSearchParams({ code: 'wrong' }) });
  expect([signIn.status, signIn.headers.get('retry-after')]).toEqual([429, '1']);
  time.advance(1_000);
  expect((await ask('cairn_wrong', '{ __typename }')).status).toBe(401);
});
