/** What is said becomes days and threads: what each holds, and when each is another version. */
import { afterEach, expect, test } from 'vitest';
import connector from '../../../src/sources/connectors/slack.ts';
import { createFollower, type Follower, failure, fetchItem } from '../../support/follower.ts';
import { openSlackFake } from '../../support/providers/slack.ts';

const open: { close: () => Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((place) => place.close()));
});

const HOUR = 3_600_000;
/** Noon of the day before yesterday: whatever is said around it is of one day. */
const NOON = Math.floor(Date.now() / (24 * HOUR)) * 24 * HOUR - 36 * HOUR;
const DAY = new Date(NOON).toISOString().slice(0, 10);

interface Read {
  readonly slack: Awaited<ReturnType<typeof openSlackFake>>;
  readonly follower: Follower;
  readonly text: (id: string) => Promise<string>;
}

async function opened(settings: object = {}, pageSize = 2): Promise<Read> {
  const slack = await openSlackFake({ settings, pageSize });
  open.push(slack);
  const follower = createFollower(connector, slack.context);
  const text = async (id: string): Promise<string> => {
    const item = follower.world.get(id);
    if (item === undefined) throw new Error(`${id} was not told of`);
    return (await fetchItem(connector, slack.context(), item)).toString('utf8');
  };
  return { slack, follower, text };
}

test('what was said on a day without a thread is one item, oldest first, by the names of people', async () => {
  const { slack, follower, text } = await opened();
  slack.world.say('notes', 'joined', { subtype: 'channel_join' }, NOON);
  slack.world.say('notes', 'Is *this* it, <@U1>? See <https://example.com/a|the paper>', {}, NOON + 1000);
  slack.world.say('notes', 'Yes, ship it', { user: 'U9' }, NOON + 2000);
  slack.world.say('notes', 'Another day', {}, NOON + 24 * HOUR);
  await follower.follow();
  expect([...follower.world.keys()].sort()).toEqual([
    `C1:${DAY}`,
    `C1:${new Date(NOON + 24 * HOUR).toISOString().slice(0, 10)}`,
  ]);
  const item = follower.world.get(`C1:${DAY}`);
  expect(item).toMatchObject({ kind: 'message', path: `notes/${DAY}.md`, mediaType: 'text/markdown' });
  const day = await text(`C1:${DAY}`);
  expect(day).toContain(`---\ntitle: "#notes ${DAY}"\nchannel: notes\n`);
  expect(day).toContain('**Ada Byron** · ');
  expect(day).toMatch(
    /Is \*\*this\*\* it, @Ada Byron\? See \[the paper\]\(https:\/\/example\.com\/a\)[\s\S]*\*\*U9\*\*[\s\S]*Yes, ship it/,
  );
  expect(day).not.toContain('joined');
});

test('a thread is one item with its replies, named by its first words, and no part of its day', async () => {
  const { slack, follower, text } = await opened();
  const first = slack.world.say('notes', 'Which model is best?\nI mean for audio.', {}, NOON);
  for (const reply of ['The small one', 'No, the large one', 'Both & none']) {
    slack.world.say('notes', reply, { thread_ts: first.ts }, NOON + 3 * HOUR);
  }
  await follower.follow();
  expect([...follower.world.keys()]).toEqual([`C1:${first.ts}`]);
  expect(follower.world.get(`C1:${first.ts}`)?.path).toBe(`notes/threads/${DAY} Which model is best? ${first.ts}.md`);
  const thread = await text(`C1:${first.ts}`);
  expect(thread).toContain('title: Which model is best?\n');
  expect(thread).toContain('messages: 4\n');
  expect(thread).toMatch(/The small one[\s\S]*No, the large one[\s\S]*Both & none/);
});

test('an edit, a reply and a delete within the look-back make another version; a day that is empty is gone', async () => {
  const { slack, follower, text } = await opened();
  const first = slack.world.say('notes', 'Question', {}, NOON);
  const reply = slack.world.say('notes', 'Anser', { thread_ts: first.ts }, NOON + 1000);
  const alone = slack.world.say('notes', 'Alone', {}, NOON + 2000);
  await follower.follow();
  const [thread, day] = [`C1:${first.ts}`, `C1:${DAY}`];
  const before = follower.world.get(thread)?.version;
  slack.world.edit('notes', reply.ts, 'Answer');
  slack.world.drop('notes', alone.ts);
  // The window is read again once an hour: the cursor says that the last time was two hours ago.
  const cursor = (follower.cursor() ?? '').replace(
    /"lookedBack":"\d+/,
    `"lookedBack":"${Math.floor(Date.now() / 1000) - 7200}`,
  );
  const events = await follower.follow({ from: cursor });
  expect(events.at(-1)).toMatchObject({ coverage: 'delta' });
  expect(follower.world.get(thread)?.version).not.toBe(before);
  expect(await text(thread)).toMatch(/\(edited\)\n\nAnswer/);
  expect(events).toContainEqual({ type: 'delete', id: day, subtree: false });
});

test('a reply that was sent to the channel as well brings its old thread, however old that is', async () => {
  const { slack, follower } = await opened();
  const first = slack.world.say('notes', 'Old question', {}, NOON - 400 * 24 * HOUR);
  slack.world.say('notes', 'Old answer', { thread_ts: first.ts }, NOON - 399 * 24 * HOUR);
  await follower.follow();
  const before = follower.world.get(`C1:${first.ts}`)?.version;
  slack.world.say('notes', 'I found it', { thread_ts: first.ts, subtype: 'thread_broadcast' });
  await follower.follow();
  expect(follower.world.get(`C1:${first.ts}`)?.version).not.toBe(before);
});

test('what is said while a pass goes on belongs to the next one, and what was listed can still be read', async () => {
  const { slack, follower, text } = await opened({}, 1);
  slack.world.say('notes', 'one', {}, NOON);
  slack.world.say('notes', 'two', {}, NOON + 1000);
  const later = Date.now() + HOUR;
  for await (const event of connector.listChanges(null, slack.context() as never)) {
    if (event.type === 'checkpoint') slack.world.say('notes', 'too late', {}, later);
    if (event.type === 'upsert') expect(event.item.version).toContain('/2/');
  }
  await follower.follow();
  slack.world.say('notes', 'three', {}, NOON + 2000);
  const day = await text(`C1:${DAY}`);
  expect(day).toContain('two');
  expect(day).not.toContain('three');
});

test('nothing before the first day of the settings is read', async () => {
  const { slack, follower } = await opened({ since: DAY });
  slack.world.say('notes', 'before', {}, NOON - 13 * HOUR);
  slack.world.say('notes', 'on it', {}, NOON - 11 * HOUR);
  await follower.follow();
  expect([...follower.world.keys()]).toEqual([`C1:${DAY}`]);
});

test('a thread that goes between its listing and its reading is an item that is gone', async () => {
  const { slack, follower, text } = await opened();
  const first = slack.world.say('notes', 'Soon gone', {}, NOON);
  slack.world.say('notes', 'Indeed', { thread_ts: first.ts }, NOON + 1000);
  await follower.follow();
  await slack.remove('nothing');
  slack.world.drop('notes', first.ts);
  for (const message of slack.world.thread('C1', first.ts)) slack.world.drop('notes', message.ts);
  expect(await failure(text(`C1:${first.ts}`))).toMatchObject({ kind: 'not-found' });
});
