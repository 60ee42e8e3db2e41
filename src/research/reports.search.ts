import type { SearchSource } from '../graphql/search-source.ts';

const source: SearchSource = {
  type: 'Report',
  table: 'reports',
  key: 'report_id',
  text: `concat_ws(' — ', t.title, t.metadata ->> 'content')`,
};
export default source;
