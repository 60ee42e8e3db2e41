import type { ResearchVideo, Video } from '../database/generated/client.ts';
import { type EntityReads, fieldsOf, many, one, through } from '../graphql/entity.ts';
import { ORIGIN_COLUMNS } from '../history/origin.read.ts';
import { VIDEO_STATUS } from './enumerations.ts';

const field = fieldsOf<Video>();
const link = fieldsOf<ResearchVideo>();

export const videos: EntityReads = {
  type: 'Video',
  scope: 'research',
  plural: 'videos',
  single: 'video',
  table: 'videos',
  key: 'videoId',
  description: 'A video of the queue, with its transcript once there is one.',
  fields: {
    videoId: field.id('video_id', 'The key, such as Video_001.'),
    sourceUrl: field.text('source_url', 'Where it can be watched.'),
    title: field.text('title', 'Its title.'),
    duration: field.integer('duration', 'Its length in seconds.', { nullable: true }),
    channelId: field.id('channel_id', 'The key of the channel that published it.', { nullable: true }),
    status: field.enumeration('status', VIDEO_STATUS, 'How far it has come.'),
    phase: field.integer('phase', 'The phase of work that it is in, from 1 to 7.', { nullable: true }),
    transcriptPath: field.text('transcript_path', 'The file that holds its transcript.', { nullable: true }),
    transcriptContent: field.longText('transcript_content', 'All that is said in it.', { nullable: true }),
    createdDate: field.dateTime('created_date', 'When it entered the queue.'),
    completedDate: field.dateTime('completed_date', 'When it was done with.', { nullable: true }),
    updatedAt: field.dateTime('updated_at', 'When it last changed here.'),
    metadata: field.json('metadata', 'What its files say beyond the fields above, under the files’ own names.'),
    version: field.integer(
      'version',
      'Grows by one with every change; `ifVersion` of a mutation asks that it still be this.',
      { order: false },
    ),
  },
  relations: {
    channel: one('Channel', 'channel_id', 'The channel that published it.'),
    segments: many('VideoSegment', 'video_id', 'What is said in it, piece by piece, in the order of speech.'),
    analyses: many('Analysis', 'video_id', 'What was found in it.'),
    influencers: through(
      'Influencer',
      { table: 'video_influencers', own: 'video_id', other: 'influencer_id' },
      'The influencers seen in it.',
    ),
    researches: through(
      'Research',
      { table: 'research_videos', own: 'video_id', other: 'research_id' },
      'The researches that draw on it.',
      {
        relevanceScore: link.float('relevance_score', 'How much it matters to the research, from 0 to 1.', {
          nullable: true,
        }),
      },
    ),
  },
  needs: { origin: ORIGIN_COLUMNS },
  order: [['createdDate', 'DESC']],
  indexed: { createdDate: 'DESC', status: 'ASC', channelId: 'ASC' },
};
