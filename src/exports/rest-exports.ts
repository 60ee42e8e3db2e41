/** Exports as REST shows them. */
import { type FurtherField, restEntity } from '../rest/entity.ts';
import { exports } from './exports.read.ts';

/** Shown, and no more: lists are neither filtered nor ordered by them. */
const shown = (column: string, kind: FurtherField['kind'], description: string): FurtherField => ({
  column,
  kind,
  nullable: true,
  filter: false,
  order: false,
  description,
});

export const exportEntity = restEntity(exports, '019a0b1c-2d3e-7f40-8a51-62738495a6b8', [
  shown('rows', 'bigint', 'How many rows it has; null before it is written.'),
  shown('bytes', 'bigint', 'The size of the file; null before it is written.'),
  shown('error', 'json', 'Why it failed: `code`, `message` and `hint`.'),
]);
