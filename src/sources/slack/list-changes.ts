/** A listing of the chosen channels: newest first within one, with everything that a pass needs in its cursor. */
import { ConnectorError, type Cursor, type SyncEvent } from '../connector.ts';
import { channelEvents } from './channel-events.ts';
import { type Channel, chooseChannels } from './channels.ts';
import { openSlack, type Slack, type SlackContext } from './client.ts';
import { beginPass, endPass, NEXT_CHANNEL, type PassState, scopeOf, slackCursor } from './pass.ts';
import { whoAmI } from './workspace.ts';

/** See {@link Connector.listChanges}. */
export async function* listChanges(cursor: Cursor | null, context: SlackContext): AsyncGenerator<SyncEvent> {
  const slack = await openSlack(context);
  const workspace = await whoAmI(slack);
  const of = scopeOf(workspace.teamId, context.settings);
  const kept = cursor === null ? undefined : slackCursor.read(cursor);
  const isOurs = kept?.of === of;
  if (cursor !== null && !isOurs) {
    yield { type: 'reset', reason: 'The source is set to other channels or another workspace now' };
  }
  const state = isOurs ? kept : { of, watermark: '', lookedBack: '0', pass: null };
  const { channels, unknown } = await chooseChannels(slack);
  if (unknown.length > 0) context.log.warn({ channels: unknown }, 'Slack shows no channels of these names');
  let pass: PassState = state.pass ?? {
    ...beginPass(state, [...channels.keys()], context.settings, Date.now()),
    partial: unknown.length > 0,
  };
  for (let id = pass.todo[0]; id !== undefined; id = pass.todo[0]) {
    const channel = channels.get(id);
    if (channel !== undefined) pass = yield* oneChannel(slack, channel, pass, { ...workspace, state });
    pass = { ...pass, ...NEXT_CHANNEL, todo: pass.todo.slice(1) };
    if (pass.todo.length > 0) yield { type: 'checkpoint', cursor: slackCursor.write({ ...state, pass }) };
  }
  const coverage = pass.partial ? 'partial' : pass.full ? 'full' : 'delta';
  yield { type: 'complete', cursor: slackCursor.write(endPass(state, pass)), coverage };
}

/** A channel that cannot be read is a fault of this channel, and nothing in it may be taken as gone. */
async function* oneChannel(
  slack: Slack,
  channel: Channel,
  start: PassState,
  known: Parameters<typeof channelEvents>[3],
): AsyncGenerator<SyncEvent, PassState> {
  let pass = start;
  try {
    if (!channel.isMember && slack.context.settings.join && channel.isPublic && !channel.isArchived) {
      await slack.call((client) => client.conversations.join({ channel: channel.id }));
    }
    pass = yield* channelEvents(slack, channel, start, known);
    return pass;
  } catch (thrown) {
    if (thrown instanceof ConnectorError && thrown.kind === 'cursor-expired' && start.page !== '') {
      // Only the page's cursor is too old: the channel begins anew, the others stay read.
      return yield* oneChannel(slack, channel, { ...start, ...NEXT_CHANNEL }, known);
    }
    const isOfChannel =
      thrown instanceof ConnectorError && (thrown.kind === 'forbidden' || thrown.kind === 'not-found');
    if (!isOfChannel) throw thrown;
    yield { type: 'item-error', ref: { id: channel.id, path: channel.name }, error: thrown };
    return { ...pass, partial: true };
  }
}
