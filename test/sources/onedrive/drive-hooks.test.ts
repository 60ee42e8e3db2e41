/** Bytes at another host, and the notifications of a drive. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import connector from '../../../src/sources/connectors/onedrive.ts';
import { oneDriveWebhooks as hooks } from '../../../src/sources/onedrive/webhooks.ts';
import { openOneDrive } from '../../support/providers/onedrive.ts';

let drive: Awaited<ReturnType<typeof openOneDrive>>;
beforeAll(async () => {
  drive = await openOneDrive();
});
afterAll(() => drive.close());

const context = (): never => drive.context() as never;

test('where an item is told without an address of its bytes, the redirect of its content is followed without a token', async () => {
  const id = await drive.put('a.txt', 'alphabet');
  drive.world.hidesAddresses = true;
  // The fake's host of the bytes refuses whoever shows it a token.
  const whole = await connector.download({ id }, {}, context());
  expect(await new Response(whole.body).text()).toBe('alphabet');
  const rest = await connector.download({ id }, { offset: 5 }, context());
  expect(await new Response(rest.body).text()).toBe('bet');
  expect(rest.size).toBe(8);
});

test('content that is packed on its way is not measured by its length, and the request asks for it unpacked', async () => {
  const id = await drive.put('b.txt', 'the same words '.repeat(500));
  const real = drive.context().fetch;
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const answer = await real(input, init);
    if (!String(input).includes('1drv.com')) return answer;
    expect(new Headers(init?.headers).get('accept-encoding')).toBe('identity');
    // As fetch shows a packed answer: the header of what came, the body unpacked.
    return new Response(answer.body, { headers: { 'content-encoding': 'gzip', 'content-length': '60' } });
  };
  const { body } = await connector.download({ id }, {}, { ...drive.context(), fetch } as never);
  expect((await new Response(body).text()).length).toBe(7500);
});

function called(body: unknown, query = ''): Parameters<typeof hooks.receive>[0] {
  return {
    method: 'POST',
    url: new URL(`https://hub.example/webhooks/sources/onedrive${query}`),
    headers: new Headers(),
    body: Buffer.from(JSON.stringify(body)),
  };
}

test('an address is proven by its token, as plain text', async () => {
  const answer = await hooks.receive(called('', '?validationToken=%3Cb%3Ehello'), 'secret');
  expect(answer).toEqual({ dirty: [], status: 200, body: '<b>hello', contentType: 'text/plain' });
});

test('a notification is believed for the sake of its clientState alone', async () => {
  const value = [{ subscriptionId: 'sub-1', clientState: 'secret' }];
  expect(await hooks.receive(called({ value }), 'secret')).toMatchObject({ dirty: ['sub-1'], status: 202 });
  expect(await hooks.receive(called({ value }), 'another')).toEqual({ dirty: [], status: 401 });
  expect(await hooks.receive(called({ value: [{ subscriptionId: 'sub-1' }] }), '')).toEqual({ dirty: [], status: 401 });
  expect(await hooks.receive(called({ no: 'value' }), 'secret')).toEqual({ dirty: [], status: 400 });
});

test('a subscription is made, renewed, made anew where it is gone, and ended even where it is gone', async () => {
  const hook = { url: 'https://hub.example/hook', secret: 'secret' };
  const made = await hooks.register?.(context(), { ...hook, state: null });
  expect(drive.world.hooks.get(made?.state ?? '')).toMatchObject({ clientState: 'secret', notificationUrl: hook.url });
  expect(made?.expiresAt?.getTime()).toBeGreaterThan(Date.now() + 28 * 86_400_000);
  expect((await hooks.register?.(context(), { ...hook, state: made?.state ?? null }))?.state).toBe(made?.state);
  drive.world.hooks.clear();
  const anew = await hooks.register?.(context(), { ...hook, state: 'sub-9' });
  expect(drive.world.hooks.has(anew?.state ?? '')).toBe(true);
  await hooks.unregister?.(context(), anew?.state ?? '');
  await hooks.unregister?.(context(), anew?.state ?? '');
  expect(drive.world.hooks.size).toBe(0);
});
