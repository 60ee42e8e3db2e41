import { builder } from '../../graphql/builder.ts';
import { entityRef } from '../../graphql/entities.ts';
import { mutate } from '../../graphql/mutate.ts';
import { MAY_CHANGE, rowNow } from '../changing-sources.graphql.ts';
import { sources } from '../sources.read.ts';
import { checkedTransformation } from './save-transformation.ts';
import { transformations } from './transformations.read.ts';
import {
  addTransformation,
  changeTransformation,
  deleteTransformation,
  findTransformation,
  orderTransformations,
} from './transformations.write.ts';

const STEPS_DESCRIPTION =
  'Steps in their order, each with a `kind`: rename (names), map (field, values, otherwise), set (field, value, when), split (field, by, into), join (fields, with, into), filter (field with is or isNot, or expression), compute (field, expression).';
const SAMPLE = 'Records as the files have them: saved only if one of them passes.';

const CreateInput = builder.inputType('CreateTransformationInput', {
  description: 'A new transformation, behind the others of its source.',
  fields: (t) => ({
    sourceId: t.id({ required: true, description: 'The source.' }),
    name: t.string({ required: true, description: 'What people call it.' }),
    pattern: t.string({ description: 'A glob over the items’ paths; all of them unless given.' }),
    steps: t.field({ type: 'JSON', required: true, description: STEPS_DESCRIPTION }),
    isActive: t.boolean({ description: 'True unless given.' }),
    sample: t.field({ type: ['JSON'], description: SAMPLE }),
  }),
});

const UpdateInput = builder.inputType('UpdateTransformationInput', {
  description: 'What to change of a transformation; what is left out stays.',
  fields: (t) => ({
    name: t.string({ description: 'What people call it.' }),
    pattern: t.string({ description: 'A glob over the items’ paths; null for all of them.' }),
    steps: t.field({ type: 'JSON', description: STEPS_DESCRIPTION }),
    isActive: t.boolean({ description: 'False leaves it out.' }),
    sample: t.field({ type: ['JSON'], description: SAMPLE }),
  }),
});

const Deleted = builder
  .objectRef<{ readonly transformationId: string; readonly name: string }>('DeleteTransformationPayload')
  .implement({
    description: 'A transformation that is gone.',
    fields: (t) => ({
      transformationId: t.exposeID('transformationId', { description: 'Its key.' }),
      name: t.exposeString('name', { description: 'What it was called.' }),
    }),
  });

const REPEATABLE = { needs: MAY_CHANGE, extensions: { repeatable: true } } as const;
const key = builder.args((t) => ({
  transformationId: t.id({ required: true, description: 'The key of the transformation.' }),
}));
const ifVersion = builder.args((t) => ({
  ifVersion: t.int({ description: 'The version that you saw: CONFLICT if it is another by now.' }),
}));

builder.mutationFields((t) => ({
  createTransformation: t.field({
    ...REPEATABLE,
    type: entityRef(transformations.type),
    description:
      'Adds steps that a source’s records go through before they are mapped; what it changes is imported anew by the next sync. Such as `mutation ($source: ID!) { createTransformation(input: { sourceId: $source, name: "Tidy", pattern: "**/*.csv", steps: [{ kind: "rename", names: { Titel: "title" } }] }) { transformationId position } }`.',
    args: { input: t.arg({ type: CreateInput, required: true, description: 'The transformation.' }) },
    resolve: async (_root, { input }, context, info) => {
      const values = await checkedTransformation(input, undefined);
      const made = await mutate(
        context,
        ({ query }) => addTransformation(query, context.actor, input.sourceId, values),
        info,
      );
      return rowNow(context, transformations, made, info);
    },
  }),
  updateTransformation: t.field({
    ...REPEATABLE,
    type: entityRef(transformations.type),
    description:
      'Changes a transformation; what it changes is imported anew by the next sync. Such as `mutation ($key: ID!) { updateTransformation(transformationId: $key, patch: { isActive: false }, ifVersion: 1) { version } }`.',
    args: {
      ...key,
      patch: t.arg({ type: UpdateInput, required: true, description: 'What to change.' }),
      ...ifVersion,
    },
    resolve: async (_root, { transformationId, patch, ifVersion: seen }, context, info) => {
      const known = await findTransformation(context.reads.query, transformationId);
      const values = await checkedTransformation(patch, known);
      await mutate(
        context,
        async ({ query }) => {
          // What was checked is what was read: without a version it is that one which is meant.
          await changeTransformation(query, context.actor, transformationId, values, seen ?? known.version);
          return null;
        },
        info,
      );
      return rowNow(context, transformations, transformationId, info);
    },
  }),
  reorderTransformations: t.field({
    ...REPEATABLE,
    type: entityRef(sources.type),
    description:
      'Puts the transformations of a source into an order. Such as `mutation ($source: ID!, $keys: [ID!]!) { reorderTransformations(sourceId: $source, transformationIds: $keys) { sourceId } }`.',
    args: {
      sourceId: t.arg.id({ required: true, description: 'The key of the source.' }),
      transformationIds: t.arg.idList({ required: true, description: 'All of them, each once, the first first.' }),
    },
    resolve: async (_root, { sourceId, transformationIds }, context, info) => {
      await mutate(
        context,
        async ({ query }) => {
          await orderTransformations(query, context.actor, sourceId, transformationIds);
          return null;
        },
        info,
      );
      return rowNow(context, sources, sourceId, info);
    },
  }),
  deleteTransformation: t.field({
    ...REPEATABLE,
    type: Deleted,
    description:
      'Deletes a transformation; what it changed is imported anew by the next sync. Such as `mutation ($key: ID!) { deleteTransformation(transformationId: $key) { name } }`.',
    args: { ...key, ...ifVersion },
    resolve: (_root, { transformationId, ifVersion: seen }, context, info) =>
      mutate(context, ({ query }) => deleteTransformation(query, context.actor, transformationId, seen), info),
  }),
}));
