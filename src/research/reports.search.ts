import type { SearchSource } from '../graphql/search-source.ts';
import { department } from './search-facets.ts';

const source: SearchSource = {
  type: 'Report',
  table: 'reports',
  key: 'report_id',
  created: 'created_date',
  text: `concat_ws(' — ', t.title, t.metadata ->> 'content')`,
  facets: [
    {
      facet: department,
      values: 'SELECT r.department AS value FROM researches r WHERE r.research_id = t.research_id',
    },
  ],
};
export default source;
