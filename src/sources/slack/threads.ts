/** A thread from its first message to its last reply. */
import type { ConversationsRepliesResponse } from '@slack/web-api';
import { createPageGuard } from '../kit/page-guard.ts';
import type { Slack } from './client.ts';
import { PROVIDER } from './errors.ts';
import { type Message, messagesOf } from './messages.ts';

/** All messages of a thread up to a moment, oldest first, each once. @throws ConnectorError not-found where it is gone */
export async function readThread(slack: Slack, channel: string, ts: string, latest?: string): Promise<Message[]> {
  const guard = createPageGuard(PROVIDER);
  const found = new Map<string, Message>();
  for (let cursor: string | undefined; ; ) {
    const page: ConversationsRepliesResponse = await slack.call((client) =>
      client.conversations.replies({
        channel,
        ts,
        limit: 200,
        ...(latest === undefined ? {} : { latest, inclusive: true }),
        ...(cursor === undefined ? {} : { cursor }),
      }),
    );
    for (const message of messagesOf(page)) found.set(message.ts, message);
    cursor = page.response_metadata?.next_cursor;
    if (cursor === undefined || cursor === '') break;
    guard.next(cursor);
  }
  return [...found.values()].sort((left, right) => (left.ts < right.ts ? -1 : 1));
}
