/** Which conversations a source reads. */
import type { ConversationsListResponse } from '@slack/web-api';
import { ConnectorError } from '../connector.ts';
import { createPageGuard } from '../kit/page-guard.ts';
import type { Slack } from './client.ts';
import { PROVIDER } from './errors.ts';

export interface Channel {
  readonly id: string;
  /** The first folder of its items' paths. */
  readonly name: string;
  readonly isMember: boolean;
  readonly isPublic: boolean;
  readonly isArchived: boolean;
}

export interface ChosenChannels {
  readonly channels: ReadonlyMap<string, Channel>;
  /** Names of the settings that no conversation has. */
  readonly unknown: readonly string[];
}

type Listed = NonNullable<ConversationsListResponse['channels']>[number];

/**
 * The conversations that the settings mean, by id: in an Enterprise Grid one may be listed twice.
 * @throws ConnectorError config where none of the names in the settings is known
 */
export async function chooseChannels(slack: Slack): Promise<ChosenChannels> {
  const { channels: names, join } = slack.context.settings;
  const all = await listAll(slack);
  if (names.length === 0) {
    const reads = (channel: Channel): boolean => channel.isMember || (join && channel.isPublic && !channel.isArchived);
    return { channels: new Map([...all].filter(([, channel]) => reads(channel))), unknown: [] };
  }
  const chosen = new Map<string, Channel>();
  const unknown: string[] = [];
  for (const given of names) {
    const name = given.replace(/^#/, '');
    const found = all.get(name) ?? [...all.values()].find((channel) => channel.name === name);
    if (found === undefined) unknown.push(given);
    else chosen.set(found.id, found);
  }
  if (chosen.size > 0) return { channels: chosen, unknown };
  throw new ConnectorError('config', `This workspace shows none of the channels ${unknown.join(', ')}`, {
    hint: 'A private channel shows itself to its members alone: invite the app into it.',
  });
}

/** An app may lack the scope of one type: the others are read all the same, as an app of public channels expects. */
async function listAll(slack: Slack): Promise<Map<string, Channel>> {
  const { types } = slack.context.settings;
  try {
    return await listOf(slack, types);
  } catch (thrown) {
    const lacksScope = thrown instanceof ConnectorError && thrown.message.includes('missing_scope');
    if (!lacksScope || !types.includes('public_channel') || types.length === 1) throw thrown;
    slack.context.log.warn({ reason: thrown.message }, 'Slack shows this app public channels only');
    return listOf(slack, ['public_channel']);
  }
}

async function listOf(slack: Slack, types: readonly string[]): Promise<Map<string, Channel>> {
  const guard = createPageGuard(PROVIDER);
  const found = new Map<string, Channel>();
  for (let cursor: string | undefined; ; ) {
    const page: ConversationsListResponse = await slack.call((client) =>
      client.conversations.list({
        types: types.join(','),
        exclude_archived: !slack.context.settings.archived,
        limit: 200,
        ...(cursor === undefined ? {} : { cursor }),
      }),
    );
    for (const listed of page.channels ?? []) {
      if (listed.id !== undefined) found.set(listed.id, channelOf(listed, listed.id));
    }
    cursor = page.response_metadata?.next_cursor;
    if (cursor === undefined || cursor === '') return found;
    guard.next(cursor);
  }
}

function channelOf(listed: Listed, id: string): Channel {
  const isDirect = listed.is_im === true || listed.is_mpim === true;
  return {
    id,
    name: listed.name ?? (listed.user === undefined ? id : `direct ${listed.user}`),
    isMember: listed.is_member === true || isDirect,
    isPublic: !isDirect && listed.is_private !== true,
    isArchived: listed.is_archived === true,
  };
}
