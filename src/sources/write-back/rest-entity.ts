/** Write-backs as REST shows them. */
import { restEntity, shown } from '../../rest/entity.ts';
import { writeBacks } from './write-backs.read.ts';

export const writeBackEntity = restEntity(writeBacks, '019a0b1c-2d3e-7f40-8a51-62738495a6b8', [
  shown('error', 'json', true, 'Why its last run failed, or what it left: `code`, `message` and `hint`.'),
]);
