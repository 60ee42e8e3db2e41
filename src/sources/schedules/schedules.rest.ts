import Type, { type Static } from 'typebox';
import type { GraphqlContext } from '../../graphql/context.ts';
import { mutate } from '../../graphql/mutate.ts';
import type { RouteAnswer } from '../../http/route.ts';
import { AppError } from '../../kernel/errors.ts';
import { answerOnce, IDEMPOTENCY_HEADER } from '../../rest/idempotent.ts';
import { noRow } from '../../rest/list-route.ts';
import { readRoutes } from '../../rest/read-routes.ts';
import { restRoute } from '../../rest/route.ts';
import { keyOf, keyParams, loadRow } from '../../rest/row-route.ts';
import { rowSchema } from '../../rest/schemas.ts';
import { scheduleEntity, scheduleRunEntity } from '../rest-entities.ts';
import { SOURCES_SCOPE } from '../vocabulary.ts';
import { runNow } from './run-now.ts';
import { SCHEDULED_KINDS } from './schedules.read.ts';
import { addSchedule, changeSchedule, removeSchedule } from './schedules.write.ts';
import { checkedTiming } from './timing.ts';

const { path, tag, key } = scheduleEntity;
const FACTS = { tag, needs: { role: 'viewer', scope: SOURCES_SCOPE } } as const;
const BY_KEY = { path: `${path}/:${key.name}`, params: keyParams(scheduleEntity) };

const CHOICES = {
  arguments: Type.Optional(
    Type.Unsafe<Record<string, unknown>>({
      type: 'object',
      description: 'Of a sync: type, priority. Of an export: exports, a list of names. Of a clean-up: olderThanDays.',
    }),
  ),
  cron: Type.Optional(Type.String({ description: 'Minute, hour, day of month, month, day of week.' })),
  time_zone: Type.Optional(Type.String({ description: 'Where the cron’s clock stands; UTC unless given.' })),
  interval_seconds: Type.Optional(Type.Integer({ description: 'How often, in seconds, 60 at least.' })),
  is_active: Type.Optional(Type.Boolean({ description: 'False pauses it.' })),
};
const NAME = Type.String({ description: 'What people call it.' });
const CREATE = Type.Object(
  {
    name: NAME,
    job_kind: Type.Enum([...SCHEDULED_KINDS], { description: 'What it asks for.' }),
    source_id: Type.Optional(Type.String({ format: 'uuid', description: 'The source to sync; all unless given.' })),
    ...CHOICES,
  },
  { additionalProperties: false, examples: [{ name: 'nightly', job_kind: 'sync', cron: '0 2 * * *' }] },
);
const CHANGE = Type.Object(
  { name: Type.Optional(NAME), ...CHOICES },
  { additionalProperties: false, examples: [{ is_active: false }] },
);

const ROW = { description: 'The schedule as it is now.', content: { 'application/json': rowSchema(scheduleEntity) } };
const NONE = { description: 'There is none that you may see.' };
const UNFIT = { description: 'What was given does not pass.' };
const OTHERS = { description: 'It is somebody else’s, or your role is too low.' };

const choicesOf = ({ time_zone, interval_seconds, is_active, ...rest }: Static<typeof CHANGE>) => ({
  ...rest,
  timeZone: time_zone,
  intervalSeconds: interval_seconds,
  isActive: is_active,
});

async function rowNow(context: GraphqlContext, scheduleId: string): Promise<RouteAnswer> {
  const found = await loadRow(context, scheduleEntity, scheduleId);
  if (found === null) throw noRow(scheduleEntity, scheduleId);
  return { body: found.body, ...(found.etag !== undefined && { etag: found.etag }) };
}

async function create(context: GraphqlContext, body: Static<typeof CREATE>, pathname: string): Promise<RouteAnswer> {
  const { name, job_kind: jobKind, source_id: sourceId, ...given } = body;
  const choices = choicesOf(given);
  const timing = checkedTiming(choices);
  const made = await mutate(
    context,
    ({ query }) => addSchedule(query, context.actor, { ...choices, name, jobKind, sourceId, timing }),
    'createSchedule',
  );
  if (made === undefined) throw new AppError('INTERNAL', 'A schedule was not made');
  return { ...(await rowNow(context, made)), status: 201, headers: { location: `${pathname}/${made}` } };
}

export default [
  ...readRoutes(scheduleEntity),
  ...readRoutes(scheduleRunEntity),
  restRoute({
    ...FACTS,
    method: 'POST',
    path,
    operationId: 'createSchedule',
    summary: 'Makes a schedule, which works with your rights',
    description: 'A sync needs the role importer, a clean-up admin.',
    body: { schema: CREATE, description: 'The schedule.' },
    headers: IDEMPOTENCY_HEADER,
    answers: { 201: { ...ROW, headers: { location: { description: 'Its address.' } } }, 400: UNFIT, 404: NONE },
    price: () => scheduleEntity.fields.size,
    answer: (context, asked) => answerOnce(context, asked, () => create(context, asked.body, asked.url.pathname)),
  }),
  restRoute({
    ...FACTS,
    ...BY_KEY,
    method: 'PATCH',
    operationId: 'updateSchedule',
    summary: 'Changes a schedule',
    description: 'What is left out stays.',
    body: { schema: CHANGE, description: 'What to change.' },
    answers: { 200: ROW, 400: UNFIT, 403: OTHERS, 404: NONE },
    price: () => scheduleEntity.fields.size,
    answer: async (context, { params, body }) => {
      const scheduleId = keyOf(scheduleEntity, params);
      await mutate(context, ({ query }) => changeSchedule(query, context.actor, scheduleId, choicesOf(body)));
      return rowNow(context, scheduleId);
    },
  }),
  restRoute({
    ...FACTS,
    ...BY_KEY,
    method: 'DELETE',
    operationId: 'deleteSchedule',
    summary: 'Deletes a schedule; what came of it is kept',
    answers: { 204: { description: 'It is gone.' }, 403: OTHERS, 404: NONE },
    answer: async (context, { params }) => {
      await mutate(context, ({ query }) => removeSchedule(query, context.actor, keyOf(scheduleEntity, params)));
      return { status: 204 };
    },
  }),
  restRoute({
    ...FACTS,
    method: 'POST',
    path: `${BY_KEY.path}/run`,
    params: BY_KEY.params,
    operationId: 'runSchedule',
    summary: 'Has a schedule ask for its jobs now; its next time stays',
    answers: { 202: ROW, 403: OTHERS, 404: NONE },
    price: () => scheduleEntity.fields.size,
    answer: async (context, { params }) => {
      const scheduleId = keyOf(scheduleEntity, params);
      await mutate(context, ({ query }) => runNow(query, context.actor, scheduleId));
      return { ...(await rowNow(context, scheduleId)), status: 202 };
    },
  }),
];
