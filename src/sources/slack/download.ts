/** The content of an item: conversations as Markdown, files as they are. */
import { ConnectorError, type Download, type ItemRef } from '../connector.ts';
import { textContent } from '../kit/text-content.ts';
import { openSlack, type Slack, type SlackContext } from './client.ts';
import { readDay } from './day.ts';
import { downloadFile } from './file-content.ts';
import { readId } from './items.ts';
import { hasWords, type Message, NO_TALLY, tally, upTo, versionOf } from './messages.ts';
import { namesIn } from './names.ts';
import { firstWords, renderConversation } from './render.ts';
import { readThread } from './threads.ts';

/** See {@link Connector.download}. */
export async function download(
  ref: ItemRef,
  options: { readonly offset?: number | undefined },
  context: SlackContext,
): Promise<Download> {
  const slack = await openSlack(context);
  const meant = readId(ref.id);
  if ('file' in meant) return downloadFile(meant.file, ref.version, options.offset ?? 0, slack);
  const isThread = meant.at.includes('.');
  const latest = upTo(ref.version);
  const read = isThread
    ? await readThread(slack, meant.channel, meant.at, latest)
    : await readDay(slack, meant.channel, meant.at, latest);
  const messages = read.filter(hasWords);
  const version = versionOf(messages.reduce(tally, NO_TALLY));
  if (messages.length === 0) throw new ConnectorError('not-found', 'The messages are gone');
  if (ref.version !== undefined && version !== ref.version) {
    throw new ConnectorError('conflict', 'Messages were edited or deleted since they were listed');
  }
  return {
    ...textContent(await rendered(slack, meant.channel, meant.at, messages, isThread), options.offset),
    mediaType: 'text/markdown',
    version,
    name: `${meant.at}.md`,
  };
}

async function rendered(
  slack: Slack,
  channelId: string,
  at: string,
  messages: readonly Message[],
  isThread: boolean,
): Promise<string> {
  const names = await namesIn(slack, messages);
  const { channel } = await slack.call((client) => client.conversations.info({ channel: channelId }));
  const name = channel?.name ?? channelId;
  const words = isThread ? firstWords(messages[0], names) : '';
  return renderConversation({
    title: words === '' ? `#${name} ${at}` : words,
    channel: name,
    channelId,
    messages,
    names,
    url: undefined,
  });
}
