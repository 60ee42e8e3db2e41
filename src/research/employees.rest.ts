import { writeRoutes } from '../ingest/mutations/write-routes.ts';
import { readRoutes } from '../rest/read-routes.ts';
import { employeeMutable } from './mutables.ts';
import { employeeEntity } from './rest-entities.ts';

export default [
  ...readRoutes(employeeEntity),
  ...writeRoutes(employeeEntity, employeeMutable, {
    row: { employee_id: 'ada-example', name: 'Ada Example', department: 'AI' },
    patch: { email: 'ada@example.org' },
  }),
];
