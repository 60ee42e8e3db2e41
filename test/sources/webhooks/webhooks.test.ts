import { createHmac } from 'node:crypto';
import { expect, test, vi } from 'vitest';
import type { Actor } from '../../../src/kernel/actor.ts';
import { uuidv7 } from '../../../src/kernel/uuid.ts';
import { createOutbound } from '../../../src/outbound/outbound.ts';
import { pauseAfter } from '../../../src/sources/webhooks/deliveries.ts';
import { addWebhook, changeWebhook } from '../../../src/sources/webhooks/webhooks.write.ts';
import { TESTER, useTestDatabase } from '../../support/database.ts';
import { seedSource } from '../../support/sources.ts';
import { useWebhookPlace } from '../../support/webhook-place.ts';

const database = await useTestDatabase();
const { receiver, house, write, webhook, begun, end, deliveries } = await useWebhookPlace(database);
const soon = (check: () => unknown) => vi.waitFor(check, { timeout: 10_000, interval: 10 });

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
