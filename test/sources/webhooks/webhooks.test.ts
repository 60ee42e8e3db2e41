import { createHmac } from 'node:crypto';
import { afterAll, beforeEach, expect, test, vi } from 'vitest';
import { createNotices } from '../../../src/database/notices.ts';
import { writeSession } from '../../../src/database/session.ts';
import type { Actor } from '../../../src/kernel/actor.ts';
import { silentLog } from '../../../src/kernel/log.ts';
import { uuidv7 } from '../../../src/kernel/uuid.ts';
import { createOutbound } from '../../../src/outbound/outbound.ts';
import { startDeliverer } from '../../../src/sources/webhooks/deliverer.ts';
import { pauseAfter } from '../../../src/sources/webhooks/deliveries.ts';
import {
  addWebhook,
  changeWebhook,
  resendDelivery,
  sendTest,
  type WebhookInput,
} from '../../../src/sources/webhooks/webhooks.write.ts';
import { TESTER, useTestDatabase } from '../../support/database.ts';
import { useReceiver } from '../../support/receiver.ts';
import { seedSource } from '../../support/sources.ts';
import { useSourcesHouse } from '../../support/sources-house.ts';

const database = await useTestDatabase();
const receiver = await useReceiver();
const house = await useSourcesHouse(database, { url: receiver.url });
const notices = createNotices(database.apiUrl, silentLog());
const deliverers = [1, 2].map(() => startDeliverer({ house, notices, lookMs: 20, limitMs: 800 }));
afterAll(async () => {
  await Promise.all(deliverers.map(({ stop }) => stop()));
  await notices.close();
});
beforeEach(() => database.owner.query('DELETE FROM webhook_endpoints'));

const write = <T>(work: Parameters<typeof writeSession<T>>[2], actor: Actor = TESTER): Promise<T> =>
  writeSession(database.write, actor, work);
let places = 0;
/** A webhook at an address of its own. */
async function webhook(given: Partial<WebhookInput> = {}, actor: Actor = TESTER) {
  places += 1;
  const path = `/${places}`;
  const made = await write(
    ({ query }) => addWebhook(query, house, actor, { url: receiver.url + path, events: ['import.finished'], ...given }),
    actor,
  );
  return { ...made, path };
}
const begun = async (count = 1): Promise<string[]> => {
  const ids = Array.from({ length: count }, () => uuidv7());
  await write(async ({ query }) => {
    for (const id of ids)
      await query(
        'test import',
        "INSERT INTO imports (import_id, dataset, path, rules_version, status, actor) VALUES ($1, 'videos', 'Lab/a.csv', 1, 'running', 'command:test')",
        [id],
      );
  });
  return ids;
};
const end = (ids: readonly string[], status = 'imported', rejected = 0) =>
  write(({ query }) =>
    query(
      'test import end',
      'UPDATE imports SET status = $2, read = $3, rejected = $3, finished_at = now() WHERE import_id = ANY ($1)',
      [ids, status, rejected],
    ),
  );
const deliveries = async (webhookId: string) =>
  (await database.owner.query('SELECT * FROM webhook_deliveries WHERE webhook_id = $1 ORDER BY id', [webhookId])).rows;
const soon = (check: () => unknown) => vi.waitFor(check, { timeout: 5_000, interval: 10 });
const now = (deliveryId: string) =>
  database.owner.query('UPDATE webhook_deliveries SET next_attempt_at = now() WHERE delivery_id = $1', [deliveryId]);

test('an import that ends is told, signed over the time and the bytes, under the key of its delivery', async () => {
  const { webhookId, secret, path } = await webhook();
  const [importId = ''] = await begun();
  await end([importId]);
  await soon(async () =>
    expect(await deliveries(webhookId)).toMatchObject([
      { status: 'delivered', attempts: 1, response_status: 204, error: null },
    ]),
  );
  const [heard] = receiver.heard(path);
  const [delivery] = await deliveries(webhookId);
  expect(JSON.parse(heard?.body ?? '')).toMatchObject({
    type: 'import.finished',
    data: { importId, dataset: 'videos', path: 'Lab/a.csv', status: 'IMPORTED', rejected: 0 },
  });
  const [, seconds, signature] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(String(heard?.headers['x-cairn-signature'])) ?? [];
  expect(signature).toBe(createHmac('sha256', secret).update(`${seconds}.${heard?.body}`).digest('hex'));
  expect(Math.abs(Number(seconds) - Date.now() / 1000)).toBeLessThan(10);
  expect(heard?.headers).toMatchObject({
    'x-cairn-event': 'import.finished',
    'x-cairn-delivery': delivery.delivery_id,
  });
  expect(delivery.response_ms).toBeGreaterThanOrEqual(0);
});

test('what is told commits with what happened, or never was; what goes on or was unchanged is not told', async () => {
  const { webhookId } = await webhook();
  const ids = await begun(3);
  const undone = write(async ({ query }) => {
    await query('test import end', "UPDATE imports SET status = 'imported' WHERE import_id = ANY ($1)", [ids]);
    throw new Error('undone');
  });
  await expect(undone).rejects.toThrow('undone');
  await write(({ query }) =>
    query('test progress', 'UPDATE imports SET bytes_read = 1 WHERE import_id = ANY ($1)', [ids]),
  );
  expect(await deliveries(webhookId)).toHaveLength(0);
  await end(ids, 'failed');
  expect(await deliveries(webhookId)).toHaveLength(3);
});

test('rejects are told from a number on, of a source its own imports, and to nobody who is turned off', async () => {
  const sourceId = await seedSource(database.owner, { name: 'Lab' });
  const other = await seedSource(database.owner, { name: 'Other' });
  const many = await webhook({ events: ['import.rejects'], rejectThreshold: 5 });
  const of = await webhook({ sourceId });
  const ofOther = await webhook({ sourceId: other });
  const off = await webhook();
  await write(({ query }) => changeWebhook(query, house, off.webhookId, { isActive: false }));
  await end(await begun(), 'imported', 4);
  expect(await deliveries(many.webhookId)).toHaveLength(0);
  await end(await begun(), 'imported', 5);
  expect(await deliveries(many.webhookId)).toMatchObject([{ event: 'import.rejects' }]);
  expect(await deliveries(of.webhookId)).toHaveLength(2);
  expect(await deliveries(ofOther.webhookId)).toHaveLength(0);
  expect(await deliveries(off.webhookId)).toHaveLength(0);
});

test('a sync that fails is told to its owner, and to others where the source is shared', async () => {
  const anna: Actor = {
    ...TESTER,
    credential: { kind: 'session', id: uuidv7(), userId: '01900000-0000-7000-8000-00000000000a', expiresAt: null },
  };
  const mine = await webhook({ events: ['sync.failed'] });
  const annas = await webhook({ events: ['sync.failed', 'sync.waiting'] }, anna);
  for (const is_shared of [false, true]) {
    const sourceId = await seedSource(database.owner, {
      owner_id: 'user:01900000-0000-7000-8000-00000000000a',
      is_shared,
    });
    await database.owner.query(
      "INSERT INTO sync_jobs (sync_job_id, source_id, owner_id, is_shared, job_type, status, requested_by) VALUES ($1, $2, $3, $4, 'incremental', 'running', 'x')",
      [uuidv7(), sourceId, 'user:01900000-0000-7000-8000-00000000000a', is_shared],
    );
    await database.owner.query("UPDATE sync_jobs SET status = 'failed' WHERE source_id = $1", [sourceId]);
  }
  expect(await deliveries(mine.webhookId)).toHaveLength(1);
  expect((await deliveries(annas.webhookId)).map(({ payload }) => payload.data.status)).toEqual(['FAILED', 'FAILED']);
});

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

test('an address of a private network is refused when it is made, and when its name leads to one later', async () => {
  const strict = { ...house, outbound: createOutbound() };
  const add = (url: string) =>
    write(({ query }) => addWebhook(query, strict, TESTER, { url, events: ['sync.failed'] }));
  for (const url of [
    'http://127.0.0.1/',
    'https://10.0.0.1/',
    'https://[::1]/',
    'https://localhost/',
    'http://169.254.169.254/',
    'http://example.org/',
  ])
    await expect(add(url), url).rejects.toMatchObject({ code: 'ADDRESS_NOT_ALLOWED' });
  for (const url of ['ftp://example.org/', 'nothing', 'https://user:pass@example.org/'])
    await expect(add(url), url).rejects.toMatchObject({ code: 'BAD_USER_INPUT', path: 'url' });
  await expect(
    write(({ query }) => addWebhook(query, strict, TESTER, { url: 'https://example.org/', events: ['nothing'] })),
  ).rejects.toMatchObject({ path: 'events' });
  await add('https://example.org/hook');
});

test('pauses grow to a day and no further, and differ', () => {
  expect([1, 2, 3].map((attempts) => pauseAfter(attempts, undefined, 0.5))).toEqual([10, 30, 90]);
  expect(pauseAfter(10, undefined, 0.5)).toBe(86_400);
  expect(pauseAfter(1, 5_000, 0.5)).toBe(10);
  expect(pauseAfter(1, 90_000_000, 0.5)).toBe(86_400);
  expect(pauseAfter(2, undefined, 0)).toBeLessThan(pauseAfter(2, undefined, 1));
});

const notify = () => database.owner.query("SELECT pg_notify('webhooks', '')");
const deliveryIdOf = (headers: { readonly [name: string]: unknown } | undefined): string =>
  String(headers?.['x-cairn-delivery']);
