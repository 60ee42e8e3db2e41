/** People whose videos the team follows, from the influencer database or a tidy table. */
import { type Brought, defineDataset, type MappedRecord } from '../../ingest/dataset.ts';
import { id, range, text, timestamp } from '../../ingest/fields/index.ts';
import { objectAt, recordsIn, valueNamed } from '../record.ts';
import { KEY_LENGTH, NAME_LENGTH } from '../research-fields.ts';
import { tidyFiles, WRITTEN_BY_DATABASE } from '../tidy.ts';
import { videoKeyOf } from '../video-key.ts';

const PLATFORM_LENGTH = 100;
const CATEGORY_LENGTH = 500;
/** The column is a 32-bit integer; no channel comes near it. */
const MOST_SUBSCRIBERS = 2_147_483_647;

/** Where a platform's own object has its estimate: the first platform that gives one speaks. */
const PLATFORMS = ['youtube', 'instagram', 'tiktok', 'twitter', 'linkedin'];

export default defineDataset({
  name: 'influencers',
  title: 'Influencers',
  description: 'Creators with their reach and engagement.',
  table: 'influencers',
  key: ['influencer_id'],
  files: [{ pattern: '**/*Influencer_Database*.json', records: '$.influencers[*]' }, tidyFiles('influencers')],
  rulesVersion: 1,
  split: (value) => recordsIn(value, 'influencers'),
  fields: {
    influencer_id: id({ max: KEY_LENGTH }),
    name: text({ max: NAME_LENGTH, from: ['influencer_name'], required: true }),
    platform: text({ max: PLATFORM_LENGTH, from: ['primary_platform'] }),
    category: text({ max: CATEGORY_LENGTH, from: ['content_classification.primary_category'] }),
    subscriber_count: range({
      min: 0,
      max: MOST_SUBSCRIBERS,
      from: PLATFORMS.flatMap((platform) => [
        `platforms.${platform}.subscriber_count_estimate`,
        `platforms.${platform}.subscriber_count`,
      ]),
      description: 'The lower bound of an estimate; the range stands in metadata.',
    }),
    engagement_rate: range({
      min: 0,
      max: 100,
      scale: 2,
      from: ['engagement_metrics.estimated_engagement_rate', 'engagement_metrics.engagement_rate'],
      description: 'Per cent; the lower bound of an estimate.',
    }),
    last_updated: timestamp({ from: ['tracking.last_updated'] }),
  },
  rest: 'metadata',
  ignore: WRITTEN_BY_DATABASE,
  brings,
});

/** The videos in which someone was found are that person's. */
function brings({ fields, source }: MappedRecord): Brought {
  const influencer = fields['influencer_id'];
  const videos = valueNamed(objectAt(source, 'discovery'), 'referenced_in');
  if (typeof influencer !== 'string' || !Array.isArray(videos)) return {};
  return {
    references: videos
      .filter((mention) => typeof mention === 'string' && mention.trim() !== '')
      .map((mention) => ({ relation: 'video_influencers', owner: videoKeyOf(String(mention)), target: influencer })),
  };
}
