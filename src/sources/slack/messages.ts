/** Messages as Slack tells of them: which are read, and what a run of them is a version of. */
import { createHash } from 'node:crypto';
import type { ConversationsHistoryResponse } from '@slack/web-api';

type Element = NonNullable<ConversationsHistoryResponse['messages']>[number];

/** A message that has a moment: one without it cannot be told apart from another. */
export type Message = Element & { readonly ts: string };
export type SlackFile = NonNullable<Element['files']>[number];

/** What a channel says of itself; nobody looks for it. */
const NOTICES = new Set([
  'channel_join',
  'channel_leave',
  'channel_archive',
  'channel_unarchive',
  'channel_topic',
  'channel_purpose',
  'channel_name',
  'channel_convert_to_private',
  'group_join',
  'group_leave',
  'group_archive',
  'group_unarchive',
  'group_topic',
  'group_purpose',
  'group_name',
  'bot_add',
  'bot_remove',
  'pinned_item',
  'unpinned_item',
  'reminder_add',
  'ekm_access_denied',
]);

/** The messages of an answer, in the order they came. */
export function messagesOf(answer: { readonly messages?: readonly Element[] | undefined }): Message[] {
  return (answer.messages ?? []).filter((message): message is Message => message.ts !== undefined);
}

/** Whether a message begins a thread that has replies. */
export function isThread(message: Message): boolean {
  return message.thread_ts === message.ts && (message.reply_count ?? 0) > 0;
}

/** The thread that a message belongs to without beginning it: a reply that was sent to the channel as well. */
export function threadOf(message: Message): string | undefined {
  return message.thread_ts === message.ts ? undefined : message.thread_ts;
}

/** Whether it is read as part of a day: it has words of its own. Files are items themselves. */
export function hasWords(message: Message): boolean {
  if (NOTICES.has(message.subtype ?? '') || message.subtype === 'tombstone' || message.hidden === true) return false;
  return (message.text ?? '').trim() !== '' || (message.attachments ?? []).length > 0;
}

/** What has been seen of a run of messages; can be kept and gone on with. */
export interface Tally {
  readonly count: number;
  /** The greatest ts. */
  readonly last: string;
  /** The greatest `edited.ts`; '0' where nothing was edited. */
  readonly edited: string;
  /** A sum over all messages that no order matters to: it shows that one was deleted and another written. */
  readonly sum: number;
}

export const NO_TALLY: Tally = { count: 0, last: '0', edited: '0', sum: 0 };

export function tally(before: Tally, message: Message): Tally {
  const edited = message.edited?.ts ?? '0';
  const mark = createHash('sha256').update(`${message.ts}|${edited}`).digest().readUIntBE(0, 6);
  return {
    count: before.count + 1,
    last: message.ts > before.last ? message.ts : before.last,
    edited: edited > before.edited ? edited : before.edited,
    sum: (before.sum + mark) % 2 ** 48,
  };
}

/** Changes with every message that comes, goes or is edited. */
export function versionOf({ last, edited, count, sum }: Tally): string {
  return [last, edited, count, sum.toString(36)].join('/');
}

/** The moment up to which a version speaks: what came later belongs to the next one. */
export function upTo(version: string | undefined): string | undefined {
  return version === undefined ? undefined : /^(\d+\.\d+)\//.exec(version)?.[1];
}
