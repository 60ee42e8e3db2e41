import { builder } from '../../graphql/builder.ts';
import { entityRef } from '../../graphql/entities.ts';
import type { Row } from '../../graphql/entity.ts';
import { mutate } from '../../graphql/mutate.ts';
import { AppError } from '../../kernel/errors.ts';
import { isJsonObject, type JsonValue } from '../../kernel/json.ts';
import { rowNow } from '../changing-sources.graphql.ts';
import { CreateScheduleInput, UpdateScheduleInput } from '../source-inputs.ts';
import { SOURCES_SCOPE } from '../vocabulary.ts';
import type { ScheduleArguments } from './arguments.ts';
import { addReadyMade } from './ready-made.ts';
import { runNow } from './run-now.ts';
import { schedules } from './schedules.read.ts';
import { addSchedule, changeSchedule, removeSchedule } from './schedules.write.ts';
import { checkedTiming } from './timing.ts';

/** What a schedule asks for may need more: that is asked when it is made. */
const needs = { role: 'viewer', scope: SOURCES_SCOPE } as const;
/** Asked for when the schema is made: the type is declared in a file that may be read later. */
const ofSchedule = () => ({ needs, extensions: { repeatable: true }, type: entityRef(schedules.type) }) as const;

const ReadyMadePayload = builder
  .objectRef<{ readonly made: readonly string[] }>('ReadyMadeSchedulesPayload')
  .implement({
    description: 'The ready-made schedules that were not there yet.',
    fields: (t) => ({
      made: t.field({
        type: [entityRef(schedules.type)],
        description: 'Those that were made now.',
        resolve: ({ made }, _given, context, info): Promise<Row[]> =>
          Promise.all(made.map((key) => rowNow(context, schedules, key, info))),
      }),
    }),
  });

const DeletedSchedule = builder
  .objectRef<{ readonly scheduleId: string; readonly name: string }>('DeleteSchedulePayload')
  .implement({
    description: 'A schedule that is gone. What came of it is kept.',
    fields: (t) => ({
      scheduleId: t.exposeID('scheduleId', { description: 'Its key.' }),
      name: t.exposeString('name', { description: 'What it was called.' }),
    }),
  });

/** @throws AppError BAD_USER_INPUT */
export function readArguments(given: JsonValue | null | undefined): ScheduleArguments | null {
  if (given == null) return null;
  if (isJsonObject(given)) return given;
  throw new AppError('BAD_USER_INPUT', '`arguments` are an object', { path: 'arguments' });
}

const scheduleId = builder.args((t) => ({
  scheduleId: t.id({ required: true, description: 'The key of the schedule.' }),
}));

builder.mutationFields((t) => ({
  createSchedule: t.field({
    ...ofSchedule(),
    description:
      'Makes a schedule, which works with your rights. A sync needs the role importer, a clean-up admin. Such as `mutation ($source: ID!) { createSchedule(input: { name: "nightly", jobKind: "sync", sourceId: $source, arguments: { type: "full_sync" }, cron: "0 2 * * *", timeZone: "Europe/Vienna" }) { scheduleId nextRunAt } }`.',
    args: { input: t.arg({ type: CreateScheduleInput, required: true, description: 'The schedule.' }) },
    resolve: async (_root, { input }, context, info) => {
      const { isActive, arguments: given, ...wanted } = input;
      const timing = checkedTiming(input);
      const args = readArguments(given);
      const made = await mutate(
        context,
        ({ query }) =>
          addSchedule(query, context.actor, { ...wanted, arguments: args, timing, isActive: isActive ?? true }),
        info,
      );
      if (made !== undefined) return rowNow(context, schedules, made, info);
      throw new AppError('INTERNAL', 'A schedule was not made');
    },
  }),
  updateSchedule: t.field({
    ...ofSchedule(),
    description:
      'Changes a schedule. Your own; administrators also those of shared sources. Such as `mutation ($key: ID!) { updateSchedule(scheduleId: $key, patch: { isActive: false }) { nextRunAt } }`.',
    args: {
      ...scheduleId,
      patch: t.arg({ type: UpdateScheduleInput, required: true, description: 'What to change.' }),
      ifVersion: t.arg.int({ description: 'The version that you saw: CONFLICT if it is another by now.' }),
    },
    resolve: async (_root, { scheduleId: key, patch, ifVersion }, context, info) => {
      const args = readArguments(patch.arguments);
      await mutate(
        context,
        async ({ query }) => {
          await changeSchedule(query, context.actor, key, { ...patch, arguments: args }, ifVersion);
          return null;
        },
        info,
      );
      return rowNow(context, schedules, key, info);
    },
  }),
  deleteSchedule: t.field({
    needs,
    extensions: { repeatable: true },
    type: DeletedSchedule,
    description:
      'Deletes a schedule; what came of it is kept. Such as `mutation ($key: ID!) { deleteSchedule(scheduleId: $key) { name } }`.',
    args: scheduleId,
    resolve: (_root, { scheduleId: key }, context, info) =>
      mutate(
        context,
        async ({ query }) => {
          const { schedule_id: gone, name } = await removeSchedule(query, context.actor, key);
          return { scheduleId: gone, name };
        },
        info,
      ),
  }),
  runSchedule: t.field({
    ...ofSchedule(),
    description:
      'Has a schedule ask for its jobs now; its next time stays. Such as `mutation ($key: ID!) { runSchedule(scheduleId: $key) { lastJobId runs(first: 1) { nodes { status } } } }`.',
    args: scheduleId,
    resolve: async (_root, { scheduleId: key }, context, info) => {
      await mutate(
        context,
        async ({ query }) => {
          await runNow(query, context.actor, key);
          return null;
        },
        info,
      );
      return rowNow(context, schedules, key, info);
    },
  }),
  makeReadySchedules: t.field({
    type: ReadyMadePayload,
    needs: { role: 'admin', scope: SOURCES_SCOPE },
    extensions: { repeatable: true },
    description:
      'Makes the ready-made schedules: a full sync every night, a sync every five minutes, exports every hour, a clean-up of the logs every week. Those that are there stay as they are. Such as `mutation { makeReadySchedules(timeZone: "Europe/Vienna") { made { name nextRunAt } } }`.',
    args: { timeZone: t.arg.string({ description: 'Where their clocks stand; UTC unless given.' }) },
    resolve: (_root, { timeZone }, context, info) =>
      mutate(context, async ({ query }) => ({ made: await addReadyMade(query, context.actor, timeZone) }), info),
  }),
}));
