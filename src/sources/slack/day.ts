/** What was said in a channel on one day, outside of threads. */
import type { ConversationsHistoryResponse } from '@slack/web-api';
import { createPageGuard } from '../kit/page-guard.ts';
import type { Slack } from './client.ts';
import { PROVIDER } from './errors.ts';
import { isThread, type Message, messagesOf, threadOf } from './messages.ts';
import { tsOf } from './settings.ts';

/** Oldest first, each once. `day`: such as `2025-01-31`, UTC. `latest`: the ts of the last that is wanted. @throws ConnectorError */
export async function readDay(slack: Slack, channel: string, day: string, latest?: string): Promise<Message[]> {
  const begin = Date.parse(`${day}T00:00:00Z`);
  const guard = createPageGuard(PROVIDER);
  const found = new Map<string, Message>();
  for (let cursor: string | undefined; ; ) {
    const page: ConversationsHistoryResponse = await slack.call((client) =>
      client.conversations.history({
        channel,
        oldest: tsOf(begin),
        // The last moment of the day: the next one begins another.
        latest: latest ?? `${begin / 1000 + 86_399}.999999`,
        inclusive: true,
        limit: 200,
        ...(cursor === undefined ? {} : { cursor }),
      }),
    );
    for (const message of messagesOf(page)) {
      if (!isThread(message) && threadOf(message) === undefined) found.set(message.ts, message);
    }
    cursor = page.response_metadata?.next_cursor;
    if (cursor === undefined || cursor === '') break;
    guard.next(cursor);
  }
  return [...found.values()].sort((left, right) => (left.ts < right.ts ? -1 : 1));
}
