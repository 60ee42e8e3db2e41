import type { Influencer } from '../database/generated/client.ts';
import { type EntityReads, fieldsOf, through } from '../graphql/entity.ts';
import { ORIGIN_COLUMNS } from '../history/origin.read.ts';

const field = fieldsOf<Influencer>();

export const influencers: EntityReads = {
  type: 'Influencer',
  scope: 'research',
  plural: 'influencers',
  single: 'influencer',
  table: 'influencers',
  key: 'influencerId',
  description: 'A person whose reach is followed.',
  fields: {
    influencerId: field.id('influencer_id', 'The key.'),
    name: field.text('name', 'The name.'),
    platform: field.text('platform', 'Where the person publishes.', { nullable: true }),
    category: field.text('category', 'What the person publishes about.', { nullable: true }),
    subscriberCount: field.integer('subscriber_count', 'How many follow; of a range, its lower end.', {
      nullable: true,
    }),
    engagementRate: field.float('engagement_rate', 'How many of those react, in per cent.', { nullable: true }),
    lastUpdated: field.dateTime('last_updated', 'When the file’s figures were taken.', { nullable: true }),
    createdAt: field.dateTime('created_at', 'When the person became known here.'),
    updatedAt: field.dateTime('updated_at', 'When the row last changed here.'),
    metadata: field.json('metadata', 'What the files say beyond the fields above, under the files’ own names.'),
    version: field.integer(
      'version',
      'Grows by one with every change; `ifVersion` of a mutation asks that it still be this.',
      { order: false },
    ),
  },
  relations: {
    videos: through(
      'Video',
      { table: 'video_influencers', own: 'influencer_id', other: 'video_id' },
      'The videos in which the person is seen.',
    ),
  },
  needs: { origin: ORIGIN_COLUMNS },
  order: [['createdAt', 'DESC']],
  indexed: { createdAt: 'DESC' },
};
