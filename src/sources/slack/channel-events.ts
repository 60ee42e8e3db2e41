/** One channel's history as events: threads, days, files. */
import type { ConversationsHistoryResponse } from '@slack/web-api';
import { ConnectorError, type SyncEvent } from '../connector.ts';
import { createPageGuard } from '../kit/page-guard.ts';
import type { Channel } from './channels.ts';
import type { Slack } from './client.ts';
import { PROVIDER } from './errors.ts';
import { dayId, dayItem, fileItem, threadId, threadItem } from './items.ts';
import { hasWords, isThread, type Message, messagesOf, NO_TALLY, tally, threadOf } from './messages.ts';
import { type PassState, type SlackState, slackCursor } from './pass.ts';
import { dayOf } from './settings.ts';
import { readThread } from './threads.ts';

interface Known {
  readonly workspace: string;
  readonly state: SlackState;
}

/** From where `start` stands to the channel's end; returns where the pass stands then. */
export async function* channelEvents(
  slack: Slack,
  channel: Channel,
  start: PassState,
  known: Known,
): AsyncGenerator<SyncEvent, PassState> {
  const guard = createPageGuard(PROVIDER);
  let pass = start;
  for (;;) {
    const page = await readPage(slack, channel.id, pass);
    for (const message of messagesOf(page)) {
      if (pass.below !== '' && message.ts >= pass.below) continue;
      pass = { ...pass, below: message.ts };
      pass = yield* messageEvents(slack, channel, message, pass, known);
    }
    const next = page.response_metadata?.next_cursor ?? '';
    if (next === '') break;
    guard.next(next);
    pass = { ...pass, page: next };
    yield { type: 'checkpoint', cursor: slackCursor.write({ ...known.state, pass }) };
  }
  pass = yield* endOfDay(channel, pass, known);
  if (!pass.full) yield* emptyDays(channel, pass);
  return pass;
}

async function readPage(slack: Slack, channel: string, pass: PassState): Promise<ConversationsHistoryResponse> {
  const { latest, oldest, page } = pass;
  return slack.call((client) =>
    client.conversations.history({
      channel,
      latest,
      oldest,
      inclusive: true,
      limit: 200,
      ...(page === '' ? {} : { cursor: page }),
    }),
  );
}

async function* messageEvents(
  slack: Slack,
  channel: Channel,
  message: Message,
  before: PassState,
  known: Known,
): AsyncGenerator<SyncEvent, PassState> {
  let pass = before;
  const thread = isThread(message) ? message.ts : threadOf(message);
  if (thread !== undefined) yield* threadEvents(slack, channel, thread, known);
  else yield* fileEvents(slack, channel, message);
  if (thread !== undefined || !hasWords(message)) return pass;
  const day = dayOf(message.ts);
  if (pass.day !== day) pass = yield* endOfDay(channel, pass, known);
  return { ...pass, day, seen: tally(pass.seen, message) };
}

/** The replies are read for their files, and because an edit of one shows nowhere else. */
async function* threadEvents(slack: Slack, channel: Channel, ts: string, known: Known): AsyncGenerator<SyncEvent> {
  let messages: Message[];
  try {
    messages = await readThread(slack, channel.id, ts);
  } catch (thrown) {
    // A thread may go between the page that shows it and this request.
    if (!(thrown instanceof ConnectorError) || thrown.kind !== 'not-found') throw thrown;
    yield { type: 'item-error', ref: { id: threadId(channel.id, ts), kind: 'message' }, error: thrown };
    return;
  }
  for (const message of messages) yield* fileEvents(slack, channel, message);
  const [first] = messages;
  const seen = messages.filter(hasWords).reduce(tally, NO_TALLY);
  if (first === undefined || seen.count === 0) return;
  yield { type: 'upsert', item: threadItem(channel, { ...first, ts }, seen, known.workspace) };
}

function* fileEvents(slack: Slack, channel: Channel, message: Message): Generator<SyncEvent> {
  if (!slack.context.settings.files) return;
  for (const file of message.files ?? []) {
    const item = fileItem(channel, message, file);
    if (item !== undefined) yield { type: 'upsert', item };
  }
}

function* endOfDay(channel: Channel, pass: PassState, known: Known): Generator<SyncEvent, PassState> {
  if (pass.day === '') return pass;
  yield { type: 'upsert', item: dayItem(channel, pass.day, pass.seen, known.workspace) };
  // A full pass concludes from what it did not tell; years of days need not be kept for that.
  const days = pass.full ? [] : [...pass.days, pass.day];
  return { ...pass, day: '', seen: NO_TALLY, days };
}

/** A day whose last message was deleted is told by nobody. */
function* emptyDays(channel: Channel, pass: PassState): Generator<SyncEvent> {
  for (let at = Number(pass.oldest) * 1000; at <= Number(pass.latest) * 1000; at += 86_400_000) {
    const day = dayOf(String(at / 1000));
    if (!pass.days.includes(day)) yield { type: 'delete', id: dayId(channel.id, day), subtree: false };
  }
}
