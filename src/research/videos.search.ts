import type { SearchSource } from '../graphql/search-source.ts';
import { channel, department } from './search-facets.ts';

const source: SearchSource = {
  type: 'Video',
  table: 'videos',
  often: true,
  key: 'video_id',
  created: 'created_date',
  text: `concat_ws(' — ', t.title, t.transcript_content)`,
  facets: [
    {
      facet: department,
      values: `SELECT r.department AS value
                 FROM research_videos rv
                 JOIN researches r ON r.research_id = rv.research_id
                WHERE rv.video_id = t.video_id`,
    },
    { facet: channel, values: 'SELECT t.channel_id AS value' },
  ],
  pieces: {
    type: 'VideoSegment',
    table: 'video_segments',
    owner: 'video_id',
    key: 'id',
    text: 't.text',
    start: 't.start_seconds',
    speaker: 't.speaker',
  },
};
export default source;
