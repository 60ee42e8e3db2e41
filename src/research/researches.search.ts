import type { SearchSource } from '../graphql/search-source.ts';

const source: SearchSource = {
  type: 'Research',
  table: 'researches',
  key: 'research_id',
  text: `concat_ws(' — ', t.title, t.metadata ->> 'description')`,
};
export default source;
