/** Gmail's pushes: believed by the secret in their address, or by Google's signature. */
import { createSign, generateKeyPairSync } from 'node:crypto';
import { expect, onTestFinished, test } from 'vitest';
import connector from '../../../src/sources/connectors/gmail.ts';
import { open as openOutbound, serve } from '../../support/outbound.ts';
import { openGmail } from '../../support/providers/gmail.ts';

test('Pub/Sub calls with the secret in its address; nothing is asked for without a topic', async () => {
  const place = await openGmail();
  onTestFinished(() => place.close());
  const { webhooks } = connector;
  if (webhooks?.register === undefined) throw new Error('Gmail has webhooks');
  const push = (token: string, body: unknown): ReturnType<typeof webhooks.receive> =>
    webhooks.receive(
      {
        method: 'POST',
        url: new URL(`https://hub.example.org/webhooks/sources/gmail?token=${token}`),
        headers: new Headers(),
        body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
      },
      'secret-of-the-hub',
    );
  const data = Buffer.from(JSON.stringify({ emailAddress: 'Ada@Example.org', historyId: '7' })).toString('base64');
  const { accountId } = await connector.check(place.context());
  expect(await push('secret-of-the-hub', { message: { data } })).toEqual({ dirty: [accountId], status: 204 });
  expect(await push('another', { message: { data } })).toEqual({ dirty: [], status: 403 });
  expect(await push('secret-of-the-hub', '{')).toEqual({ dirty: [], status: 204 });
  const hook = { url: 'https://hub.example.org/', secret: 'secret-of-the-hub', state: null };
  const without = await webhooks.register(place.context(), hook);
  await webhooks.unregister?.(place.context(), without.state);
  expect(place.watched).toEqual([]);
  const context = place.contextWith({ topic: 'projects/lab/topics/mail' });
  const { state, expiresAt } = await webhooks.register(context, hook);
  expect(place.watched).toEqual([{ topicName: 'projects/lab/topics/mail' }]);
  expect(expiresAt?.getTime()).toBeGreaterThan(Date.now());
  await webhooks.unregister?.(context, state);
  expect(place.watched).toEqual([]);
});

test('where the settings name a service account, a push is believed by its signature for our address alone', async () => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const certificates = await serve((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'max-age=600' });
    response.end(JSON.stringify({ k1: publicKey.export({ type: 'spki', format: 'pem' }) }));
  });
  const account = 'push@lab.iam.gserviceaccount.com';
  const audience = 'https://hub.example.org/webhooks/sources/gmail';
  const caller = {
    account,
    audience,
    fetch: openOutbound({ routes: { 'https://www.googleapis.com': certificates.url } }).fetch,
  };
  const now = Math.floor(Date.now() / 1000);
  const claims = {
    iss: 'https://accounts.google.com',
    aud: audience,
    email: account,
    email_verified: true,
    iat: now,
    exp: now + 3600,
  };
  const sign = (said: object, key = privateKey, head: object = { alg: 'RS256', kid: 'k1' }): string => {
    const text = [head, { ...claims, ...said }]
      .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
      .join('.');
    return `${text}.${createSign('RSA-SHA256').update(text).sign(key, 'base64url')}`;
  };
  const data = Buffer.from(JSON.stringify({ emailAddress: 'ada@example.org', historyId: '7' })).toString('base64');
  const push = async (token: string, url = audience): Promise<number | undefined> => {
    const headers = new Headers(token === '' ? {} : { authorization: `Bearer ${token}` });
    const hook = {
      method: 'POST',
      url: new URL(url),
      headers,
      body: Buffer.from(JSON.stringify({ message: { data } })),
    };
    const received = await connector.webhooks?.receive(hook, 'secret', caller);
    expect(received?.dirty).toEqual(received?.status === 204 ? ['ada@example.org'] : []);
    return received?.status;
  };
  expect(await push(sign({}))).toBe(204);
  expect(await push(sign({ aud: `${audience}?token=x` }), `${audience}?token=x`)).toBe(204);
  const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
  const refused = [
    '',
    'a.b.c',
    sign({ email: 'other@lab.iam.gserviceaccount.com' }),
    sign({ email_verified: false }),
    sign({ aud: 'https://other.example.org/webhooks/sources/gmail' }),
    sign({ iss: 'https://example.org' }),
    sign({ iat: now - 7200, exp: now - 3600 }),
    sign({}, stranger),
    sign({}, privateKey, { alg: 'RS256', kid: 'k2' }),
    `${sign({}).split('.').slice(0, 2).join('.')}.`,
  ];
  for (const token of refused) expect([token, await push(token)]).toEqual([token, 403]);
  // The secret in the address does not open what a signature is asked for.
  expect(await push('', `${audience}?token=secret`)).toBe(403);
  expect(certificates.seen).toHaveLength(1);
});
