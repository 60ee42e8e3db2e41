import Type from 'typebox';
import type { GraphqlContext } from '../../graphql/context.ts';
import { mutate } from '../../graphql/mutate.ts';
import type { RouteAnswer } from '../../http/route.ts';
import { noRow } from '../../rest/list-route.ts';
import { readRoutes } from '../../rest/read-routes.ts';
import { restRoute } from '../../rest/route.ts';
import { keyOf, keyParams, loadRow } from '../../rest/row-route.ts';
import { rowSchema } from '../../rest/schemas.ts';
import { noWriteBack } from './request-write-back.ts';
import { writeBackEntity } from './rest-entity.ts';
import { MAY_WRITE_BACK, readWriteBack, TIMINGS } from './write-back.ts';
import { changeWriteBack, removeWriteBack, runWriteBacks } from './write-backs.write.ts';

const { path, tag, key } = writeBackEntity;
const FACTS = { tag, needs: MAY_WRITE_BACK } as const;
const BY_KEY = { path: `${path}/:${key.name}`, params: keyParams(writeBackEntity) };

export const WRITE_BACK_TIMES = {
  timing: Type.Optional(Type.Enum([...TIMINGS], { description: 'When it goes back by itself.' })),
  interval_seconds: Type.Optional(Type.Integer({ description: 'Of interval: how often, in seconds, 60 at least.' })),
};
const CHANGE = Type.Object(
  {
    name: Type.Optional(Type.String({ description: 'What people call it.' })),
    ...WRITE_BACK_TIMES,
    is_active: Type.Optional(Type.Boolean({ description: 'False pauses it.' })),
  },
  { additionalProperties: false, examples: [{ timing: 'after_edits' }] },
);

export const WRITE_BACK_ROW = {
  description: 'The write-back as it is now.',
  content: { 'application/json': rowSchema(writeBackEntity) },
};
const NONE = { description: 'There is none that you may see.' };
const OTHERS = { description: 'Its source is somebody else’s, or your role is too low.' };

export async function writeBackNow(context: GraphqlContext, writeBackId: string): Promise<RouteAnswer> {
  const found = await loadRow(context, writeBackEntity, writeBackId);
  if (found === null) throw noRow(writeBackEntity, writeBackId);
  return { body: found.body, ...(found.etag !== undefined && { etag: found.etag }) };
}

export default [
  ...readRoutes(writeBackEntity),
  restRoute({
    ...FACTS,
    ...BY_KEY,
    method: 'PATCH',
    operationId: 'updateWriteBack',
    summary: 'Changes a write-back',
    description: 'What is left out stays.',
    body: { schema: CHANGE, description: 'What to change.' },
    answers: {
      200: WRITE_BACK_ROW,
      400: { description: 'What was given does not pass.' },
      403: OTHERS,
      404: NONE,
    },
    price: () => writeBackEntity.fields.size,
    answer: async (context, { params, body }) => {
      const writeBackId = keyOf(writeBackEntity, params);
      const { interval_seconds: intervalSeconds, is_active: isActive, ...rest } = body;
      await mutate(context, ({ query }) =>
        changeWriteBack(query, context.actor, writeBackId, { ...rest, intervalSeconds, isActive }),
      );
      return writeBackNow(context, writeBackId);
    },
  }),
  restRoute({
    ...FACTS,
    ...BY_KEY,
    method: 'DELETE',
    operationId: 'deleteWriteBack',
    summary: 'Forgets a write-back; the files that it wrote stay',
    answers: { 204: { description: 'It is gone.' }, 403: OTHERS, 404: NONE },
    answer: async (context, { params }) => {
      const writeBackId = keyOf(writeBackEntity, params);
      await mutate(context, ({ query }) => removeWriteBack(query, context.actor, writeBackId));
      return { status: 204 };
    },
  }),
  restRoute({
    ...FACTS,
    method: 'POST',
    path: `${BY_KEY.path}/run`,
    params: BY_KEY.params,
    operationId: 'runWriteBack',
    summary: 'Writes back now; `last_job_id` is the job that does it',
    answers: {
      202: WRITE_BACK_ROW,
      403: OTHERS,
      404: NONE,
      409: { description: 'Its source is paused, or not connected.' },
    },
    price: () => writeBackEntity.fields.size,
    answer: async (context, { params }) => {
      const writeBackId = keyOf(writeBackEntity, params);
      await mutate(context, async ({ query }) => {
        const row = await readWriteBack(query, writeBackId);
        if (row === undefined) throw noWriteBack();
        await runWriteBacks(query, context.actor, { sourceId: row.source_id, writeBackId });
      });
      return { ...(await writeBackNow(context, writeBackId)), status: 202 };
    },
  }),
];
