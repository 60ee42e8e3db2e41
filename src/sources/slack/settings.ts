/** What a source of Slack may be set to. */
import { type Static, Type } from 'typebox';
import { ConnectorError } from '../connector.ts';

const conversationType = Type.Union(
  [Type.Literal('public_channel'), Type.Literal('private_channel'), Type.Literal('mpim'), Type.Literal('im')],
  { title: 'Type', description: 'A kind of conversation.' },
);

export const slackSettings = Type.Object(
  {
    channels: Type.Array(Type.String({ minLength: 1, maxLength: 80 }), {
      title: 'Channels',
      description: 'By name or id, such as research; empty for every channel that the app is a member of.',
      default: [],
      maxItems: 1000,
    }),
    types: Type.Array(conversationType, {
      title: 'Types',
      description:
        'Which conversations are read: public_channel, private_channel, mpim (groups), im (direct messages).',
      default: ['public_channel', 'private_channel'],
      uniqueItems: true,
    }),
    since: Type.String({
      title: 'Since',
      description: 'The first day (UTC) that is read, such as 2025-01-31; empty for everything.',
      default: '',
      pattern: '^([0-9]{4}-[0-9]{2}-[0-9]{2})?$',
    }),
    lookBackDays: Type.Integer({
      title: 'Look-back',
      description: 'Days that are read again every hour, since edits, deletes and replies do not show otherwise.',
      default: 7,
      minimum: 1,
      maximum: 90,
    }),
    files: Type.Boolean({ title: 'Files', description: 'Whether files of messages are items too.', default: true }),
    join: Type.Boolean({
      title: 'Join',
      description: 'Whether the app joins public channels that it is to read; each of them shows that it did.',
      default: false,
    }),
    archived: Type.Boolean({
      title: 'Archived',
      description: 'Whether archived channels are read as well.',
      default: false,
    }),
    teamId: Type.String({
      title: 'Workspace id',
      description: 'Of an Enterprise Grid: the workspace, such as T0123456789; empty elsewhere.',
      default: '',
      maxLength: 30,
    }),
  },
  { additionalProperties: false },
);

export type SlackSettings = Static<typeof slackSettings>;

/** The first moment that is read, as a ts of Slack; '0' for everything. @throws ConnectorError config */
export function firstMoment(settings: SlackSettings): string {
  if (settings.since === '') return '0';
  const time = Date.parse(`${settings.since}T00:00:00Z`);
  if (!Number.isNaN(time)) return tsOf(time);
  throw new ConnectorError('config', `"${settings.since}" is no day`, { hint: 'Write it as 2025-01-31.' });
}

/** Milliseconds as Slack writes moments: seconds with six decimals. */
export function tsOf(milliseconds: number): string {
  return (milliseconds / 1000).toFixed(6);
}

/** The UTC day of a ts, as `2025-01-31`. */
export function dayOf(ts: string): string {
  return new Date(Number(ts) * 1000).toISOString().slice(0, 10);
}
