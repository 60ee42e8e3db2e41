import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { createNotices, type Notices } from '../../src/database/notices.ts';
import { silentLog } from '../../src/kernel/log.ts';
import { useTestDatabase } from '../support/database.ts';

const database = await useTestDatabase();
const log = silentLog();

function open(url = database.apiUrl): Notices {
  const notices = createNotices(url, log);
  onTestFinished(notices.close);
  return notices;
}

const tell = (channel: string, payload: string) => database.owner.query('SELECT pg_notify($1, $2)', [channel, payload]);

const pids = async (): Promise<number[]> => {
  const { rows } = await database.owner.query<{ pid: number }>(
    "SELECT pid FROM pg_stat_activity WHERE application_name = 'cairn notices' AND datname = current_database()",
  );
  return rows.map(({ pid }) => pid);
};

/** What is heard on a channel, in order; undefined as `lost`. */
function hear(notices: Notices, channel: string) {
  const heard: string[] = [];
  const hearing = notices.on(channel, (payload) => heard.push(payload ?? 'lost'));
  return { heard, ...hearing };
}

test('nobody who hears, no connection', async () => {
  open();
  await sleep(50);
  expect(await pids()).toEqual([]);
});

test('every channel is heard by all who asked for it, on one connection', async () => {
  const notices = open();
  const one = hear(notices, 'one');
  const other = hear(notices, 'an "other"');
  const again = hear(notices, 'one');
  await Promise.all([one.ready, other.ready, again.ready]);
  await tell('one', 'a');
  await tell('an "other"', 'b');
  await tell('one', 'c');
  await expect.poll(() => again.heard).toEqual(['a', 'c']);
  expect([one.heard, other.heard]).toEqual([['a', 'c'], ['b']]);
  expect(await pids()).toHaveLength(1);
});

test('what is committed once a hearing is ready is heard, also by whoever joins a channel that is being opened', async () => {
  const notices = open();
  const hearings = Array.from({ length: 5 }, (_, index) => hear(notices, index % 2 === 0 ? 'x' : 'y'));
  const last = hearings[4];
  await last?.ready;
  await tell('x', 'now');
  await expect.poll(() => last?.heard).toEqual(['now']);
});

test('who has stopped hears nothing more', async () => {
  const notices = open();
  const left = hear(notices, 'one');
  const stays = hear(notices, 'one');
  await Promise.all([left.ready, stays.ready]);
  left.stop();
  await tell('one', 'a');
  await expect.poll(() => stays.heard).toEqual(['a']);
  expect(left.heard).toEqual([]);
});

test('a lost connection is made anew, everyone is told that something may be lost, and hears what comes next', async () => {
  const notices = open();
  const one = hear(notices, 'one');
  const other = hear(notices, 'other');
  await Promise.all([one.ready, other.ready]);
  for (let loss = 1; loss <= 2; loss += 1) {
    const before = await pids();
    await database.owner.query('SELECT pg_terminate_backend($1)', [before[0]]);
    await expect.poll(() => [one.heard.length, other.heard.length]).toEqual([loss, loss]);
    expect(await pids()).not.toEqual(before);
  }
  await tell('one', 'a');
  await expect.poll(() => one.heard).toEqual(['lost', 'lost', 'a']);
});

test('while the database cannot be reached a hearing is not ready, and is told when it is', async () => {
  const nowhere = new URL(database.apiUrl);
  nowhere.pathname = '/not_there_yet';
  const notices = open(nowhere.href);
  const one = hear(notices, 'one');
  await expect(one.ready).rejects.toThrow();
  await database.owner.query('CREATE DATABASE not_there_yet');
  onTestFinished(async () => {
    await notices.close();
    await database.owner.query('DROP DATABASE not_there_yet WITH (FORCE)');
  });
  await expect.poll(() => one.heard, { timeout: 10_000 }).toEqual(['lost']);
});

test('closing ends the connection, also while it is being made', async () => {
  const notices = open();
  const one = hear(notices, 'one');
  await notices.close();
  await one.ready.catch(() => undefined);
  await expect.poll(pids).toEqual([]);
});
