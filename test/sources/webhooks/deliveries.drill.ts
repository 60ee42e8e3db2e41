import { expect, test, vi } from 'vitest';
import { resendDelivery, sendTest } from '../../../src/sources/webhooks/webhooks.write.ts';
import { TESTER, useTestDatabase } from '../../support/database.ts';
import { useWebhookPlace } from '../../support/webhook-place.ts';

const database = await useTestDatabase();
const { receiver, write, webhook, begun, end, deliveries } = await useWebhookPlace(database);
const soon = (check: () => unknown) => vi.waitFor(check, { timeout: 10_000, interval: 10 });

const now = (deliveryId: string) =>
  database.owner.query('UPDATE webhook_deliveries SET next_attempt_at = now() WHERE delivery_id = $1', [deliveryId]);
const notify = () => database.owner.query("SELECT pg_notify('webhooks', '')");
const deliveryIdOf = (headers: { readonly [name: string]: unknown } | undefined): string =>
  String(headers?.['x-cairn-delivery']);

test('a place that fails, hangs, redirects, cuts or answers megabytes is told again later, and holds up no other', async () => {
  const bad = await Promise.all(Array.from({ length: 5 }, () => webhook()));
  const good = await webhook();
  const [failing, hanging, redirecting, cutting, talking] = bad.map(({ path }) => path);
  receiver.answer(failing ?? '', (response) => response.writeHead(500).end('x'));
  receiver.answer(hanging ?? '', () => undefined);
  receiver.answer(redirecting ?? '', (response) =>
    response.writeHead(302, { location: `${receiver.url}/elsewhere` }).end(),
  );
  receiver.answer(cutting ?? '', (response) => response.socket?.destroy());
  receiver.answer(talking ?? '', (response) => {
    response.writeHead(200);
    const talk = (): void => {
      while (!response.destroyed && response.write(Buffer.alloc(1_000_000)));
      if (!response.destroyed) response.once('drain', talk);
    };
    talk();
  });
  await end(await begun());
  await soon(async () => expect(await deliveries(good.webhookId)).toMatchObject([{ status: 'delivered' }]));
  await soon(async () => {
    const lines = await Promise.all(bad.map(async ({ webhookId }) => (await deliveries(webhookId))[0]));
    expect(lines.map((line) => [line.status, line.response_status])).toEqual([
      ['pending', 500],
      ['pending', null],
      ['pending', 302],
      ['pending', null],
      ['delivered', 200],
    ]);
    expect(lines.map(({ error }) => error !== null)).toEqual([true, true, true, true, false]);
    for (const line of lines.slice(0, 4)) expect(line.next_attempt_at.getTime()).toBeGreaterThan(Date.now() + 3_000);
  });
  expect(receiver.heard('/elsewhere')).toHaveLength(0);
});

test('what failed is told again, with the same key and body, until it is heard or ten times; Retry-After is obeyed', async () => {
  const { webhookId, path } = await webhook();
  receiver.answer(path, (response) => response.writeHead(503, { 'retry-after': '1000' }).end());
  await end(await begun());
  const lineOf = async () => (await deliveries(webhookId))[0];
  await soon(async () => expect(await lineOf()).toMatchObject({ attempts: 1, response_status: 503 }));
  expect((await lineOf()).next_attempt_at.getTime() - Date.now()).toBeGreaterThan(990_000);
  await database.owner.query(
    'UPDATE webhook_deliveries SET attempts = 9, next_attempt_at = now() WHERE webhook_id = $1',
    [webhookId],
  );
  await notify();
  await soon(async () =>
    expect(await lineOf()).toMatchObject({ status: 'failed', attempts: 10, next_attempt_at: null }),
  );
  receiver.answer(path, (response) => response.writeHead(200).end());
  await write(({ query }) => resendDelivery(query, deliveryIdOf(receiver.heard(path)[0]?.headers)));
  await soon(async () => expect(await lineOf()).toMatchObject({ status: 'delivered', attempts: 1, error: null }));
  const heard = receiver.heard(path);
  expect(new Set(heard.map(({ headers }) => deliveryIdOf(headers))).size).toBe(1);
  expect(new Set(heard.map(({ body }) => body)).size).toBe(1);
});

test('a place that is gone is told nothing more', async () => {
  const { webhookId, path } = await webhook();
  receiver.answer(path, (response) => response.writeHead(410).end());
  await end(await begun(2));
  await soon(async () =>
    expect((await deliveries(webhookId)).map(({ status }) => status)).toEqual(['failed', 'failed']),
  );
  // Each of two processes may have told it one thing by then.
  const heard = receiver.heard(path).length;
  expect(heard).toBeLessThanOrEqual(2);
  await end(await begun());
  expect(await deliveries(webhookId)).toHaveLength(2);
  expect(receiver.heard(path)).toHaveLength(heard);
  expect(
    (await database.owner.query('SELECT is_active FROM webhook_endpoints WHERE webhook_id = $1', [webhookId])).rows,
  ).toEqual([{ is_active: false }]);
  await expect(write(({ query }) => sendTest(query, TESTER, webhookId))).rejects.toMatchObject({ code: 'CONFLICT' });
});

test('what a worker had in its hands when it died is told again', async () => {
  const { webhookId } = await webhook();
  const deliveryId = await write(({ query }) => sendTest(query, TESTER, webhookId));
  await soon(async () => expect(await deliveries(webhookId)).toMatchObject([{ status: 'delivered', event: 'test' }]));
  await database.owner.query(
    "UPDATE webhook_deliveries SET status = 'pending', next_attempt_at = now() + interval '1 hour' WHERE delivery_id = $1",
    [deliveryId],
  );
  await now(deliveryId);
  await soon(async () => expect(await deliveries(webhookId)).toMatchObject([{ status: 'delivered', attempts: 2 }]));
});
