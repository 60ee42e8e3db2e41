/** What S3 and the stores that speak like it have of their own. */
import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { ConnectorError, type UploadRequest } from '../../src/sources/connector.ts';
import s3 from '../../src/sources/connectors/s3.ts';
import { s3Error } from '../../src/sources/s3/errors.ts';
import type { S3Context, S3Settings } from '../../src/sources/s3/settings.ts';
import { usePlaces } from '../conformance/connector-fakes.ts';
import { createFollower, failure, fetchItem } from '../support/follower.ts';
import type { ProviderPlace } from '../support/provider-fake.ts';
import fake from '../support/providers/s3.ts';

const open = usePlaces();

/** The place's context with other settings or keys. */
function contextOf(
  place: ProviderPlace,
  settings: Partial<S3Settings> = {},
  keys: Record<string, string> = {},
): S3Context {
  const context = place.context();
  return { ...context, settings: { ...Object(context.settings), ...settings }, keys: { ...context.keys, ...keys } };
}

function upload(
  context: S3Context,
  path: string,
  content: string | Buffer<ArrayBuffer>,
  rest: Partial<UploadRequest> = {},
) {
  const bytes = Buffer.from(content);
  const opened = (offset: number): ReadableStream<Uint8Array> => new Blob([bytes.subarray(offset)]).stream();
  return s3.upload?.({ path, size: bytes.length, open: opened, replaces: 'any', ...rest }, context);
}

test('keys of every kind are told, read by their own key, and shown as paths that lead nowhere else', async () => {
  const place = await open(fake);
  const keys = [
    'a b+c.txt',
    'тест/ключ ?&#%.md',
    'line\nbreak\u0001.txt',
    'x//y',
    '/slash',
    `${'n'.repeat(300)}.csv`,
    '<&>"\'.txt',
    '~!*()',
  ];
  for (const key of keys) await place.put(key, `content of ${key}`);
  await place.put('folder/', '');
  for (const key of ['up/../etc/passwd', './x', 'nul\0.txt']) await place.put(key, 'x');
  const follower = createFollower(s3, place.context);
  const events = await follower.follow();
  expect([...follower.world.keys()].toSorted()).toEqual(keys.toSorted());
  for (const item of follower.world.values()) {
    expect((await fetchItem(s3, place.context(), item)).toString()).toBe(`content of ${item.id}`);
  }
  expect(follower.world.get('x//y')?.path).toBe('x/∅/y');
  expect(follower.world.get('line\nbreak\u0001.txt')?.path).toBe('line␊break␁.txt');
  const errors = events.flatMap((event) => (event.type === 'item-error' ? [event.ref.path] : []));
  expect(errors.toSorted()).toEqual(['nul␀.txt', 'up/․․/etc/passwd', '․/x']);
});

test.each(['team/research', 'team/research/'])(
  'the prefix %s is the root of paths, for reading and for writing',
  async (prefix) => {
    const place = await open(fake);
    await place.put('team/research2/c.txt', 'of another folder');
    await place.put('team/research/a.txt', 'a');
    await place.put('other/b.txt', 'b');
    const context = contextOf(place, { prefix });
    const made = await upload(context, 'new/c.txt', 'c');
    expect(made).toMatchObject({ id: 'team/research/new/c.txt', path: 'new/c.txt' });
    const follower = createFollower(s3, () => context);
    await follower.follow();
    expect([...follower.world.values()].map(({ path }) => path)).toEqual(['a.txt', 'new/c.txt']);
    // Another prefix is another world: the old cursor begins anew.
    const events = await createFollower(s3, place.context).follow({ from: follower.cursor() ?? '' });
    expect(events[0]).toMatchObject({ type: 'reset' });
  },
);

test('wrong keys, a clock that is off and a bucket that is not there are told apart, with what to do', async () => {
  const place = await open(fake);
  await place.put('a.txt', 'a');
  expect(await failure(s3.check(contextOf(place, {}, { secretAccessKey: 'wrong' })))).toMatchObject({
    kind: 'auth-revoked',
  });
  expect(await failure(s3.check(contextOf(place, {}, { accessKeyId: 'OTHER' })))).toMatchObject({
    kind: 'auth-revoked',
  });
  expect(await failure(s3.check(contextOf(place, { bucket: 'nobody' })))).toMatchObject({ kind: 'config' });
  const told = (code: string, statusCode: number) =>
    s3Error(Object.assign(new Error(code), { name: code, $response: { statusCode, headers: {} } }), {
      signal: new AbortController().signal,
    });
  expect(told('RequestTimeTooSkewed', 403)).toMatchObject({ kind: 'config', hint: expect.stringContaining('clock') });
  expect(told('PermanentRedirect', 301)).toMatchObject({ kind: 'config', hint: expect.stringContaining('region') });
  expect(told('AccessDenied', 403)).toMatchObject({ kind: 'forbidden' });
  expect(told('NotImplemented', 501)).toMatchObject({ kind: 'config' });
  expect(told('Anything', 502)).toMatchObject({ kind: 'transient' });
});

test('a page for browsers in place of a listing is no empty bucket', async () => {
  const place = await open(fake);
  await place.put('a.txt', 'a');
  place.fault('list', { kind: 'html' });
  expect(await failure(createFollower(s3, place.context).follow())).toMatchObject({ kind: 'transient' });
});

test('an address where something else answers is a setting to be changed, in words of ours; one that is down is not', async () => {
  const place = await open(fake);
  const said = async (status: number, body: string, type = 'text/html') => {
    const fetch = async () => new Response(body, { status, headers: { 'content-type': type } });
    return Object(await failure(s3.check({ ...contextOf(place), fetch })));
  };
  for (const [status, body] of [
    [401, '<html>Sign in</html>'],
    [403, ''],
    [404, '{"error": "none"}'],
    [405, '<p>no</p>'],
  ] as const) {
    const error = await said(status, body);
    expect([status, error.kind, error.hint]).toEqual([status, 'config', expect.stringContaining('Endpoint')]);
    expect(error.message).not.toMatch(/Unknown|Deserialization|parse error/);
  }
  for (const status of [200, 503]) expect((await said(status, '<html>Later</html>')).kind).toBe('transient');
});

test('where a store sends no checksum, the etag of one part is the hash of its content, and no other etag is', async () => {
  const place = await open(fake);
  await place.put('a.txt', 'content');
  const without = (more: Record<string, string> = {}): S3Context => {
    const context = place.context();
    const fetch: typeof globalThis.fetch = async (input, init) => {
      const answer = await context.fetch(input, init);
      const headers = new Headers({ ...Object.fromEntries(answer.headers), ...more });
      for (const name of ['sha256', 'type']) headers.delete(`x-amz-checksum-${name}`);
      return new Response(answer.body, { status: answer.status, headers });
    };
    return { ...contextOf(place), fetch };
  };
  const hashOf = async (context: S3Context, offset = 0) => {
    const { hash, body } = await s3.download({ id: 'a.txt', path: 'a.txt' }, { offset }, context);
    await body.cancel();
    return hash;
  };
  const md5 = { algorithm: 'md5', value: createHash('md5').update('content').digest('hex'), isSupposed: true };
  expect(await hashOf(without())).toEqual(md5);
  expect(await hashOf(without(), 3)).toEqual(md5);
  expect(await hashOf(without({ etag: '"0123456789abcdef0123456789abcdef-2"' }))).toBeUndefined();
  expect(await hashOf(without({ 'x-amz-server-side-encryption': 'aws:kms' }))).toBeUndefined();
});

test('what lies in cold storage is an error of that object, which says what to do', async () => {
  const place = await open(fake);
  await place.put('cold/a.txt', 'a');
  const follower = createFollower(s3, place.context);
  await follower.follow();
  const item = follower.world.get('cold/a.txt');
  if (item === undefined) throw new Error('It was not told of');
  const error = await failure(fetchItem(s3, place.context(), item));
  expect(error).toMatchObject({ kind: 'forbidden', hint: expect.stringContaining('cold storage') });
});

test('a checksum goes with what is written where that is asked for, and the store verifies it', async () => {
  const place = await open(fake);
  const sent: (string | null)[] = [];
  for (const checksums of ['required', 'always'] as const) {
    const context = contextOf(place, { checksums });
    const fetch: typeof globalThis.fetch = (input, init) => {
      if (init?.method === 'PUT') sent.push(new Headers(init.headers).get('x-amz-checksum-crc32'));
      return context.fetch(input, init);
    };
    expect(await upload({ ...context, fetch }, `${checksums}.txt`, 'content')).toMatchObject({ size: 7 });
  }
  expect(sent).toEqual([null, expect.stringMatching(/^\S{8}$/)]);
});

test('a store without conditional writes is asked first', async () => {
  const place = await open(fake);
  const context = contextOf(place, { conditionalWrites: false });
  const made = await upload(context, 'a.txt', 'first', { replaces: null });
  for (const replaces of [null, 'another version']) {
    expect(await failure(Promise.resolve(upload(context, 'a.txt', 'x', { replaces })))).toMatchObject({
      kind: 'conflict',
    });
  }
  expect((await upload(context, 'a.txt', 'second', { replaces: made?.version ?? '' }))?.version).not.toBe(
    made?.version,
  );
});

test('no key leads elsewhere, and content that ends early is not written', async () => {
  const place = await open(fake);
  const context = contextOf(place);
  for (const path of ['../a', 'a//b', '', 'n'.repeat(1025), 'a\0']) {
    expect(await failure(Promise.resolve(upload(context, path, 'x'))), path).toMatchObject({ kind: 'forbidden' });
  }
  expect(await failure(Promise.resolve(upload(context, 'short', 'x', { size: 2 })))).toBeInstanceOf(ConnectorError);
});

test('keys stay out of what is told and logged', async () => {
  const place = await open(fake);
  place.fault('any', { kind: 'revoked-token' });
  const error = await failure(s3.check(contextOf(place)));
  const shown = JSON.stringify([String(error), Object(error).hint, Object.keys(Object(error))]);
  expect(shown).not.toContain(place.context().keys['secretAccessKey']);
});
