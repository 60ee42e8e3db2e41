import { writeRoutes } from '../ingest/mutations/write-routes.ts';
import { readRoutes } from '../rest/read-routes.ts';
import { analysisMutable } from './mutables.ts';
import { analysisEntity } from './rest-entities.ts';

export default [
  ...readRoutes(analysisEntity),
  ...writeRoutes(analysisEntity, analysisMutable, {
    row: { analysis_id: 'gap_analysis:Video_901', analysis_type: 'gap_analysis', results: { gaps: 2 } },
    patch: { results: { gaps: 3 } },
  }),
];
