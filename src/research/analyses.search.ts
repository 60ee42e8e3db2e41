import type { SearchSource } from '../graphql/search-source.ts';

const source: SearchSource = {
  type: 'Analysis',
  table: 'analysis_results',
  key: 'analysis_id',
  text: `concat_ws(' — ', t.results ->> 'title', t.results ->> 'text')`,
};
export default source;
