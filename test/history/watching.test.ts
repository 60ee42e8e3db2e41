import { expect, test } from 'vitest';
import { ADMIN_TOKEN, useTestApi } from '../support/api.ts';
import { useTestDatabase } from '../support/database.ts';
import { type EventStream, openEventStream } from '../support/event-stream.ts';

const database = await useTestDatabase();
const api = await useTestApi(database);
const sql = database.owner;

interface Told {
  readonly kind: 'READY' | 'CHANGED' | 'RESET';
  readonly count: number;
  readonly changes: readonly {
    readonly kind: string;
    readonly key: string;
    readonly node: Readonly<Record<string, unknown>> | null;
    readonly change: Readonly<Record<string, unknown>> | null;
  }[];
}

const CHANNELS = `subscription ($where: ChannelFilter) { channelsChanged(where: $where) {
  kind count changes { kind key node { channelId name } change { operation actor importId } } } }`;

const watch = (query: string, where: object = {}): Promise<EventStream<Told>> =>
  openEventStream(api.url, { authorization: `Bearer ${ADMIN_TOKEN}` }, query, { where });

test('a row that is written by SQL is told', async () => {
  const stream = await watch(CHANNELS);
  expect(await stream.next()).toEqual({ kind: 'READY', count: 0, changes: [] });
  await sql.query("INSERT INTO channels (channel_id, name) VALUES ('c1', 'One')");
  expect(await stream.next()).toMatchObject({
    kind: 'CHANGED',
    count: 1,
    changes: [{ kind: 'ADDED', key: 'c1', node: { name: 'One' }, change: { operation: 'INSERT' } }],
  });
  stream.leave();
});
