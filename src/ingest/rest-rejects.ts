import { restEntity } from '../rest/entity.ts';
import { rejects } from './rejects.read.ts';

/** Rejects as REST shows them. */
export const rejectEntity = restEntity(rejects, 1, [
  {
    column: 'errors',
    kind: 'json',
    nullable: false,
    filter: false,
    order: false,
    description: 'The reasons, one per field: `field`, `code`, `message` and `value`.',
  },
]);
