/** Jobs as REST shows them. */
import { restEntity, shown } from '../rest/entity.ts';
import { jobs } from './jobs.read.ts';

export const jobEntity = restEntity(jobs, '019a0b1c-2d3e-7f40-8a51-62738495a6b8', [
  shown('progress_done', 'bigint', false, 'How much of it is done, in a unit of its kind’s own.'),
  shown('progress_total', 'bigint', true, 'How much there is to do in that unit; null while nobody knows.'),
  shown('error', 'json', true, 'Why it failed, or why its last attempt did: `code`, `message` and `hint`.'),
]);
