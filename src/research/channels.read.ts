import type { Channel } from '../database/generated/client.ts';
import type { Query } from '../database/session.ts';
import { type EntityReads, fieldsOf, many } from '../graphql/entity.ts';
import { ORIGIN_COLUMNS } from '../history/origin.read.ts';

const field = fieldsOf<Channel>();

export const channels: EntityReads = {
  type: 'Channel',
  scope: 'research',
  plural: 'channels',
  single: 'channel',
  table: 'channels',
  key: 'channelId',
  description: 'A channel whose videos are watched.',
  fields: {
    channelId: field.id('channel_id', 'The key.'),
    name: field.text('name', 'Its name.'),
    platform: field.text('platform', 'Where it is published, such as YouTube.'),
    url: field.text('url', 'Its address.', { nullable: true }),
    category: field.text('category', 'What it is about.', { nullable: true }),
    lastScanDate: field.dateTime('last_scan_date', 'When it was last looked through for new videos.', {
      nullable: true,
    }),
    createdAt: field.dateTime('created_at', 'When it became known here.'),
    updatedAt: field.dateTime('updated_at', 'When it last changed here.'),
    metadata: field.json('metadata', 'What its files say beyond the fields above, under the files’ own names.'),
    version: field.integer(
      'version',
      'Grows by one with every change; `ifVersion` of a mutation asks that it still be this.',
      { order: false },
    ),
  },
  relations: { videos: many('Video', 'channel_id', 'Its videos.') },
  needs: { origin: ORIGIN_COLUMNS },
  order: [['createdAt', 'DESC']],
  indexed: { createdAt: 'DESC', name: 'ASC' },
};

/** How many queued videos the channel of this key has, as SQL. */
export const queuedSql = (key: string): string =>
  `(SELECT count(*) FROM videos v WHERE v.channel_id = ${key} AND v.status = 'queued')`;

/** How many queued videos each channel has, in the order of the keys. */
export async function countQueued(query: Query, keys: readonly string[]): Promise<number[]> {
  const rows = await query<{ channel_id: string; count: bigint }>(
    'queued videos by channel',
    `SELECT channel_id, count(*) FROM videos WHERE channel_id = ANY($1::text[]) AND status = 'queued' GROUP BY channel_id`,
    [keys],
  );
  const counts = new Map(rows.map(({ channel_id, count }) => [channel_id, Number(count)]));
  return keys.map((key) => counts.get(key) ?? 0);
}
