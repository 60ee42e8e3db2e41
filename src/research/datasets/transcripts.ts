/** Transcripts of videos, one file each or several videos in one. What they say of a video stands before any queue. */
import { type Brought, defineDataset, type MappedRecord } from '../../ingest/dataset.ts';
import { date, duration, enumeration, integer, reference, text, timestamp } from '../../ingest/fields/index.ts';
import { isJsonObject } from '../../kernel/json.ts';
import { ANALYSIS_FOLDERS } from '../analysis-type.ts';
import { channelReferences } from '../channel-name.ts';
import { textNamed } from '../record.ts';
import { KEY_LENGTH, PATH_LENGTH, TITLE_LENGTH, TRANSCRIPT_LENGTH, videoAddress, videoId } from '../research-fields.ts';
import { WRITTEN_BY_DATABASE } from '../tidy.ts';
import { whyNoTranscript } from '../transcripts/transcript-name.ts';
import { transcriptRecords } from '../transcripts/transcript-records.ts';
import { VIDEO_STATUSES } from '../vocabulary.ts';

/** Folders whose files name videos and are not their transcripts: other datasets', or nobody's. */
const OTHERS = ['03_ANALYSIS', ...ANALYSIS_FOLDERS, 'REPORTS', 'Integration'].join('|');
/** Tables and queues whose names begin like a transcript's. */
const TABLES = 'Queue_Master*|influencers|segments';
const NAME = `Video[_ -]!(${TABLES}).{md,json}`;

export default defineDataset({
  name: 'transcripts',
  title: 'Transcripts',
  description: 'What is said in a video, with its title, address, length and timed segments.',
  table: 'videos',
  key: ['video_id'],
  files: [
    { pattern: `*(!(${OTHERS}|ARCHIVE)/)${NAME}`, records: '$' },
    // What was put away still counts where nothing newer says it.
    { pattern: `*(!(${OTHERS})/)${NAME}`, records: '$' },
  ],
  authority: 0,
  rulesVersion: 1,
  skip: whyNoTranscript,
  split: transcriptRecords,
  fields: {
    video_id: videoId(),
    source_url: videoAddress({ required: true }),
    title: text({ max: TITLE_LENGTH, required: true }),
    duration: duration(),
    channel_id: reference('channels', { max: KEY_LENGTH }),
    status: enumeration(VIDEO_STATUSES),
    phase: integer({ min: 1, max: 7 }),
    transcript_path: text({ max: PATH_LENGTH }),
    transcript_content: text({ max: TRANSCRIPT_LENGTH }),
    created_date: timestamp(),
    completed_date: timestamp(),
    'metadata.youtube_id': text(),
    'metadata.published_date': date(),
    'metadata.channel_name': text(),
  },
  rest: 'metadata',
  ignore: [
    ...WRITTEN_BY_DATABASE,
    // They become rows of video_segments.
    'segments',
  ],
  brings,
  parts: [
    {
      table: 'video_segments',
      key: ['video_id', 'position'],
      columns: ['start_seconds', 'end_seconds', 'speaker', 'text'],
    },
  ],
});

function brings({ fields, source }: MappedRecord): Brought {
  const references = channelReferences(fields, textNamed(source, 'channel_name'));
  const segments = source['segments'];
  if (!Array.isArray(segments)) return { references };
  const rows = segments.filter(isJsonObject).map((segment, index) => ({
    ...segment,
    video_id: fields['video_id'] ?? null,
    position: index + 1,
  }));
  return { references, parts: { video_segments: rows } };
}
