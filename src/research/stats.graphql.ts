import { builder } from '../graphql/builder.ts';
import { enumName } from '../graphql/enumerations.ts';
import { seeing } from '../graphql/visible.ts';
import { researches } from './researches.read.ts';
import { byDepartment, byValue, type DepartmentCount, type KeyCount, openStats, type Stats } from './stats.read.ts';
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

const DashboardStats = builder.objectRef<Stats>('DashboardStats').implement({
  description: 'The figures of the dashboard. Values that no row has are answered with 0.',
  fields: (t) => ({
    researchesByStatus: t.field({
      type: [KeyCountType],
      description: 'Researches by status.',
      resolve: async (stats) => byValue(await stats.researches(), 1, RESEARCH_STATUSES),
    }),
    researchesByDepartment: t.field({
      type: [DepartmentCountType],
      description: 'Researches by department.',
      resolve: async (stats) => byDepartment(await stats.researches(), DEPARTMENTS),
    }),
    videosByStatus: t.field({
      type: [KeyCountType],
      description: 'Videos by status.',
      resolve: async (stats) => byValue(await stats.videosByStatus(), 0, VIDEO_STATUSES),
    }),
    searchQueueByStatus: t.field({
      type: [KeyCountType],
      description: 'Searches by status.',
      resolve: async (stats) => byValue(await stats.searchesByStatus(), 0, SEARCH_STATUSES),
    }),
    researchesLast7Days: t.int({
      description: 'Researches begun in the last seven days.',
      resolve: (stats) => stats.recentResearches(),
    }),
  }),
});

builder.queryField('dashboardStats', (t) =>
  t.field({
    type: DashboardStats,
    ...seeing(researches),
    needs: { role: 'viewer', scope: 'research' },
    description:
      'The figures of the dashboard. Such as `{ dashboardStats { videosByStatus { key count } researchesLast7Days } }`.',
    resolve: (_root, _given, context) => openStats(context),
  }),
);
