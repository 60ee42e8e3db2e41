import pg from 'pg';
import { PgBoss } from 'pg-boss';
import { afterAll, expect, test } from 'vitest';
import { openPgBoss } from '../../src/jobs/pg-boss-carrier.ts';
import { QUEUE_SCHEMA } from '../../src/jobs/queue-schema.ts';
import { silentLog } from '../../src/kernel/log.ts';
import { uuidv7 } from '../../src/kernel/uuid.ts';
import { useTestDatabase } from '../support/database.ts';

const database = await useTestDatabase();
const carrier = await openPgBoss(database.write, silentLog());
afterAll(() => carrier.close());

const KIND = 'probe';
await carrier.open(KIND);

const posting = (actor: string, notBefore = new Date(Date.now() - 1_000), priority = 0) => ({
  ticket: uuidv7(),
  jobId: uuidv7(),
  actor,
  notBefore,
  priority,
});
const inTransaction = async (work: (client: pg.PoolClient) => Promise<void>): Promise<void> => {
  const client = await database.write.connect();
  await client.query('BEGIN');
  await work(client);
  await client.query('COMMIT');
  client.release();
};
const taking = { kind: KIND, most: 10, without: [], perActor: 2 };

test('the queue’s tables are those that this release of pg-boss makes', async () => {
  const boss = new PgBoss({
    db: { executeSql: (text, values) => database.owner.query({ text, types: pg.types, ...(values && { values }) }) },
    schema: QUEUE_SCHEMA,
    migrate: false,
    supervise: false,
    schedule: false,
  });
  await boss.start();
  expect(await boss.detectSchemaDrift()).toMatchObject({ ok: true });
  await boss.stop({ graceful: false, close: false });
});

test('the application’s role owns nothing of it, and reads no more than it needs', async () => {
  await expect(database.write.query(`CREATE TABLE ${QUEUE_SCHEMA}.more (id int)`)).rejects.toThrow('permission denied');
  await expect(database.write.query(`TRUNCATE ${QUEUE_SCHEMA}.job`)).rejects.toThrow('permission denied');
  await expect(database.write.query(`SELECT ${QUEUE_SCHEMA}.delete_queue('probe')`)).rejects.toThrow(
    'permission denied',
  );
  await expect(database.write.query(`SELECT * FROM ${QUEUE_SCHEMA}.schedule`)).rejects.toThrow('permission denied');
});

test('a ticket is given to one who asks, the oldest first, two of an actor at once, and none before its time', async () => {
  const own = ['user:anna@example.org', 'user:anna@example.org', 'user:anna@example.org', 'token:nightly'].map(
    (actor) => posting(actor),
  );
  const later = posting('command:root', new Date(Date.now() + 3_600_000));
  await inTransaction((client) => carrier.post(client, KIND, [...own, later]));
  const [one, other] = await Promise.all([carrier.take({ ...taking, most: 1 }), carrier.take({ ...taking, most: 1 })]);
  const rest = await carrier.take(taking);
  const taken = [...one, ...other, ...rest].map(({ jobId }) => jobId);
  expect(taken.toSorted()).toEqual([own[0], own[1], own[3]].map((each) => each?.jobId).sort());
  expect(await carrier.take({ ...taking, without: ['user:anna@example.org'] })).toEqual([]);
  const all = [...own, later].map(({ ticket }) => ticket);
  expect((await carrier.alive(KIND, [...all, uuidv7()], 30)).toSorted()).toEqual(all.toSorted());
  await inTransaction((client) => carrier.drop(client, KIND, [...all, uuidv7()]));
  expect(await carrier.alive(KIND, all, 30)).toEqual([]);
});

test('of the tickets that wait, those of a higher priority are taken first', async () => {
  const waiting = [0, -5, 7, 0].map((priority, index) => posting(`user:${index}`, undefined, priority));
  await inTransaction((client) => carrier.post(client, KIND, waiting));
  const taken: (string | undefined)[] = [];
  for (const _each of waiting) taken.push((await carrier.take({ ...taking, most: 1 }))[0]?.jobId);
  expect(taken).toEqual([waiting[2], waiting[0], waiting[3], waiting[1]].map((each) => each?.jobId));
  await inTransaction((client) =>
    carrier.drop(
      client,
      KIND,
      waiting.map(({ ticket }) => ticket),
    ),
  );
});

test('what a rolled-back transaction posted never was', async () => {
  const client = await database.write.connect();
  await client.query('BEGIN');
  await carrier.post(client, KIND, [posting('a')]);
  await client.query('ROLLBACK');
  client.release();
  expect(await carrier.take(taking)).toEqual([]);
});
