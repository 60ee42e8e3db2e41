import { builder } from '../../graphql/builder.ts';
import { defineEntity } from '../../graphql/define-entity.ts';
import { faultType, keptFault } from '../../graphql/kept-fault.ts';
import { scheduleRuns, schedules } from './schedules.read.ts';

defineEntity(schedules);
const ScheduleRun = defineEntity(scheduleRuns);

const ScheduleFault = faultType('ScheduleFault', 'Why a turn of a schedule failed, or asked for nothing.');

builder.objectFields(ScheduleRun, (t) => ({
  error: t.field({
    type: ScheduleFault,
    nullable: true,
    description: 'Why it failed, or why nothing was asked for.',
    resolve: keptFault,
  }),
}));
