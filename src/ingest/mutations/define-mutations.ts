/** Everything that can be done to a type by hand, from its declarations: one call per type. */
import { mutationInputs } from './inputs.ts';
import { defineMany } from './many.ts';
import type { Mutable } from './mutable.ts';
import { defineSingle } from './single.ts';
import { defineUpsert } from './upsert.ts';

/** Adds the mutations of a type to the schema: create, update and delete of one row, and of many. */
export function defineMutations(mutable: Mutable): void {
  const inputs = mutationInputs(mutable);
  defineSingle(mutable, inputs);
  defineUpsert(mutable, inputs);
  defineMany(mutable, inputs);
}
