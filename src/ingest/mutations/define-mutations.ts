/** Everything that can be done to a type by hand, from its declarations: one call per type. */
import type { EntityReads } from '../../graphql/entity.ts';
import type { Dataset } from '../dataset.ts';
import { mutationInputs } from './inputs.ts';
import { defineMany } from './many.ts';
import { type MutationOptions, mutableOf } from './mutable.ts';
import { defineSingle } from './single.ts';
import { defineUpsert } from './upsert.ts';

/**
 * Adds the mutations of a type to the schema: create, update and delete of one row, and of many.
 * @throws AppError DECLARATION_INVALID when the type is not what the dataset holds
 */
export function defineMutations(reads: EntityReads, dataset: Dataset, options: MutationOptions): void {
  const mutable = mutableOf(reads, dataset, options);
  const inputs = mutationInputs(mutable);
  defineSingle(mutable, inputs);
  defineUpsert(mutable, inputs);
  defineMany(mutable, inputs);
}
