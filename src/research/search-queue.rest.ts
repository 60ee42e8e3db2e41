import { writeRoutes } from '../ingest/mutations/write-routes.ts';
import { readRoutes } from '../rest/read-routes.ts';
import { searchMutable } from './mutables.ts';
import { searchEntity } from './rest-entities.ts';

export default [
  ...readRoutes(searchEntity),
  ...writeRoutes(searchEntity, searchMutable, {
    row: { search_id: 'SQ-901', department: 'LGN', query: 'lead generation agents', priority: 5 },
    patch: { status: 'active' },
  }),
];
