/** The video queue, and tidy tables of videos. Transcripts of the same keys speak first: see transcripts.ts. */
import { type Brought, defineDataset, type MappedRecord } from '../../ingest/dataset.ts';
import { date, duration, enumeration, integer, reference, text, timestamp } from '../../ingest/fields/index.ts';
import type { JsonObject } from '../../kernel/json.ts';
import { channelReferences } from '../channel-name.ts';
import { employeesNamed } from '../people.ts';
import { recordsIn, textNamed, withValues } from '../record.ts';
import { KEY_LENGTH, PATH_LENGTH, TITLE_LENGTH, TRANSCRIPT_LENGTH, videoAddress, videoId } from '../research-fields.ts';
import { tidyFiles, WRITTEN_BY_DATABASE } from '../tidy.ts';
import { QUEUE_STATUS_NAMES, VIDEO_STATUSES } from '../vocabulary.ts';
import { youtubeAddress, youtubeIdInAddress, youtubeIdItself } from '../youtube.ts';

export default defineDataset({
  name: 'videos',
  title: 'Videos',
  description: 'Queued videos, and tables of videos.',
  table: 'videos',
  key: ['video_id'],
  files: [{ pattern: '**/*Video_Queue_Master*.{csv,json,jsonl,xlsx}' }, tidyFiles('videos')],
  authority: 1,
  rulesVersion: 1,
  split: (value) => recordsIn(value, 'videos').map(withAddress),
  fields: {
    video_id: videoId(),
    source_url: videoAddress({ from: ['Video_URL', 'URL'], required: true }),
    title: text({ max: TITLE_LENGTH, from: ['Video_Title'], required: true }),
    duration: duration(),
    channel_id: reference('channels', { max: KEY_LENGTH }),
    status: enumeration(VIDEO_STATUSES, { map: QUEUE_STATUS_NAMES }),
    phase: integer({ min: 1, max: 7 }),
    transcript_path: text({ max: PATH_LENGTH }),
    transcript_content: text({ max: TRANSCRIPT_LENGTH }),
    created_date: timestamp({ from: ['Added_Date'] }),
    completed_date: timestamp({ from: ['Parsed_Date'] }),
    'metadata.queue_id': text(),
    'metadata.channel_name': text(),
    'metadata.youtube_id': text(),
    'metadata.published_date': date({ from: ['Publish_Date', 'Publication_Date'] }),
  },
  rest: 'metadata',
  ignore: WRITTEN_BY_DATABASE,
  brings,
});

/** The YouTube id that a row gives, in its address or as its key, makes the canonical address. */
function withAddress(record: JsonObject): JsonObject {
  const address = textNamed(record, 'source_url', 'Video_URL', 'URL');
  const youtubeId =
    (address === undefined ? null : youtubeIdInAddress(address)) ??
    youtubeIdItself(textNamed(record, 'youtube_id', 'video_id') ?? '');
  if (youtubeId === null) return record;
  return withValues(record, {
    youtube_id: youtubeId,
    source_url: address === undefined ? youtubeAddress(youtubeId) : undefined,
  });
}

function brings({ fields, source }: MappedRecord): Brought {
  return {
    derived: employeesNamed(source, ['Added_By', 'Selected_By']),
    references: channelReferences(fields, textNamed(source, 'Channel_Name', 'Channel')),
  };
}
