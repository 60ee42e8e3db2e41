import { loadByKey } from '../graphql/batches.ts';
import { builder } from '../graphql/builder.ts';
import { entityRef } from '../graphql/entities.ts';
import { enumRef } from '../graphql/enumerations.ts';
import { mutate } from '../graphql/mutate.ts';
import { nodeId } from '../graphql/node.ts';
import { askedColumns, ITSELF } from '../graphql/selection.ts';
import { changeByHand, deleteByHand, makeByHand, relationsSlot } from '../ingest/by-hand.ts';
import { AppError } from '../kernel/errors.ts';
import { DEPARTMENT, RESEARCH_STATUS } from './enumerations.ts';
import { researches } from './researches.read.ts';
import { createResearch, deleteResearch, updateResearch } from './researches.write.ts';

const RESEARCHES = { table: 'researches', keyColumn: 'research_id' } as const;

interface Payload {
  readonly researchId: string;
}

const ResearchPayload = builder.objectRef<Payload>('ResearchPayload').implement({
  description: 'A research as a mutation left it.',
  fields: (t) => ({
    research: t.field({
      type: entityRef(researches.type),
      description: 'The research.',
      resolve: async ({ researchId }, _given, context, info) => {
        const row = await loadByKey(context, researches, researchId, askedColumns(researches, info, [ITSELF]));
        if (row !== null) return row;
        throw new AppError('CONFLICT', `The research ${researchId} was deleted at the same moment`);
      },
    }),
  }),
});

const DeleteResearchPayload = builder.objectRef<Payload>('DeleteResearchPayload').implement({
  description: 'What was deleted.',
  fields: (t) => ({
    deletedId: t.id({
      description: 'The `id` that the research had.',
      resolve: ({ researchId }) => nodeId(researches.type, researchId),
    }),
    researchId: t.exposeID('researchId', { description: 'The key that the research had.' }),
  }),
});

const CreateResearchInput = builder.inputType('CreateResearchInput', {
  description: 'A new research.',
  fields: (t) => ({
    researchId: t.id({ description: 'The key; the department’s next free one, such as RSH-VID-012, unless given.' }),
    title: t.string({ required: true, description: 'What it is about.' }),
    department: t.field({
      type: enumRef(DEPARTMENT),
      required: true,
      description: 'The department whose research it is.',
    }),
    status: t.field({ type: enumRef(RESEARCH_STATUS), defaultValue: 'planning', description: 'How far it has come.' }),
    researcherId: t.id({ description: 'The key of the employee who does it.' }),
    outputPath: t.string({ description: 'Where its results lie.' }),
    metadata: t.field({ type: 'JSON', description: 'Whatever else is known: a JSON object.' }),
  }),
});

const ResearchPatch = builder.inputType('ResearchPatch', {
  description: 'What to change: an absent field is kept, null clears it.',
  fields: (t) => ({
    title: t.string({ description: 'What it is about; cannot be cleared.' }),
    department: t.field({ type: enumRef(DEPARTMENT), description: 'The department; cannot be cleared.' }),
    status: t.field({ type: enumRef(RESEARCH_STATUS), description: 'How far it has come; cannot be cleared.' }),
    researcherId: t.id({ description: 'The key of the employee who does it.' }),
    outputPath: t.string({ description: 'Where its results lie.' }),
    metadata: t.field({ type: 'JSON', description: 'Whatever else is known: a JSON object, replaced as a whole.' }),
  }),
});

const researchId = builder.args((t) => ({
  researchId: t.string({ required: true, description: 'The key of the research.' }),
}));

builder.mutationFields((t) => ({
  createResearch: t.field({
    needs: { role: 'editor', scope: 'research' },
    type: ResearchPayload,
    description: 'Makes a research.',
    args: { input: t.arg({ type: CreateResearchInput, required: true, description: 'The research.' }) },
    resolve: async (_root, { input }, context) => ({
      researchId: await mutate(context, (session) =>
        makeByHand(session, relationsSlot.get(context), RESEARCHES, () => createResearch(session.query, input)),
      ),
    }),
  }),
  updateResearch: t.field({
    needs: { role: 'editor', scope: 'research' },
    type: ResearchPayload,
    description: 'Changes a research. An edit stays until a file brings another value than before.',
    args: { ...researchId, patch: t.arg({ type: ResearchPatch, required: true, description: 'What to change.' }) },
    resolve: async (_root, given, context) => {
      await mutate(context, (session) =>
        changeByHand(session, RESEARCHES.table, () => updateResearch(session.query, given.researchId, given.patch)),
      );
      return { researchId: given.researchId };
    },
  }),
  deleteResearch: t.field({
    needs: { role: 'editor', scope: 'research' },
    type: DeleteResearchPayload,
    description: 'Deletes a research and its links; its reports stay, and no file brings it back.',
    args: researchId,
    resolve: async (_root, given, context) => {
      const row = { ...RESEARCHES, key: given.researchId };
      await mutate(context, (session) =>
        deleteByHand(session, relationsSlot.get(context), row, () =>
          deleteResearch(session.query, context.actor.label, given.researchId),
        ),
      );
      return { researchId: given.researchId };
    },
  }),
}));
