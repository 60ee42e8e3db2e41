import Type from 'typebox';
import { rightToSee } from '../graphql/visible.ts';
import { restRoute } from '../rest/route.ts';
import { researches } from './researches.read.ts';
import { byDepartment, byValue, openStats } from './stats.read.ts';
import { DEPARTMENTS, RESEARCH_STATUSES, SEARCH_STATUSES, VIDEO_STATUSES } from './vocabulary.ts';

const count = (description: string) => Type.Integer({ description });

const counts = (values: readonly string[], description: string) =>
  Type.Array(
    Type.Object(
      { key: Type.Enum([...values], { description: 'The value.' }), count: count('How many rows have it.') },
      { additionalProperties: false },
    ),
    { description },
  );

const STATS = Type.Object(
  {
    researches_by_status: counts(RESEARCH_STATUSES, 'Researches by status.'),
    researches_by_department: Type.Array(
      Type.Object(
        {
          key: Type.Enum([...DEPARTMENTS], { description: 'The department.' }),
          total: count('All of them.'),
          active: count('Those of status active.'),
          completed: count('Those of status completed.'),
        },
        { additionalProperties: false },
      ),
      { description: 'Researches by department.' },
    ),
    videos_by_status: counts(VIDEO_STATUSES, 'Videos by status.'),
    search_queue_by_status: counts(SEARCH_STATUSES, 'Searches by status.'),
    researches_last_7_days: count('Researches begun in the last seven days.'),
  },
  {
    $id: 'DashboardStats',
    description: 'The figures of the dashboard. Values that no row has are answered with 0.',
    additionalProperties: false,
  },
);

export default restRoute({
  method: 'GET',
  path: '/dashboard/stats',
  operationId: 'getDashboardStats',
  tag: 'Dashboard',
  summary: 'The figures of the dashboard',
  needs: rightToSee(researches),
  answers: { 200: { description: 'The figures.', content: { 'application/json': STATS } } },
  price: () => 100,
  answer: async (context) => {
    const stats = openStats(context);
    const [ofResearches, ofVideos, ofSearches, recent] = await Promise.all([
      stats.researches(),
      stats.videosByStatus(),
      stats.searchesByStatus(),
      stats.recentResearches(),
    ]);
    const body = {
      researches_by_status: byValue(ofResearches, 1, RESEARCH_STATUSES),
      researches_by_department: byDepartment(ofResearches, DEPARTMENTS),
      videos_by_status: byValue(ofVideos, 0, VIDEO_STATUSES),
      search_queue_by_status: byValue(ofSearches, 0, SEARCH_STATUSES),
      researches_last_7_days: recent,
    };
    return { body: JSON.stringify(body) };
  },
});
