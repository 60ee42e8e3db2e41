/** Exports as REST shows them. */
import { restEntity, shown } from '../rest/entity.ts';
import { exports } from './exports.read.ts';

export const exportEntity = restEntity(exports, '019a0b1c-2d3e-7f40-8a51-62738495a6b8', [
  shown('rows', 'bigint', true, 'How many rows it has; null before it is written.'),
  shown('bytes', 'bigint', true, 'The size of the file; null before it is written.'),
  shown('error', 'json', true, 'Why it failed: `code`, `message` and `hint`.'),
]);
