import { request as httpRequest } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { loadSchema } from '../../src/server/schema.ts';
import { useTestDatabase } from '../support/database.ts';
import { ADMIN_TOKEN, codeOf, signIn, useTestServer } from '../support/http.ts';

const database = await useTestDatabase();
const limits = { bodySize: 10_000_000, fileSize: 100_000, bodyTime: 1_000 };
const server = await useTestServer(database, { schema: await loadSchema(), limits });
const cookie = await signIn(server.signInLink);
const AUTH = { authorization: `Bearer ${ADMIN_TOKEN}` };
const JSON_TYPE = { 'content-type': 'application/json', ...AUTH };

const operation = (query: string, variables?: object): string => JSON.stringify({ query, variables });
const raw = (body: BodyInit, init: RequestInit = {}): Promise<Response> =>
  fetch(`${server.url}/graphql`, { method: 'POST', body, headers: JSON_TYPE, ...init });

const BY_TITLE = 'query ($title: String!) { researches(where: { title: { contains: $title } }) { totalCount } }';

describe('the transport', () => {
  test.each([
    ['application/x-www-form-urlencoded', 'query={__typename}'],
    ['text/plain', operation('{ __typename }')],
    ['application/graphql', '{ __typename }'],
    ['', operation('{ __typename }')],
  ])('takes no body of type "%s"', async (type, body) => {
    expect((await raw(Buffer.from(body), { headers: { ...AUTH, 'content-type': type } })).status).toBe(415);
  });

  test.each([
    ['UTF-16', Buffer.from(operation('{ __typename }'), 'utf16le'), 'application/json'],
    ['a declared charset', Buffer.from(operation('{ __typename }')), 'application/json; charset=utf-16'],
  ])('takes no JSON in %s', async (_what, body, type) => {
    const response = await raw(body, { headers: { ...AUTH, 'content-type': type } });
    expect(response.status).toBe(415);
  });

  test.each(['gzip', 'deflate', 'br', 'zstd', 'gzip, identity', 'x'])(
    'takes no body compressed by %s',
    async (encoding) => {
      const json = { ...JSON_TYPE, 'content-encoding': encoding };
      const response = await raw(gzipSync(operation('{ __typename }')), { headers: json });
      expect([response.status, await codeOf(response)]).toEqual([415, 'BAD_USER_INPUT']);
      const form = { ...AUTH, 'content-type': 'multipart/form-data; boundary=x', 'content-encoding': encoding };
      expect((await raw(gzipSync('--x--'), { headers: form })).status).toBe(415);
    },
  );

  test('is not blown up by a body that says it is compressed', async () => {
    const bomb = gzipSync(operation('{ __typename }', { a: 'x'.repeat(50_000_000) }));
    expect((await raw(bomb, { headers: { ...JSON_TYPE, 'content-encoding': 'gzip' } })).status).toBe(415);
    expect((await raw(bomb)).status).toBe(400);
  });

  test('takes no bytes that are not UTF-8', async () => {
    expect((await raw(Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d]))).status).toBe(400);
  });

  test('answers a query by GET, and no mutation', async () => {
    const get = (query: string) => fetch(`${server.url}/graphql?${new URLSearchParams({ query })}`, { headers: AUTH });
    expect((await get('{ __typename }')).status).toBe(200);
    expect((await get('mutation { deleteResearch(researchId: "x") { deletedId } }')).status).toBe(405);
  });

  test.each(['PUT', 'DELETE', 'PATCH'])('answers 405 to %s', async (method) => {
    expect((await fetch(`${server.url}/graphql`, { method, headers: AUTH })).status).toBe(405);
  });

  test('grants no preflight', async () => {
    const response = await fetch(`${server.url}/graphql`, {
      method: 'OPTIONS',
      headers: { origin: 'https://evil.example', 'access-control-request-method': 'POST' },
    });
    expect([...response.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
  });

  test('says to browsers what they may not do with an answer', async () => {
    const { headers } = await server.post({ query: '{ __typename }' });
    expect(Object.fromEntries(headers)).toMatchObject({
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'content-security-policy': expect.stringContaining("frame-ancestors 'none'"),
    });
  });

  test.each(['GET', 'POST'])('refuses a %s that only a cookie speaks for', async (method) => {
    const url = `${server.url}/graphql?query={__typename}`;
    const body = method === 'POST' ? { body: operation('{ __typename }') } : {};
    const response = await fetch(url, { method, headers: { cookie, 'content-type': 'application/json' }, ...body });
    expect(response.status).toBe(403);
  });

  test.each([true, false])('refuses a body of 11 MB (length told: %s)', async (told) => {
    const text = operation(BY_TITLE, { title: 'x'.repeat(11_000_000) });
    const body = told ? text : new Blob([text]).stream();
    // Not in the types of fetch yet, and needed by it for a stream.
    const streamed: RequestInit & { duplex: 'half' } = { duplex: 'half' };
    const response = await raw(body, told ? {} : streamed);
    expect(response.status).toBe(413);
    expect(await codeOf(response)).toBe('LIMIT_EXCEEDED');
  });

  test('refuses headers of 20 KB', async () => {
    expect(
      (await raw(operation('{ __typename }'), { headers: { ...JSON_TYPE, 'x-long': 'x'.repeat(20_000) } })).status,
    ).toBe(431);
  });

  test('gives up a body that comes one byte at a time', async () => {
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const slow = httpRequest(`${server.url}/graphql`, {
        method: 'POST',
        headers: { ...JSON_TYPE, 'content-length': 100 },
      });
      slow.on('response', (response) => resolve(response.statusCode));
      slow.on('error', reject);
      const send = async (): Promise<void> => {
        for (let sent = 0; sent < 30 && !slow.destroyed; sent += 1) {
          slow.write('x');
          await sleep(100);
        }
      };
      send().catch(reject);
    });
    expect(status).toBe(408);
  });
});

describe('a form', () => {
  const form = (parts: Record<string, string | Blob>): FormData => {
    const data = new FormData();
    for (const [name, value] of Object.entries(parts)) data.set(name, value);
    return data;
  };
  const file = new File(['x'], 'x.csv');
  const operations = operation('mutation ($file: File) { importFile(input: { file: $file }) { importId } }', {
    file: null,
  });

  test.each<[string, FormData, number]>([
    ['without operations', form({ map: '{}', 0: file }), 400],
    ['without a map', form({ operations, 0: file }), 400],
    ['whose map is no JSON', form({ operations, map: '{', 0: file }), 400],
    ['whose map names no file of it', form({ operations, map: '{"1": ["variables.file"]}', 0: file }), 400],
    ['whose map leads to a prototype', form({ operations, map: '{"0": ["variables.__proto__.x"]}', 0: file }), 400],
    ['whose map leads to a constructor', form({ operations, map: '{"0": ["variables.constructor"]}', 0: file }), 400],
    ['whose map leads out of the variables', form({ operations, map: '{"0": ["query"]}', 0: file }), 400],
    [
      'with six files',
      form({ operations, map: '{}', ...Object.fromEntries([0, 1, 2, 3, 4, 5].map((n) => [n, file])) }),
      400,
    ],
    [
      'with too large a file',
      form({ operations, map: '{"0": ["variables.file"]}', 0: new File(['x'.repeat(100_001)], 'x.csv') }),
      413,
    ],
  ])('%s is refused', async (_what, body, status) => {
    expect((await fetch(`${server.url}/graphql`, { method: 'POST', headers: AUTH, body })).status).toBe(status);
    expect(({} as Record<string, unknown>)['x']).toBeUndefined();
  });

  test.each(['multipart/form-data', 'multipart/form-data; boundary=x'])(
    'that is none (%s) is refused',
    async (type) => {
      const response = await raw('--y\r\nnonsense', { headers: { ...AUTH, 'content-type': type } });
      expect(response.status).toBe(400);
    },
  );
});
