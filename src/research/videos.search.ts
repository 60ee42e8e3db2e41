import type { SearchSource } from '../graphql/search-source.ts';

const source: SearchSource = {
  type: 'Video',
  table: 'videos',
  key: 'video_id',
  text: `concat_ws(' — ', t.title, t.transcript_content)`,
  pieces: { type: 'VideoSegment', table: 'video_segments', owner: 'video_id', key: 'id', text: 't.text' },
};
export default source;
