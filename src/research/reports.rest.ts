import { writeRoutes } from '../ingest/mutations/write-routes.ts';
import { readRoutes } from '../rest/read-routes.ts';
import { reportMutable } from './mutables.ts';
import { reportEntity } from './rest-entities.ts';

export default [
  ...readRoutes(reportEntity),
  ...writeRoutes(reportEntity, reportMutable, {
    row: { report_id: 'weekly-901', title: 'Week 901' },
    patch: { report_type: 'weekly' },
  }),
];
