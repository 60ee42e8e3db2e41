/** The mutations of one row: create, update, delete. */
import type { GraphQLResolveInfo } from 'graphql';
import { loadByKey } from '../../graphql/batches.ts';
import { builder } from '../../graphql/builder.ts';
import type { GraphqlContext } from '../../graphql/context.ts';
import { entityRef } from '../../graphql/entities.ts';
import type { Row } from '../../graphql/entity.ts';
import { nodeId } from '../../graphql/node.ts';
import { askedColumns, ITSELF } from '../../graphql/selection.ts';
import { AppError } from '../../kernel/errors.ts';
import type { Given } from './check.ts';
import { ConsequenceType, dryRun } from './consequence-type.ts';
import type { Consequence } from './consequences.ts';
import { deleteRow } from './delete-rows.ts';
import { byHand, handWrite } from './hand-write.ts';
import type { MutationInputs } from './inputs.ts';
import type { Mutable } from './mutable.ts';
import { createRow, updateRow } from './write-rows.ts';

interface WrittenRow {
  readonly key: string;
  readonly changed: boolean;
}

interface Deleted {
  readonly key: string;
  readonly dryRun: boolean;
  readonly consequences: readonly Consequence[];
}

export function defineSingle(mutable: Mutable, { create, patch }: MutationInputs): void {
  const { reads, example, key } = mutable;
  const name = reads.type;
  const field = name.charAt(0).toLowerCase() + name.slice(1);
  const hand = byHand(reads.scope);
  const Payload = builder.objectRef<WrittenRow>(`${name}Payload`).implement({
    description: `One of the ${mutable.words} as a mutation left it.`,
    fields: (t) => ({
      [field]: t.field({
        type: entityRef(name),
        description: 'The row.',
        resolve: (written, _given, context, info) => rowLeft(mutable, context, written.key, info),
      }),
      changed: t.exposeBoolean('changed', {
        description: 'Whether anything was written: false where all was so already.',
      }),
    }),
  });
  const DeletePayload = builder.objectRef<Deleted>(`Delete${name}Payload`).implement({
    description: 'What was deleted, or would be.',
    fields: (t) => ({
      deletedId: t.id({ description: 'The `id` of the row.', resolve: (gone) => nodeId(name, gone.key) }),
      [key.name]: t.exposeID('key', { description: 'The key of the row.' }),
      dryRun: t.exposeBoolean('dryRun', { description: 'Whether this is only what would happen.' }),
      consequences: t.field({
        type: [ConsequenceType],
        description: 'What that does to other rows; the same before and after.',
        resolve: ({ consequences }) => consequences,
      }),
    }),
  });
  const keyArgument = builder.args((t) => ({ [key.name]: t.string({ required: true, description: 'The key.' }) }));
  const keyOf = (given: Given): string => String(given[key.name]).normalize('NFC');
  const ifVersion = builder.args((t) => ({
    ifVersion: t.int({ description: 'The version that you saw: CONFLICT if it is another by now.' }),
  }));
  builder.mutationFields((t) => ({
    [`create${name}`]: t.field({
      ...hand,
      type: Payload,
      description: `Makes one of the ${mutable.words}. Of one that was deleted, what files say stands in what is not given. Example: \`create${name}(input: ${example.input}) { ${field} { ${key.name} version } }\`.`,
      args: { input: t.arg({ type: create, required: true, description: 'The row.' }) },
      resolve: (_root, { input }, context, info) =>
        handWrite(context, info, async (write) => ({ key: await createRow(write, mutable, input), changed: true })),
    }),
    [`update${name}`]: t.field({
      ...hand,
      type: Payload,
      description: `Changes one of the ${mutable.words}. An edit stays until a file brings another value than before. Example: \`update${name}(${key.name}: "${example.key}", patch: ${example.patch}, ifVersion: 1) { changed }\`.`,
      args: {
        ...keyArgument,
        patch: t.arg({ type: patch, required: true, description: 'What to change.' }),
        ...ifVersion,
      },
      resolve: (_root, given, context, info) =>
        handWrite(context, info, async (write) => {
          const key = keyOf(given);
          return {
            key,
            changed: await updateRow(write, mutable, { key, patch: given.patch, ifVersion: given.ifVersion }),
          };
        }),
    }),
    [`delete${name}`]: t.field({
      ...hand,
      type: DeletePayload,
      description: `Deletes one of the ${mutable.words}; no file brings it back. Example: \`delete${name}(${key.name}: "${example.key}", dryRun: true) { consequences { table column effect count } }\`.`,
      args: { ...keyArgument, ...ifVersion, ...dryRun },
      resolve: (_root, given, context, info) =>
        handWrite(context, info, async (write) => {
          const [key, actor] = [keyOf(given), context.actor.label];
          const { ifVersion, dryRun } = given;
          return { key, dryRun, consequences: await deleteRow(write, mutable, { key, ifVersion, dryRun, actor }) };
        }),
    }),
  }));
}

/** The row that a mutation wrote. @throws AppError CONFLICT when it is gone again */
export async function rowLeft(
  { reads }: Mutable,
  context: GraphqlContext,
  key: string,
  info: GraphQLResolveInfo,
): Promise<Row> {
  const row = await loadByKey(context, reads, key, askedColumns(reads, info, [ITSELF]));
  if (row !== null) return row;
  throw new AppError('CONFLICT', `${reads.type} ${key} was deleted at the same moment`);
}
