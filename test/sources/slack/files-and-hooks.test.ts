/** Files of messages, Slack's markup, and its signed events. */
import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import connector from '../../../src/sources/connectors/slack.ts';
import { slackMarkdown } from '../../../src/sources/slack/markdown.ts';
import { slackWebhooks } from '../../../src/sources/slack/webhooks.ts';
import { createFollower, failure, fetchItem } from '../../support/follower.ts';
import { openSlackFake } from '../../support/providers/slack.ts';

let slack: Awaited<ReturnType<typeof openSlackFake>>;
beforeAll(async () => {
  slack = await openSlackFake();
  const file = {
    id: 'F7',
    name: 'a/b.csv',
    mimetype: 'text/csv',
    timestamp: 1_767_600_000,
    content: Buffer.from('a,b\n1,2\n'),
  };
  slack.world.say('data', '', { files: [file] }, Date.UTC(2026, 0, 5, 12));
});
afterAll(() => slack.close());

test('a file of a message is an item with its bytes, whole or from an offset; a message with nothing else is none', async () => {
  const follower = createFollower(connector, slack.context);
  await follower.follow();
  expect([...follower.world.keys()]).toEqual(['F7']);
  const item = follower.world.get('F7');
  if (item === undefined) throw new Error('The file was not told of');
  expect(item).toMatchObject({ kind: 'file', path: 'data/2026-01-05/a∕b.csv', size: 8, mediaType: 'text/csv' });
  expect((await fetchItem(connector, slack.context(), item)).toString()).toBe('a,b\n1,2\n');
  const rest = await connector.download({ id: 'F7' }, { offset: 4 }, slack.context() as never);
  expect(await new Response(rest.body).text()).toBe('1,2\n');
});

test('the sign-in page that comes without the right to files is not taken for the file', async () => {
  slack.world.lacksFiles = true;
  const error = await failure(connector.download({ id: 'F7' }, {}, slack.context() as never));
  slack.world.lacksFiles = false;
  expect(error).toMatchObject({ kind: 'forbidden', hint: expect.stringContaining('files:read') });
});

test('a file that was shared from another place gets no token of ours', async () => {
  const context = slack.context();
  const fetch: typeof globalThis.fetch = async (input, init) =>
    String(input).endsWith('files.info')
      ? Response.json({ ok: true, file: { id: 'F8', url_private: 'https://slack.com.elsewhere.example/F8' } })
      : context.fetch(input, init);
  const error = await failure(connector.download({ id: 'F8' }, {}, { ...context, fetch } as never));
  expect(error).toMatchObject({ kind: 'forbidden', message: expect.stringContaining('address of Slack') });
});

test.each([
  ['*bold* and ~gone~, 2*3*4 a*b*c', '**bold** and ~~gone~~, 2*3*4 a*b*c'],
  ['a &lt; b &amp;&amp; c &gt; d', 'a < b && c > d'],
  ['<@U1> in <#C2|general>, <!here> <!subteam^S1|@team>', '@Ada in #general, @here @team'],
  ['<https://example.com> <mailto:a@b.c|a@b.c>', 'https://example.com [a@b.c](mailto:a@b.c)'],
  ['`<@U1> *x*` and ```\n*y* &lt;z&gt;\n```', '`<@U1> *x*` and ```\n*y* <z>\n```'],
  ['&gt; said', '> said'],
])('%s reads %s', (text, markdown) => {
  expect(slackMarkdown(text, new Map([['U1', 'Ada']]))).toBe(markdown);
});

const SECRET = 'signing secret';

function event(
  body: unknown,
  options: { at?: number; secret?: string } = {},
): Parameters<typeof slackWebhooks.receive>[0] {
  const text = JSON.stringify(body);
  const time = String(Math.floor((options.at ?? Date.now()) / 1000));
  const made = createHmac('sha256', options.secret ?? SECRET)
    .update(`v0:${time}:${text}`)
    .digest('hex');
  return {
    method: 'POST',
    url: new URL('https://hub.example/webhooks/sources/slack'),
    headers: new Headers({ 'x-slack-request-timestamp': time, 'x-slack-signature': `v0=${made}` }),
    body: Buffer.from(text),
  };
}

test('an event says that its workspace is dirty; a challenge is answered', async () => {
  const changed = event({
    type: 'event_callback',
    team_id: 'T1',
    event: { type: 'message', subtype: 'message_changed' },
  });
  expect(await slackWebhooks.receive(changed, SECRET)).toEqual({ dirty: ['T1'], status: 200 });
  const asked = event({ type: 'url_verification', challenge: 'abc' });
  expect(await slackWebhooks.receive(asked, SECRET)).toMatchObject({ dirty: [], status: 200, body: 'abc' });
});

test.each([
  ['another secret', event({ type: 'event_callback', team_id: 'T1' }, { secret: 'another' })],
  ['an old signature', event({ type: 'event_callback', team_id: 'T1' }, { at: Date.now() - 301_000 })],
  ['another body', { ...event({ type: 'event_callback', team_id: 'T1' }), body: Buffer.from('{}') }],
  ['no signature', { ...event({ type: 'url_verification', challenge: 'x' }), headers: new Headers() }],
])('%s opens nothing', async (_, hook) => {
  expect(await slackWebhooks.receive(hook, SECRET)).toEqual({ dirty: [], status: 401 });
});
