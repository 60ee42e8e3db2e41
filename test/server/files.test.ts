import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { writeSession } from '../../src/database/session.ts';
import { type KeptFile, keepFile } from '../../src/files/files.ts';
import { filesFolder, openFiles } from '../../src/files/open-files.ts';
import { uuidv7 } from '../../src/kernel/uuid.ts';
import { ADMIN_TOKEN, useTestApi } from '../support/api.ts';
import { TESTER, useTestDatabase } from '../support/database.ts';

const database = await useTestDatabase();
const api = await useTestApi(database);
const files = openFiles(api.config.dataDir, database.write);
const ADMIN = { label: 'token:admin' };

async function keep(bytes: string | Buffer, name = 'stats.csv', expiresAt: Date | null = null): Promise<KeptFile> {
  async function* stream(): AsyncGenerator<Uint8Array> {
    yield Buffer.from(bytes);
  }
  const blob = await files.store.put(stream(), { most: 1e9 });
  const made = { blob, name, mediaType: 'text/csv; charset=utf-8', purpose: 'test', owner: ADMIN, expiresAt };
  return writeSession(database.write, TESTER, ({ query }) => keepFile(query, made));
}

const get = (path: string, headers: Record<string, string> = {}, token = ADMIN_TOKEN): Promise<Response> =>
  fetch(`${api.url}${path}`, { headers: { authorization: `Bearer ${token}`, ...headers } });

const linkTo = async (file: KeptFile, actor = ADMIN, expiresAt?: Date): Promise<string> =>
  (await files.links.make(file.fileId, actor, expiresAt)).path;

test('a link gives the file, to be saved under its name and never shown', async () => {
  const file = await keep('a,b\n1,2\n', '../Звіт "1".csv');
  const answer = await get(await linkTo(file));
  expect(answer.status).toBe(200);
  expect(Object.fromEntries(answer.headers)).toMatchObject({
    'content-type': 'text/csv; charset=utf-8',
    'content-length': '8',
    'content-disposition': `attachment; filename="____ _1_.csv"; filename*=UTF-8''%D0%97%D0%B2%D1%96%D1%82%20_1_.csv`,
    'x-content-type-options': 'nosniff',
    'content-security-policy': expect.stringMatching(/sandbox$/),
    'cache-control': 'private, no-cache',
    etag: `"${file.hash}"`,
  });
  expect(await answer.text()).toBe('a,b\n1,2\n');
});

test('parts of a file are sent as asked for, and never parts of another version', async () => {
  const path = await linkTo(await keep('0123456789'));
  const whole = await get(path, { range: 'bytes=0-1,4-5' });
  expect([whole.status, await whole.text()]).toEqual([200, '0123456789']);
  const part = await get(path, { range: 'bytes=2-4' });
  expect([part.status, part.headers.get('content-range'), await part.text()]).toEqual([206, 'bytes 2-4/10', '234']);
  const end = await get(path, { range: 'bytes=-3', 'if-range': part.headers.get('etag') ?? '' });
  expect([end.status, await end.text()]).toEqual([206, '789']);
  const other = await get(path, { range: 'bytes=2-4', 'if-range': '"other"' });
  expect([other.status, await other.text()]).toEqual([200, '0123456789']);
  const beyond = await get(path, { range: 'bytes=10-' });
  expect([beyond.status, beyond.headers.get('content-range')]).toEqual([416, 'bytes */10']);
  const held = await get(path, { 'if-none-match': part.headers.get('etag') ?? '' });
  expect([held.status, await held.text()]).toEqual([304, '']);
  const head = await fetch(`${api.url}${path}`, {
    method: 'HEAD',
    headers: { authorization: `Bearer ${ADMIN_TOKEN}` },
  });
  expect([head.status, head.headers.get('content-length')]).toEqual([200, '10']);
});

test('whatever is wrong with a link, the answer is the one to a file that never was', async () => {
  const file = await keep('secret');
  const other = await keep('other');
  const path = await linkTo(file);
  const gone = await keep('gone');
  await rm(join(filesFolder(api.config.dataDir), gone.hash.slice(0, 2), gone.hash));
  const wrong = [
    path.replace(file.fileId, uuidv7()),
    path.replace(file.fileId, other.fileId),
    path.replace(/expires=\d/, 'expires=9'),
    `${path}&expires=9999999999`,
    path.replace(/signature=.{3}/, 'signature=AAA'),
    path.replace(/&signature=.*/, ''),
    await linkTo(file, ADMIN, new Date(Date.now() - 1_000)),
    await linkTo(file, { label: 'token:other' }),
    await linkTo(await keep('late', 'late.csv', new Date(Date.now() - 1_000))),
    await linkTo(gone),
    '/files/',
    '/files/..%2f..%2fetc%2fpasswd',
  ];
  const answers = new Set<string>();
  for (const each of wrong) {
    const answer = await get(each);
    expect(answer.status, each).toBe(404);
    answers.add((await answer.text()).replace(/"requestId":"[^"]*"/, ''));
  }
  expect(answers.size).toBe(1);
  expect((await get(path, {}, await api.tokenFor('admin'))).status).toBe(404);
  expect((await fetch(api.url + path)).status).toBe(401);
  expect((await get(path)).status).toBe(200);
});

test('links are good for every process on the database', async () => {
  const file = await keep('shared');
  const elsewhere = openFiles(api.config.dataDir, database.write);
  expect((await get((await elsewhere.links.make(file.fileId, ADMIN)).path)).status).toBe(200);
});

test('a client that leaves in the middle of a download ends its reading', async () => {
  const path = await linkTo(await keep(randomBytes(30_000_000)));
  const leaving = new AbortController();
  const answer = await fetch(`${api.url}${path}`, {
    headers: { authorization: `Bearer ${ADMIN_TOKEN}` },
    signal: leaving.signal,
  });
  await answer.body?.getReader().read();
  leaving.abort();
  const again = await get(path, { range: 'bytes=29999999-' });
  expect((await again.arrayBuffer()).byteLength).toBe(1);
  expect(api.logged()).not.toContain('a request failed');
});
