import { restEntity, shown } from '../rest/entity.ts';
import { listRoute } from '../rest/list-route.ts';
import { readRoutes } from '../rest/read-routes.ts';
import { imports } from './imports.read.ts';
import { rejectsOfImport } from './rejects.read.ts';
import { rejectEntity } from './rest-rejects.ts';

export const importEntity = restEntity(imports, '019a0b1c-2d3e-7f40-8a51-62738495a6b7', [
  shown('file_size', 'bigint', true, 'The size of the file in bytes.'),
  shown('bytes_read', 'bigint', false, 'How much of the file is read, in bytes.'),
  shown('bytes_total', 'bigint', true, 'The size of the file in bytes; null before it is known.'),
  shown('error', 'json', true, 'Why it failed: `code`, `message` and `hint`.'),
]);

export default [
  ...readRoutes(importEntity),
  listRoute(rejectEntity, {
    path: '/imports/:import_id/rejects',
    operationId: 'listRejectsOfImport',
    summary: 'Lists the records of an import that did not pass',
    of: { owner: importEntity, relation: rejectsOfImport },
  }),
];
