import type { SearchSource } from '../graphql/search-source.ts';
import { department } from './search-facets.ts';

const source: SearchSource = {
  type: 'Research',
  table: 'researches',
  key: 'research_id',
  created: 'created_date',
  text: `concat_ws(' — ', t.title, t.metadata ->> 'description')`,
  facets: [{ facet: department, values: 'SELECT t.department AS value' }],
};
export default source;
