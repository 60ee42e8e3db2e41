/** The types of the research context as REST shows them. */
import { restEntity } from '../rest/entity.ts';
import { analyses } from './analyses.read.ts';
import { channels, queuedSql } from './channels.read.ts';
import { employees } from './employees.read.ts';
import { influencers } from './influencers.read.ts';
import { reports } from './reports.read.ts';
import { researches } from './researches.read.ts';
import { searchQueue } from './search-queue.read.ts';
import { videos } from './videos.read.ts';

export const researchEntity = restEntity(researches, 'RSH-VID-901');
export const videoEntity = restEntity(videos, 'Video_901');
export const channelEntity = restEntity(channels, 'YT-901', [
  {
    column: 'videos_in_queue',
    kind: 'integer',
    nullable: false,
    filter: false,
    order: false,
    description: 'How many of its videos are queued, counted now.',
    sql: (alias) => queuedSql(`${alias}.channel_id`),
  },
]);
export const influencerEntity = restEntity(influencers, 'INF-901');
export const employeeEntity = restEntity(employees, 'ada-example');
export const searchEntity = restEntity(searchQueue, 'SQ-901');
export const reportEntity = restEntity(reports, 'weekly-901');
export const analysisEntity = restEntity(analyses, 'gap_analysis:Video_901');
