/** Sources and schedules as GraphQL takes them. */
import { builder } from '../graphql/builder.ts';
import { enumRef } from '../graphql/enum-refs.ts';
import { SYNC_JOB_TYPE } from './vocabulary.ts';

const SourceRuleInput = builder.inputType('SourceRuleInput', {
  description:
    'What becomes of items like this. The first rule that fits holds; without any, datasets claim files by name.',
  fields: (t) => ({
    pattern: t.string({ required: true, description: 'A glob over the path in the source, such as reports/**/*.md.' }),
    dataset: t.string({ required: true, description: 'The dataset that takes them, `document`, or `ignore`.' }),
  }),
});

export const CreateDataSourceInput = builder.inputType('CreateDataSourceInput', {
  description: 'A new source.',
  fields: (t) => ({
    name: t.string({ required: true, description: 'What people call it.' }),
    sourceType: t.string({ required: true, description: 'A connector by name, such as folder.' }),
    config: t.field({ type: 'JSON', description: 'Its settings, as the connector’s `settings` describe them.' }),
    keys: t.field({ type: 'JSON', description: 'The secrets that open it, by name: sealed, never shown.' }),
    rules: t.field({ type: [SourceRuleInput], description: 'What becomes of which items.' }),
    syncFrequency: t.string({ description: '5 minutes, hourly, daily, a cron; only when asked unless given.' }),
    isShared: t.boolean({ description: 'Whether the team sees it, and datasets take it in; false unless given.' }),
    deleteGuard: t.int({
      description: 'Percent of its items that one sync may delete without asking; 25 unless given.',
    }),
  }),
});

export const UpdateDataSourceInput = builder.inputType('UpdateDataSourceInput', {
  description: 'What to change of a source; what is left out stays.',
  fields: (t) => ({
    name: t.string({ description: 'What people call it.' }),
    config: t.field({ type: 'JSON', description: 'All of its settings. With other ones the next sync begins anew.' }),
    rules: t.field({ type: [SourceRuleInput], description: 'What becomes of which items; all rules.' }),
    syncFrequency: t.string({ description: '5 minutes, hourly, daily, a cron; null: only when asked.' }),
    deleteGuard: t.int({ description: 'Percent of its items that one sync may delete without asking.' }),
  }),
});

export const StartSyncInput = builder.inputType('StartSyncInput', {
  description: 'What a sync is to do.',
  fields: (t) => ({
    type: t.field({ type: enumRef(SYNC_JOB_TYPE), description: 'MANUAL, which reads what changed, unless given.' }),
    priority: t.int({ description: '-10 to 10: of the jobs that wait, those of a higher one begin first.' }),
    approveDeletes: t.boolean({
      description: 'Yes to the deletes that the last sync waits with. Needs the role editor.',
    }),
  }),
});

const timing = {
  cron: 'Minute, hour, day of month, month, day of week, such as 0 3 * * *.',
  timeZone: 'Where the cron’s clock stands, such as Europe/Vienna; UTC unless given.',
  intervalSeconds: 'How often, in seconds, 60 at least. Neither: only when somebody asks.',
};

export const CreateScheduleInput = builder.inputType('CreateScheduleInput', {
  description: 'A new schedule. It works with your rights.',
  fields: (t) => ({
    name: t.string({ required: true, description: 'What people call it.' }),
    jobKind: t.string({ required: true, description: 'sync, export, clean-up or write-back.' }),
    sourceId: t.id({ description: 'The source to sync; every one that you may sync unless given.' }),
    arguments: t.field({
      type: 'JSON',
      description: 'Of a sync: type, priority. Of an export: exports, a list of names. Of a clean-up: olderThanDays.',
    }),
    cron: t.string({ description: timing.cron }),
    timeZone: t.string({ description: timing.timeZone }),
    intervalSeconds: t.int({ description: timing.intervalSeconds }),
    isActive: t.boolean({ description: 'True unless given.' }),
  }),
});

export const UpdateScheduleInput = builder.inputType('UpdateScheduleInput', {
  description: 'What to change of a schedule; what is left out stays.',
  fields: (t) => ({
    name: t.string({ description: 'What people call it.' }),
    arguments: t.field({ type: 'JSON', description: 'As of a new one; all of them.' }),
    cron: t.string({ description: timing.cron }),
    timeZone: t.string({ description: timing.timeZone }),
    intervalSeconds: t.int({ description: timing.intervalSeconds }),
    isActive: t.boolean({ description: 'False pauses it.' }),
  }),
});
