import type { SearchSource } from '../graphql/search-source.ts';
import { channel, department } from './search-facets.ts';

const source: SearchSource = {
  type: 'Analysis',
  table: 'analysis_results',
  key: 'analysis_id',
  created: 'created_at',
  text: `concat_ws(' — ', t.results ->> 'title', t.results ->> 'text')`,
  facets: [
    {
      facet: department,
      values: `SELECT r.department AS value
                 FROM research_videos rv
                 JOIN researches r ON r.research_id = rv.research_id
                WHERE rv.video_id = t.video_id`,
    },
    { facet: channel, values: 'SELECT v.channel_id AS value FROM videos v WHERE v.video_id = t.video_id' },
  ],
};
export default source;
