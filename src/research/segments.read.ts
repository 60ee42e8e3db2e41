import type { VideoSegment } from '../database/generated/client.ts';
import { type EntityReads, fieldsOf, one } from '../graphql/entity.ts';
import { ORIGIN_COLUMNS } from '../history/origin.read.ts';

const field = fieldsOf<VideoSegment>();

/** Its business key has two columns, so the row's own id stands for it in lists and Relay ids. */
export const segments: EntityReads = {
  type: 'VideoSegment',
  scope: 'research',
  plural: 'segments',
  listed: false,
  table: 'video_segments',
  key: 'segmentId',
  description: 'What is said in a video from one moment to the next.',
  fields: {
    segmentId: field.bigint('id', 'The number of the segment; with the video’s key and the position it says the same.'),
    position: field.integer('position', 'Its place in the video, from 1.'),
    start: field.float('start_seconds', 'The second at which it begins.', { nullable: true }),
    end: field.float('end_seconds', 'The second at which it ends.', { nullable: true }),
    speaker: field.text('speaker', 'Who speaks, where the transcript says so.', { nullable: true }),
    text: field.text('text', 'What is said.'),
    videoId: field.id('video_id', 'The key of the video.'),
  },
  relations: { video: one('Video', 'video_id', 'The video in which it is said.') },
  needs: { origin: ORIGIN_COLUMNS },
  order: [['position', 'ASC']],
};
