/** The mutations of many rows that a `where` finds: update, delete. */
import { builder } from '../../graphql/builder.ts';
import { filterInput } from '../../graphql/filter-inputs.ts';
import { requireAsked } from '../../graphql/visible.ts';
import { lockForHand } from '../by-hand.ts';
import { ConsequenceType, dryRun } from './consequence-type.ts';
import type { Consequence } from './consequences.ts';
import { deleteAll } from './delete-rows.ts';
import { collectFaults } from './faults.ts';
import { byHand, handWrite } from './hand-write.ts';
import type { MutationInputs } from './inputs.ts';
import { lockMatching, requireAtMost } from './matching.ts';
import type { Mutable } from './mutable.ts';
import { editAll, renames } from './write-rows.ts';

interface Matched {
  readonly matched: number;
}
interface UpdatedMany extends Matched {
  readonly changed: number;
}
interface DeletedMany extends Matched {
  readonly dryRun: boolean;
  readonly deleted: number;
  readonly consequences: readonly Consequence[];
}

/** A row costs less to write than to read with all that hangs on it. */
const price = ({ atMost }: { readonly atMost: number }): number => 1 + Math.max(0, atMost);

export function defineMany(mutable: Mutable, { patch }: MutationInputs): void {
  const { reads, plural, words, example, table } = mutable;
  const hand = byHand(reads.scope);
  const UpdatePayload = builder.objectRef<UpdatedMany>(`Update${plural}Payload`).implement({
    description: `How many of the ${words} were changed at once.`,
    fields: (t) => ({
      matched: t.exposeInt('matched', { description: 'Rows that `where` found.' }),
      changed: t.exposeInt('changed', { description: 'Rows that had other values before.' }),
    }),
  });
  const DeletePayload = builder.objectRef<DeletedMany>(`Delete${plural}Payload`).implement({
    description: `How many of the ${words} were deleted at once, or would be.`,
    fields: (t) => ({
      matched: t.exposeInt('matched', { description: 'Rows that `where` found.' }),
      deleted: t.exposeInt('deleted', { description: 'Rows that were deleted: none in a dry run.' }),
      dryRun: t.exposeBoolean('dryRun', { description: 'Whether this is only what would happen.' }),
      consequences: t.field({
        type: [ConsequenceType],
        description: 'What that does to other rows; the same before and after.',
        resolve: ({ consequences }) => consequences,
      }),
    }),
  });
  const found = builder.args((t) => ({
    where: t.field({
      type: filterInput(reads),
      required: true,
      description: 'Which rows: the `where` of their list. An empty one means all.',
    }),
    atMost: t.int({
      required: true,
      description: 'How many rows you expect, 10,000 at most: if more match, nothing is written.',
    }),
  }));
  builder.mutationFields((t) => ({
    [`update${plural}`]: t.field({
      ...hand,
      type: UpdatePayload,
      description: `Changes all of the ${words} that match, or none if more match than expected. Example: \`update${plural}(where: ${example.where}, patch: ${example.patch}, atMost: 10) { matched changed }\`.`,
      args: { ...found, patch: t.arg({ type: patch, required: true, description: 'What to change in each.' }) },
      complexity: (given) => ({ field: price(given) }),
      resolve: (_root, given, context, info) => {
        requireAtMost(given.atMost);
        requireAsked(context, mutable.reads, given.where);
        return handWrite(context, info, async (write) => {
          const faults = collectFaults();
          const checked = mutable.check(given.patch, 'patch', faults);
          await lockForHand(write, write.relations, table, renames(mutable, [checked]));
          const keys = await lockMatching(write, mutable, given.where, given.atMost);
          const changed = await editAll(write, mutable, keys, checked, faults);
          return { matched: keys.length, changed: changed.length };
        });
      },
    }),
    [`delete${plural}`]: t.field({
      ...hand,
      type: DeletePayload,
      description: `Deletes all of the ${words} that match, or none if more match than expected. Example: \`delete${plural}(where: ${example.where}, atMost: 10, dryRun: true) { matched consequences { table effect count } }\`.`,
      args: { ...found, ...dryRun },
      complexity: (given) => ({ field: price(given) }),
      resolve: (_root, { where, atMost, dryRun }, context, info) => {
        requireAtMost(atMost);
        requireAsked(context, mutable.reads, where);
        return handWrite(context, info, async (write) => {
          await lockForHand(write, write.relations, table, !dryRun);
          const keys = await lockMatching(write, mutable, where, atMost);
          const actor = context.actor.label;
          const consequences = await deleteAll(write, mutable, { keys, dryRun, actor });
          return { matched: keys.length, deleted: dryRun ? 0 : keys.length, dryRun, consequences };
        });
      },
    }),
  }));
}
