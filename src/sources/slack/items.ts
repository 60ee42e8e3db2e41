/**
 * What becomes an item: a thread with all its replies, and what was said without one, a day of a channel at a time (UTC).
 * A message alone is seldom what somebody looks for ("yes, ship it"), and a channel as a whole never stays the same: a day is
 * small, has an end, and reads as it was said. Its id stays when messages of it are edited or deleted.
 */
import type { RemoteItem } from '../connector.ts';
import { pathPart } from '../kit/paths.ts';
import type { Channel } from './channels.ts';
import { type Message, type SlackFile, type Tally, versionOf } from './messages.ts';
import { firstWords } from './render.ts';
import { dayOf } from './settings.ts';

export function threadId(channelId: string, ts: string): string {
  return `${channelId}:${ts}`;
}

export function dayId(channelId: string, day: string): string {
  return `${channelId}:${day}`;
}

/** What an id stands for. */
export function readId(id: string): { readonly file: string } | { readonly channel: string; readonly at: string } {
  const at = id.indexOf(':');
  return at < 0 ? { file: id } : { channel: id.slice(0, at), at: id.slice(at + 1) };
}

/** `workspace`: its address, such as `https://example.slack.com/`. */
export function threadItem(channel: Channel, first: Message, seen: Tally, workspace: string): RemoteItem {
  // The moment at its end keeps two threads apart that begin with the same words.
  const words = firstWords(first, new Map(), 50)
    .replace(/[*_`~#>[\]]/g, '')
    .trim();
  const name = [dayOf(first.ts), words, `${first.ts}.md`].filter((part) => part !== '').join(' ');
  return {
    ...written(channel, `${pathPart(channel.name)}/threads/${pathPart(name)}`, seen),
    id: threadId(channel.id, first.ts),
    name,
    url: messageUrl(workspace, channel.id, first.ts),
  };
}

export function dayItem(channel: Channel, day: string, seen: Tally, workspace: string): RemoteItem {
  const name = `${day}.md`;
  return {
    ...written(channel, `${pathPart(channel.name)}/${name}`, seen),
    id: dayId(channel.id, day),
    name,
    url: messageUrl(workspace, channel.id, seen.last),
  };
}

/** Undefined of what Slack has no bytes of: files that live elsewhere, were deleted, or are hidden by the plan. */
export function fileItem(channel: Channel, message: Message, file: SlackFile): RemoteItem | undefined {
  if (file.id === undefined || file.is_external === true) return undefined;
  if (file.mode === 'tombstone' || file.mode === 'hidden_by_limit' || file.mode === 'external') return undefined;
  const name = file.name ?? file.title ?? file.id;
  return {
    id: file.id,
    kind: 'file',
    name,
    path: `${pathPart(channel.name)}/${dayOf(message.ts)}/${pathPart(name)}`,
    version: fileVersion(file),
    size: file.size,
    mediaType: file.mimetype,
    modifiedAt: new Date(Number(file.updated ?? file.timestamp ?? file.created ?? message.ts) * 1000),
    url: file.permalink,
    author: file.username === '' ? undefined : file.username,
    hasContent: true,
  };
}

/** Snippets and canvases can be edited; other files stay what they are. */
export function fileVersion(file: {
  readonly timestamp?: number;
  readonly updated?: number;
  readonly size?: number;
}): string {
  return [file.timestamp ?? 0, file.updated ?? 0, file.size ?? 0].join('/');
}

function written(channel: Channel, path: string, seen: Tally): Omit<RemoteItem, 'id' | 'name' | 'url'> {
  const edited = Number(seen.edited) > Number(seen.last) ? seen.edited : seen.last;
  return {
    kind: 'message',
    parentId: channel.id,
    path,
    version: versionOf(seen),
    mediaType: 'text/markdown',
    modifiedAt: new Date(Number(edited) * 1000),
    hasContent: true,
  };
}

function messageUrl(workspace: string, channelId: string, ts: string): string {
  return `${workspace}archives/${channelId}/p${ts.replace('.', '')}`;
}
