import Type from 'typebox';
import { DEFAULT_ROWS, MOST_ROWS } from '../graphql/page.ts';
import { rightToSee } from '../graphql/visible.ts';
import { type ListPage, readList, runList } from '../rest/list.ts';
import { restRoute } from '../rest/route.ts';
import { rowSchema } from '../rest/schemas.ts';
import { searchEntity, videoEntity } from './rest-entities.ts';
import { videos } from './videos.read.ts';
import { DEPARTMENTS } from './vocabulary.ts';

/** What waits, or needs somebody to look. */
const OPEN_VIDEOS = ['queued', 'transcribing', 'analyzing', 'failed'];
const OPEN_SEARCHES = ['pending', 'active'];

const part = (row: ReturnType<typeof rowSchema>, description: string) =>
  Type.Object(
    { data: Type.Array(row), total: Type.Integer({ description: 'How many there are.' }) },
    { description, additionalProperties: false },
  );

const QUEUE = Type.Object(
  {
    videos: part(rowSchema(videoEntity), 'Videos that are not completed, the oldest first: they have no priority.'),
    searches: part(
      rowSchema(searchEntity),
      'Searches that are neither completed nor cancelled, the highest priority first, then the oldest.',
    ),
  },
  { $id: 'Queue', description: 'What is still to be done.', additionalProperties: false },
);

export default restRoute({
  method: 'GET',
  path: '/queue',
  operationId: 'getQueue',
  tag: 'Dashboard',
  summary: 'What is still to be done: the video queue and the search queue',
  needs: rightToSee(videos),
  query: Type.Object({
    limit: Type.Optional(
      Type.Integer({ minimum: 1, maximum: MOST_ROWS, default: DEFAULT_ROWS, description: 'How many of each at most.' }),
    ),
    department: Type.Optional(
      Type.Enum([...DEPARTMENTS], {
        description: 'Only what this department wants: searches of its own, and videos that its researches draw on.',
      }),
    ),
  }),
  answers: { 200: { description: 'The queues.', content: { 'application/json': QUEUE } } },
  price: ({ query }) => 2 + (query.limit ?? DEFAULT_ROWS) * (videoEntity.fields.size + searchEntity.fields.size),
  answer: async (context, { query: { limit = DEFAULT_ROWS, department } }) => {
    const page = { limit, include_total: true };
    const ofVideos = readList(
      context,
      videoEntity,
      { ...page, sort: 'created_date' },
      {
        whole: {
          status: { in: OPEN_VIDEOS },
          ...(department !== undefined && { researches: { some: { department: { equals: department } } } }),
        },
      },
    );
    const ofSearches = readList(
      context,
      searchEntity,
      { ...page, sort: '-priority,created_date' },
      {
        whole: {
          status: { in: OPEN_SEARCHES },
          ...(department !== undefined && { department: { equals: department } }),
        },
      },
    );
    // One after the other on one snapshot: what leaves the one queue for the other is in one of them.
    const { query } = context.reads;
    const [oneList, otherList] = await Promise.all([
      runList(context, videoEntity, ofVideos, { query }),
      runList(context, searchEntity, ofSearches, { query }),
    ]);
    const text = ({ told: rows, page: found }: ListPage): string => `{"data":[${rows}],"total":${found.total ?? 0}}`;
    return { body: `{"videos":${text(oneList)},"searches":${text(otherList)}}` };
  },
});
