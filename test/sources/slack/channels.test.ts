/** Which channels are read, and what of one that cannot be. */
import { afterEach, expect, test } from 'vitest';
import type { SyncEvent } from '../../../src/sources/connector.ts';
import connector from '../../../src/sources/connectors/slack.ts';
import { createFollower, failure } from '../../support/follower.ts';
import { openSlackFake } from '../../support/providers/slack.ts';

const open: { close: () => Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((place) => place.close()));
});

/** Four channels with a message each: one that the app is in, one that it is not in, a private one, an archived one. */
async function workspace(settings: object): ReturnType<typeof openSlackFake> {
  const slack = await openSlackFake({ settings });
  open.push(slack);
  for (const name of ['mine', 'foreign', 'private', 'archived']) slack.world.say(name, `Said in ${name}.`);
  slack.world.channel('foreign', { is_member: false });
  slack.world.channel('private', { is_private: true });
  slack.world.channel('archived', { is_archived: true });
  return slack;
}

async function follow(slack: Awaited<ReturnType<typeof openSlackFake>>): Promise<readonly SyncEvent[]> {
  return createFollower(connector, slack.context).follow();
}

function read(events: readonly SyncEvent[]): (string | undefined)[] {
  return events.flatMap((event) => (event.type === 'upsert' ? [event.item.path?.split('/')[0]] : [])).sort();
}

test.each([
  [{}, ['mine', 'private']],
  [{ types: ['public_channel'] }, ['mine', 'private']],
  [{ archived: true }, ['archived', 'mine', 'private']],
  [{ join: true }, ['foreign', 'mine', 'private']],
  [{ channels: ['#private'] }, ['private']],
  [{ channels: ['C1', 'foreign'], join: true }, ['foreign', 'mine']],
])('the settings %o read %o, and all of it was told', async (settings, names) => {
  const events = await follow(await workspace(settings));
  expect(read(events)).toEqual(names);
  expect(events.at(-1)).toMatchObject({ coverage: 'full' });
});

test('a channel that the app is not in is told as such, and nothing is taken as gone', async () => {
  const events = await follow(await workspace({ channels: ['mine', 'foreign'] }));
  const [fault] = events.filter((event) => event.type === 'item-error');
  expect(fault).toMatchObject({ ref: { id: 'C2', path: 'foreign' }, error: { kind: 'forbidden' } });
  expect(read(events)).toEqual(['mine']);
  expect(events.at(-1)).toMatchObject({ type: 'complete', coverage: 'partial' });
});

test('a name that no channel has leaves nothing to conclude, and no name at all is a fault of the settings', async () => {
  expect((await follow(await workspace({ channels: ['mine', 'nobody'] }))).at(-1)).toMatchObject({
    coverage: 'partial',
  });
  const error = await failure(follow(await workspace({ channels: ['nobody'] })));
  expect(error).toMatchObject({ kind: 'config', message: expect.stringContaining('nobody') });
});

test('an app without the right to private channels reads the public ones', async () => {
  const slack = await workspace({});
  slack.world.lacksGroups = true;
  expect(read(await follow(slack))).toContain('mine');
});

test('channels or a first day that are set anew lead to a reset and a full listing', async () => {
  const slack = await workspace({});
  const first = createFollower(connector, slack.context);
  await first.follow();
  const settings = { ...Object(slack.context().settings), since: '2020-01-01' };
  const second = createFollower(connector, () => ({ ...slack.context(), settings }));
  const events = await second.follow({ from: first.cursor() ?? '' });
  expect(events[0]).toMatchObject({ type: 'reset' });
  expect(events.at(-1)).toMatchObject({ coverage: 'full' });
});
