import { expect, test } from 'vitest';
import { open, resolver, serve } from '../support/outbound.ts';

const refusal = expect.objectContaining({ code: 'ADDRESS_NOT_ALLOWED' });

test('this machine is refused however it is written, and hears nothing', async () => {
  const { port, seen } = await serve((_, response) => response.end('secret'));
  const { fetch } = open();
  for (const host of [
    '127.0.0.1',
    '127.1',
    '2130706433',
    '0x7f000001',
    '0x7f.1',
    '0177.0.0.1',
    '0',
    '0.0.0.0',
    '[::1]',
    '[::]',
    '[::ffff:127.0.0.1]',
    '[::ffff:7f00:1]',
    '[0:0:0:0:0:ffff:7f00:0001]',
    '[::127.0.0.1]',
    'localhost',
    'LOCALHOST',
    '127.0.0.1.',
    '１２７.0.0.1',
  ])
    await expect(fetch(`http://${host}:${port}/`), host).rejects.toEqual(refusal);
  expect(seen).toHaveLength(0);
});

test('a cloud’s metadata is refused without a connection', async () => {
  const { fetch } = open({ times: { connectMs: 300 } });
  for (const host of ['169.254.169.254', '[fd00:ec2::254]', '[::ffff:a9fe:a9fe]', '2852039166', '100.100.100.200'])
    await expect(fetch(`http://${host}/latest/meta-data/`), host).rejects.toEqual(refusal);
});

test('a name that leads to a private address is refused, also where another of its addresses is public', async () => {
  const { port, seen } = await serve((_, response) => response.end());
  const { fetch } = open({
    lookup: resolver({
      'inside.example.org': ['127.0.0.1'],
      'both.example.org': ['93.184.215.14,127.0.0.1'],
      'six.example.org': ['::ffff:127.0.0.1'],
    }),
  });
  for (const name of ['inside', 'both', 'six'])
    await expect(fetch(`http://${name}.example.org:${port}/`), name).rejects.toEqual(refusal);
  expect(seen).toHaveLength(0);
});

test('a name that changes between two looks is looked up once per connection, and what was checked is what is used', async () => {
  const { port, seen } = await serve((_, response) => response.end());
  const lookup = resolver({ 'rebound.example.org': ['192.0.2.7', '127.0.0.1'] });
  const { fetch } = open({ lookup, times: { connectMs: 200 } });
  await expect(fetch(`http://rebound.example.org:${port}/`)).rejects.toEqual(refusal);
  expect(lookup.asked).toBe(1);
  await expect(fetch(`http://rebound.example.org:${port}/`)).rejects.toEqual(refusal);
  expect(seen).toHaveLength(0);
});

test('what the setting allows is reached: a host, an address, a range', async () => {
  const { port } = await serve((_, response) => response.end('in'));
  const lookup = resolver({ 'minio.example.org': ['127.0.0.1'] });
  const read = async (allow: string, url: string): Promise<string> =>
    (await open({ allow: [allow], lookup }).fetch(url)).text();
  expect(await read('127.0.0.1', `http://127.0.0.1:${port}`)).toBe('in');
  expect(await read('127.0.0.0/8', `http://[::ffff:127.0.0.1]:${port}`)).toBe('in');
  expect(await read('MinIO.example.org', `http://minio.example.org:${port}`)).toBe('in');
  await expect(read('10.0.0.0/8', `http://127.0.0.1:${port}`)).rejects.toEqual(refusal);
  // The name is allowed, not whatever else it leads to by its address.
  await expect(read('minio.example.org', `http://127.0.0.1:${port}`)).rejects.toEqual(refusal);
});

test('a redirect into a private network is refused', async () => {
  const inner = await serve((_, response) => response.end('secret'));
  const outer = await serve((request, response) => {
    response.writeHead(302, { location: request.url === '/meta' ? 'http://169.254.169.254/' : `${inner.url}/` }).end();
  });
  const { fetch } = open({ routes: { 'https://api.example.org': outer.url }, times: { connectMs: 300 } });
  await expect(fetch('https://api.example.org/meta')).rejects.toEqual(refusal);
  await expect(fetch('http://127.0.0.1:8999/')).rejects.toEqual(refusal);
  expect(inner.seen).toHaveLength(0);
});

test('another host hears no credentials, whatever header they travel in; the same one does', async () => {
  const other = await serve((_, response) => response.end('there'));
  const first = await serve((request, response) => {
    if (request.url === '/same') return response.writeHead(307, { location: '/end' }).end();
    if (request.url === '/other') return response.writeHead(307, { location: `${other.url}/end` }).end();
    return response.end('here');
  });
  const { fetch } = open({ allow: ['127.0.0.1'] });
  const headers = { authorization: 'Bearer secret', cookie: 'a=b', 'x-api-key': 'secret', range: 'bytes=5-' };
  await fetch(`${first.url}/same`, { headers });
  expect(first.seen[1]?.headers).toMatchObject(headers);
  await fetch(`${first.url}/other`, { headers });
  expect(other.seen[0]?.headers).toMatchObject({ range: 'bytes=5-' });
  for (const name of ['authorization', 'cookie', 'x-api-key']) expect(other.seen[0]?.headers).not.toHaveProperty(name);
});

test('a POST that is redirected becomes a GET, or keeps its body, as its status says', async () => {
  const { url, seen } = await serve((request, response) => {
    if (request.url === '/end') return request.pipe(response);
    return response.writeHead(Number(request.url?.slice(1)), { location: '/end' }).end();
  });
  const { fetch } = open({ allow: ['127.0.0.1'] });
  const post = (status: number) => fetch(`${url}/${status}`, { method: 'POST', body: 'text' });
  expect(await (await post(308)).text()).toBe('text');
  expect(await (await post(303)).text()).toBe('');
  expect(seen.map(({ method }) => method)).toEqual(['POST', 'POST', 'POST', 'GET']);
  expect((await fetch(`${url}/302`, { redirect: 'manual' })).status).toBe(302);
  await expect(fetch(`${url}/302`, { redirect: 'error' })).rejects.toThrow('fetch failed');
});

test('a redirect that never ends does', async () => {
  const { url, seen } = await serve((_, response) => response.writeHead(302, { location: '/again' }).end());
  await expect(open({ allow: ['127.0.0.1'] }).fetch(url)).rejects.toMatchObject({
    cause: { message: 'It redirects again and again' },
  });
  expect(seen).toHaveLength(6);
});

test('only the web, and no user in an address: not by a redirect either', async () => {
  const { url } = await serve((request, response) =>
    response.writeHead(302, { location: decodeURIComponent(request.url?.slice(1) ?? '') }).end(),
  );
  const { fetch } = open({ allow: ['127.0.0.1'] });
  for (const address of [
    'file:///etc/passwd',
    'ftp://127.0.0.1/',
    'data:text/plain,a',
    'gopher://127.0.0.1:70/',
    'http://user:pass@127.0.0.1/',
  ]) {
    await expect(fetch(address), address).rejects.toThrow(TypeError);
    await expect(fetch(`${url}/${encodeURIComponent(address)}`), address).rejects.toThrow(TypeError);
  }
});

test('a route leads a provider’s origin elsewhere, path and all, and the answer says whose it is', async () => {
  const { url, seen } = await serve((_, response) => response.end('{}'));
  const { fetch } = open({ routes: { 'https://api.example.org': `${url}/api/` } });
  const answer = await fetch(new Request('https://api.example.org/2/files?a=1', { method: 'POST', body: 'x' }));
  expect(answer.url).toBe('https://api.example.org/2/files?a=1');
  expect(answer).toBeInstanceOf(Response);
  expect(seen[0]).toMatchObject({ url: '/api/2/files?a=1', method: 'POST' });
});

test('a signal ends a request, and a body of any kind arrives whole with its length', async () => {
  const { url, seen } = await serve((request, response) => {
    if (request.url === '/hang') return;
    request.pipe(response);
  });
  const { fetch } = open({ allow: ['127.0.0.1'] });
  await expect(fetch(`${url}/hang`, { signal: AbortSignal.timeout(50) })).rejects.toThrow(/abort|timeout/i);
  const echo = async (body: NonNullable<RequestInit['body']>, headers: Record<string, string> = {}) =>
    (await fetch(url, { method: 'PUT', body, headers })).text();
  expect(await echo('text')).toBe('text');
  expect(await echo(new URLSearchParams({ a: 'b' }))).toBe('a=b');
  expect(await echo(Buffer.from('bytes'))).toBe('bytes');
  expect(await echo(new Blob(['blob']))).toBe('blob');
  expect(await echo(new Blob(['stream']).stream(), { 'content-length': '6' })).toBe('stream');
  const form = new FormData();
  form.set('name', 'value');
  expect(await echo(form)).toContain('value');
  expect(seen.at(-2)?.headers['content-length']).toBe('6');
  expect(seen.at(-1)?.headers['content-type']).toMatch(/^multipart\/form-data; boundary=/);
});
