/** Channels that the team watches, from the tracking database or a tidy table. */
import { type Brought, defineDataset, type MappedRecord } from '../../ingest/dataset.ts';
import { id, text, timestamp } from '../../ingest/fields/index.ts';
import { isJsonObject } from '../../kernel/json.ts';
import { recordsIn, textNamed, valueNamed } from '../record.ts';
import { KEY_LENGTH, NAME_LENGTH, PATH_LENGTH } from '../research-fields.ts';
import { tidyFiles, WRITTEN_BY_DATABASE } from '../tidy.ts';
import { videoKeyOf } from '../video-key.ts';

const PLATFORM_LENGTH = 100;
const CATEGORY_LENGTH = 500;

export default defineDataset({
  name: 'channels',
  title: 'Channels',
  description: 'Channels whose videos are queued and transcribed.',
  table: 'channels',
  key: ['channel_id'],
  files: [{ pattern: '**/*YouTube_Channels*.json', records: '$.channels[*]' }, tidyFiles('channels')],
  rulesVersion: 1,
  split: (value) => recordsIn(value, 'channels'),
  fields: {
    channel_id: id({ max: KEY_LENGTH }),
    name: text({ max: NAME_LENGTH, from: ['channel_name'], required: true }),
    platform: text({ max: PLATFORM_LENGTH, description: 'YouTube, where the file names none.' }),
    url: text({ max: PATH_LENGTH, from: ['channel_url'] }),
    category: text({ max: CATEGORY_LENGTH, from: ['content_analysis.primary_focus'] }),
    last_scan_date: timestamp({ from: ['tracking.last_checked'] }),
  },
  rest: 'metadata',
  ignore: [
    ...WRITTEN_BY_DATABASE,
    // Counted when read: a stored number would be wrong with the next queue.
    'videos_in_queue',
  ],
  brings,
});

/** The videos that the database lists under a channel are that channel's. */
function brings({ fields, source }: MappedRecord): Brought {
  const channel = fields['channel_id'];
  const videos = valueNamed(source, 'videos_in_taxonomy');
  if (typeof channel !== 'string' || !Array.isArray(videos)) return {};
  const mentions = videos.map((video) => (isJsonObject(video) ? textNamed(video, 'video_id') : video));
  return {
    references: mentions
      .filter((mention) => typeof mention === 'string')
      .map((mention) => ({ relation: 'videos.channel_id', owner: videoKeyOf(mention), target: channel })),
  };
}
