/** A run of messages as a Markdown file: who said what and when, with the facts of the whole as front matter. */
import { stringify } from 'yaml';
import { slackMarkdown } from './markdown.ts';
import type { Message } from './messages.ts';

export interface Conversation {
  readonly title: string;
  readonly channel: string;
  readonly channelId: string;
  /** Oldest first. */
  readonly messages: readonly Message[];
  /** Of users, by id. */
  readonly names: ReadonlyMap<string, string>;
  readonly url: string | undefined;
}

export function renderConversation(conversation: Conversation): string {
  const { title, channel, channelId, messages, url } = conversation;
  const authors = [...new Set(messages.map((message) => authorOf(message, conversation)))];
  const facts = {
    title,
    channel,
    channel_id: channelId,
    started: momentOf(messages[0]),
    ended: momentOf(messages.at(-1)),
    authors,
    messages: messages.length,
    ...(url === undefined ? {} : { url }),
  };
  const said = messages.map((message) => renderMessage(message, conversation));
  return `---\n${stringify(facts)}---\n\n${said.join('\n\n')}\n`;
}

/** The first words of a message, for a title: its first line, at most `length` characters of it. */
export function firstWords(message: Message | undefined, names: ReadonlyMap<string, string>, length = 80): string {
  const line =
    slackMarkdown(message?.text ?? '', names)
      .trim()
      .split('\n')[0]
      ?.trim() ?? '';
  return line.length > length
    ? `${line
        .slice(0, length - 1)
        .toWellFormed()
        .trimEnd()}…`
    : line;
}

function renderMessage(message: Message, conversation: Conversation): string {
  const time = new Date(Number(message.ts) * 1000).toISOString().slice(0, 16).replace('T', ' ');
  const edited = message.edited === undefined ? '' : ' (edited)';
  const files = (message.files ?? []).map(({ name, title, permalink }) => `[${name ?? title}](${permalink})`);
  const parts = [
    `**${authorOf(message, conversation)}** · ${time} UTC${edited}`,
    slackMarkdown(message.text ?? '', conversation.names).trim(),
    ...(message.attachments ?? []).map((attachment) => attached(attachment, conversation.names)),
    files.length === 0 ? '' : `Files: ${files.join(', ')}`,
  ];
  return parts.filter((part) => part !== '').join('\n\n');
}

/** What apps show below their messages; `fallback` is the same in plain words. */
function attached(attachment: NonNullable<Message['attachments']>[number], names: ReadonlyMap<string, string>): string {
  const { pretext, title, title_link: address, text, fallback } = attachment;
  const heading = title === undefined || address === undefined ? title : `[${title}](${address})`;
  const parts = [pretext, heading, text].filter((part) => part !== undefined && part !== '');
  const shown = slackMarkdown(parts.length === 0 ? (fallback ?? '') : parts.join('\n'), names);
  return shown
    .split('\n')
    .map((line) => `> ${line}`)
    .join('\n');
}

function authorOf(message: Message, { names }: Conversation): string {
  const { user, username, bot_profile: bot } = message;
  return (user === undefined ? undefined : names.get(user)) ?? username ?? bot?.name ?? user ?? 'somebody';
}

function momentOf(message: Message | undefined): string {
  return new Date(Number(message?.ts ?? 0) * 1000).toISOString();
}
