/** Webhooks at a place of the tests, imports that end, and two deliverers over them. */
import { afterAll, beforeEach } from 'vitest';
import { createNotices } from '../../src/database/notices.ts';
import { writeSession } from '../../src/database/session.ts';
import type { Actor } from '../../src/kernel/actor.ts';
import { silentLog } from '../../src/kernel/log.ts';
import { uuidv7 } from '../../src/kernel/uuid.ts';
import { startDeliverer } from '../../src/sources/webhooks/deliverer.ts';
import { addWebhook, type WebhookInput } from '../../src/sources/webhooks/webhooks.write.ts';
import { TESTER, type TestDatabase } from './database.ts';
import { useReceiver } from './receiver.ts';
import { useSourcesHouse } from './sources-house.ts';

/** One for a test file; webhooks are forgotten before each test. */
export async function useWebhookPlace(database: TestDatabase) {
  const receiver = await useReceiver();
  const house = await useSourcesHouse(database, { url: receiver.url });
  const notices = createNotices(database.apiUrl, silentLog());
  const deliverers = [1, 2].map(() => startDeliverer({ house, notices, lookMs: 20, limitMs: 2_500 }));
  afterAll(async () => {
    await Promise.all(deliverers.map(({ stop }) => stop()));
    await notices.close();
  });
  beforeEach(() => database.owner.query('DELETE FROM webhook_endpoints'));

  const write = <T>(work: Parameters<typeof writeSession<T>>[2], actor: Actor = TESTER): Promise<T> =>
    writeSession(database.write, actor, work);
  let places = 0;
  /** A webhook at an address of its own. */
  const webhook = async (given: Partial<WebhookInput> = {}, actor: Actor = TESTER) => {
    places += 1;
    const path = `/${places}`;
    const made = await write(
      ({ query }) =>
        addWebhook(query, house, actor, { url: receiver.url + path, events: ['import.finished'], ...given }),
      actor,
    );
    return { ...made, path };
  };
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
    (await database.owner.query('SELECT * FROM webhook_deliveries WHERE webhook_id = $1 ORDER BY id', [webhookId]))
      .rows;
  return { receiver, house, write, webhook, begun, end, deliveries };
}
