import { builder } from '../graphql/builder.ts';
import { enumName } from '../graphql/enumerations.ts';
import {
  countByDepartment,
  countByStatus,
  countRecentResearches,
  type DepartmentCount,
  type KeyCount,
} from './stats.read.ts';
import { DEPARTMENTS, RESEARCH_STATUSES, SEARCH_STATUSES, VIDEO_STATUSES } from './vocabulary.ts';

const KeyCountType = builder.objectRef<KeyCount>('KeyCount').implement({
  description: 'How often a value occurs.',
  fields: (t) => ({
    key: t.string({ description: 'The value, as its enum names it.', resolve: ({ key }) => enumName(key) }),
    count: t.exposeInt('count', { description: 'How many rows have it.' }),
  }),
});

const DepartmentCountType = builder.objectRef<DepartmentCount>('DepartmentCount').implement({
  description: 'How many researches a department has.',
  fields: (t) => ({
    key: t.string({ description: 'The department, as its enum names it.', resolve: ({ key }) => enumName(key) }),
    total: t.exposeInt('total', { description: 'All of them.' }),
    active: t.exposeInt('active', { description: 'Those of status ACTIVE.' }),
    completed: t.exposeInt('completed', { description: 'Those of status COMPLETED.' }),
  }),
});

const DashboardStats = builder.objectRef<object>('DashboardStats').implement({
  description: 'The figures of the dashboard. Values that no row has are answered with 0.',
  fields: (t) => ({
    researchesByStatus: t.field({
      type: [KeyCountType],
      description: 'Researches by status.',
      resolve: (_stats, _given, { reads }) => countByStatus(reads.query, 'researches', RESEARCH_STATUSES),
    }),
    researchesByDepartment: t.field({
      type: [DepartmentCountType],
      description: 'Researches by department.',
      resolve: (_stats, _given, { reads }) => countByDepartment(reads.query, DEPARTMENTS),
    }),
    videosByStatus: t.field({
      type: [KeyCountType],
      description: 'Videos by status.',
      resolve: (_stats, _given, { reads }) => countByStatus(reads.query, 'videos', VIDEO_STATUSES),
    }),
    searchQueueByStatus: t.field({
      type: [KeyCountType],
      description: 'Searches by status.',
      resolve: (_stats, _given, { reads }) => countByStatus(reads.query, 'search_queue', SEARCH_STATUSES),
    }),
    researchesLast7Days: t.int({
      description: 'Researches begun in the last seven days.',
      resolve: (_stats, _given, { reads }) => countRecentResearches(reads.query),
    }),
  }),
});

builder.queryField('dashboardStats', (t) =>
  t.field({ type: DashboardStats, description: 'The figures of the dashboard.', resolve: () => ({}) }),
);
