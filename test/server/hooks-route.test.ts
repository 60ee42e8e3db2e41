import { createHmac } from 'node:crypto';
import { request } from 'node:http';
import { expect, test } from 'vitest';
import { ADMIN_TOKEN, useTestApi } from '../support/api.ts';
import { useTestDatabase } from '../support/database.ts';
import { seedSource } from '../support/sources.ts';

const SECRET = 'the-secret-of-our-app';
const client = { clientId: 'us', clientSecret: SECRET, signingSecret: undefined, tenant: undefined };
const database = await useTestDatabase();
const api = await useTestApi(database, { settings: { oauthClients: { dropbox: client, notion: client } } });
const HOOK = `${api.url}/webhooks/sources/dropbox`;

const call = (body: string, secret = SECRET, address = HOOK): Promise<Response> =>
  fetch(address, {
    method: 'POST',
    body,
    headers: { 'x-dropbox-signature': createHmac('sha256', secret).update(body).digest('hex') },
  });
const bodyFor = (...accounts: string[]): string => JSON.stringify({ list_folder: { accounts } });
const dirty = async (sourceId: string): Promise<Date | null> =>
  (await database.owner.query('SELECT dirty_at FROM source_states WHERE source_id = $1', [sourceId])).rows[0]
    ?.dirty_at ?? null;

test('a signed call makes the sources of its accounts dirty, all of them and no others', async () => {
  const of = (account_id: string, given = {}) =>
    seedSource(database.owner, { source_type: 'dropbox', account_id, ...given });
  const [one, two, other, paused] = await Promise.all([
    of('a'),
    of('a', { owner_id: 'user:01900000-0000-7000-8000-00000000000a' }),
    of('b'),
    of('a', { is_active: false }),
  ]);
  expect((await call(bodyFor('a', 'unknown'))).status).toBe(200);
  expect(await dirty(one)).toBeInstanceOf(Date);
  expect(await dirty(two)).toBeInstanceOf(Date);
  expect(await dirty(other)).toBeNull();
  expect(await dirty(paused)).toBeNull();
  const first = await dirty(one);
  await call(bodyFor('a'));
  expect(await dirty(one)).toEqual(first);
});

test('a call that is not signed by the provider changes nothing', async () => {
  const sourceId = await seedSource(database.owner, { source_type: 'dropbox', account_id: 'c' });
  expect((await call(bodyFor('c'), 'another secret')).status).toBe(403);
  expect((await fetch(HOOK, { method: 'POST', body: bodyFor('c') })).status).toBe(403);
  expect(await dirty(sourceId)).toBeNull();
});

test('what is nobody’s address is answered as a wrong signature is', async () => {
  const sourceId = await seedSource(database.owner, { source_type: 'dropbox', account_id: 'd' });
  const answers = await Promise.all(
    ['/01900000-0000-7000-8000-0000000000ff', `/${sourceId}`, '/nobody'].map((path) =>
      call(bodyFor('d'), SECRET, HOOK + path),
    ),
  );
  expect(
    new Set(await Promise.all(answers.map(async (answer) => `${answer.status} ${await answer.text()}`))).size,
  ).toBe(1);
  expect(answers[0]?.status).toBe(403);
  expect(await dirty(sourceId)).toBeNull();
  expect((await call('', SECRET, `${api.url}/webhooks/sources/nothing`)).status).toBe(404);
  expect((await call('', SECRET, `${api.url}/webhooks/sources/folder`)).status).toBe(404);
});

test('the handshake is echoed as text that no browser takes for a page', async () => {
  const answer = await fetch(`${HOOK}?challenge=${encodeURIComponent('<script>')}`);
  expect([answer.status, await answer.text()]).toEqual([200, '<script>']);
  expect(answer.headers.get('content-type')).toMatch(/^text\/plain/);
  expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
});

test('a body that is too large is refused while it arrives', async () => {
  const status = await new Promise<number | undefined>((resolve) => {
    const sent = request(HOOK, { method: 'POST' }, (answer) => resolve(answer.statusCode));
    sent.on('error', () => resolve(413));
    sent.end(Buffer.alloc(3_000_000));
  });
  expect(status).toBe(413);
  expect((await fetch(HOOK, { method: 'PUT', body: 'x' })).status).toBe(405);
});

test('a person is led to the provider and back; who is not signed in, or comes with a guess, is told so on a page', async () => {
  const sourceId = await seedSource(database.owner, { source_type: 'dropbox', connection_status: 'pending' });
  const { data, errors } = await api.ask('mutation ($id: ID!) { startConnection(sourceId: $id) { url expiresAt } }', {
    id: sourceId,
  });
  expect(errors).toEqual([]);
  const { url } = (data as { startConnection: { url: string } }).startConnection;
  const asked = new URL(url);
  expect(asked.origin).toBe('https://www.dropbox.com');
  expect(asked.searchParams.get('redirect_uri')).toBe(`${api.url}/oauth/callback`);
  const back = `${api.url}/oauth/callback?code=1&state=${asked.searchParams.get('state')}`;
  const stranger = await fetch(back);
  expect([stranger.status, await stranger.text()]).toEqual([401, expect.stringContaining('You are not signed in')]);
  const guess = await fetch(`${api.url}/oauth/callback?code=1&state=guess`, {
    headers: { authorization: `Bearer ${ADMIN_TOKEN}` },
  });
  expect([guess.status, await guess.text()]).toEqual([401, expect.stringContaining('was not begun here')]);
  const refused = await fetch(`${back}&error=access_denied`, { headers: { authorization: `Bearer ${ADMIN_TOKEN}` } });
  expect([refused.status, await refused.text()]).toEqual([401, expect.stringContaining('(access_denied)')]);
  expect(api.logged()).not.toContain(SECRET);
});

test('the secret that a new webhook offers is seen by an admin, once, and believed by nothing', async () => {
  const offer = (secret: string) =>
    fetch(HOOK.replace('dropbox', 'notion'), { method: 'POST', body: JSON.stringify({ verification_token: secret }) });
  const take = async (token?: string) => {
    const { data, errors } = await api.ask('mutation { takeOfferedSecret(connector: "notion") { secret } }', {}, token);
    return data?.['takeOfferedSecret'] ?? errors[0]?.extensions['code'] ?? null;
  };
  expect(await take()).toBeNull();
  expect((await offer('secret_first')).status).toBe(200);
  await offer('secret_token_of_notion');
  for (const bad of ['', 'x'.repeat(501), 'two\nlines']) await offer(bad);
  expect(await take(await api.tokenFor('editor'))).toBe('FORBIDDEN');
  const { rows } = await database.owner.query('SELECT sealed_secret FROM offered_secrets');
  expect(rows).toHaveLength(1);
  expect(JSON.stringify(rows) + api.logged()).not.toContain('secret_token_of_notion');
  expect(await take()).toEqual({ secret: 'secret_token_of_notion' });
  expect(await take()).toBeNull();
  await offer('secret_old');
  await database.owner.query("UPDATE offered_secrets SET offered_at = now() - interval '61 minutes'");
  expect(await take()).toBeNull();
});
