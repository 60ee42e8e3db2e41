import { builder } from '../../graphql/builder.ts';
import { defineEntity } from '../../graphql/define-entity.ts';
import { entityRef } from '../../graphql/entities.ts';
import { enumRef } from '../../graphql/enum-refs.ts';
import { faultType, keptFault } from '../../graphql/kept-fault.ts';
import { mutate } from '../../graphql/mutate.ts';
import { MAY_CHANGE, rowNow } from '../changing-sources.graphql.ts';
import { WRITE_BACK_TIMING, writeBacks } from './write-backs.read.ts';
import { changeWriteBack, removeWriteBack, runWriteBacks } from './write-backs.write.ts';

const WriteBack = defineEntity(writeBacks);
const WriteBackFault = faultType('WriteBackFault', 'Why a write-back failed.');

builder.objectFields(WriteBack, (t) => ({
  error: t.field({
    type: WriteBackFault,
    nullable: true,
    description: 'Why its last run failed.',
    resolve: keptFault,
  }),
}));

const UpdateWriteBackInput = builder.inputType('UpdateWriteBackInput', {
  description: 'What to change of a write-back; what is left out stays.',
  fields: (t) => ({
    name: t.string({ description: 'What people call it.' }),
    timing: t.field({ type: enumRef(WRITE_BACK_TIMING), description: 'When it goes back by itself.' }),
    intervalSeconds: t.int({ description: 'Of INTERVAL: how often, in seconds, 60 at least.' }),
    isActive: t.boolean({ description: 'False pauses it.' }),
  }),
});

const DeletedWriteBack = builder
  .objectRef<{ readonly writeBackId: string; readonly name: string }>('DeleteWriteBackPayload')
  .implement({
    description: 'A write-back that is gone. The files that it wrote stay.',
    fields: (t) => ({
      writeBackId: t.exposeID('writeBackId', { description: 'Its key.' }),
      name: t.exposeString('name', { description: 'What it was called.' }),
    }),
  });

const ofWriteBack = { needs: MAY_CHANGE, extensions: { repeatable: true } } as const;
const key = builder.args((t) => ({
  writeBackId: t.id({ required: true, description: 'The key of the write-back.' }),
}));

builder.mutationFields((t) => ({
  updateWriteBack: t.field({
    ...ofWriteBack,
    type: entityRef(writeBacks.type),
    description:
      'Changes a write-back of your source. Such as `mutation ($key: ID!) { updateWriteBack(writeBackId: $key, patch: { timing: AFTER_EDITS }) { timing } }`.',
    args: {
      ...key,
      patch: t.arg({ type: UpdateWriteBackInput, required: true, description: 'What to change.' }),
      ifVersion: t.arg.int({ description: 'The version that you saw: CONFLICT if it is another by now.' }),
    },
    resolve: async (_root, { writeBackId, patch, ifVersion }, context, info) => {
      await mutate(
        context,
        async ({ query }) => {
          await changeWriteBack(query, context.actor, writeBackId, patch, ifVersion);
          return null;
        },
        info,
      );
      return rowNow(context, writeBacks, writeBackId, info);
    },
  }),
  deleteWriteBack: t.field({
    ...ofWriteBack,
    type: DeletedWriteBack,
    description:
      'Forgets a write-back; the files that it wrote stay. Such as `mutation ($key: ID!) { deleteWriteBack(writeBackId: $key) { name } }`.',
    args: key,
    resolve: (_root, { writeBackId }, context, info) =>
      mutate(
        context,
        async ({ query }) => {
          const { write_back_id: gone, name } = await removeWriteBack(query, context.actor, writeBackId);
          return { writeBackId: gone, name };
        },
        info,
      ),
  }),
  writeBack: t.field({
    ...ofWriteBack,
    type: [entityRef(writeBacks.type)],
    description:
      'Writes back into a source now: one write-back, or all of it that are not paused. Each is a job, `lastJobId`. Such as `mutation ($source: ID!) { writeBack(sourceId: $source) { name lastJobId } }`.',
    args: {
      sourceId: t.arg.id({ required: true, description: 'The key of the source.' }),
      writeBackId: t.arg.id({ description: 'The key of one of its write-backs; all unless given.' }),
    },
    resolve: async (_root, given, context, info) => {
      const keys = await mutate(context, ({ query }) => runWriteBacks(query, context.actor, given), info);
      return Promise.all(keys.map((each) => rowNow(context, writeBacks, each, info)));
    },
  }),
}));
