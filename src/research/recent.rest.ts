import Type from 'typebox';
import { DEFAULT_ROWS, MOST_ROWS } from '../graphql/page.ts';
import { rightToSee, visibleTables } from '../graphql/visible.ts';
import { restRoute } from '../rest/route.ts';
import { plain } from '../rest/schemas.ts';
import { RECENT_TABLES, recentChanges } from './recent.read.ts';
import { researches } from './researches.read.ts';

const CHANGE = Type.Object(
  {
    table: Type.Enum([...RECENT_TABLES], { description: 'The table of the row.' }),
    key: Type.String({ description: 'The key of the row.' }),
    title: plain({
      type: ['string', 'null'],
      description: 'What people call it; null of what is gone or has no title.',
    }),
    operation: Type.Enum(['insert', 'update', 'delete'], { description: 'What happened last.' }),
    changed_by: plain({
      type: ['string', 'null'],
      description: 'Who did it, such as user:anna@example.org; null where only the row itself says when it came to be.',
    }),
    changed_at: plain({ type: 'string', format: 'date-time', description: 'When.' }),
  },
  { $id: 'RecentChange', description: 'The latest change of a row.', additionalProperties: false },
);

export default restRoute({
  method: 'GET',
  path: '/recent',
  operationId: 'listRecent',
  tag: 'Dashboard',
  summary: 'What changed last: researches, videos, reports and what belongs to them, one entry per row',
  needs: rightToSee(researches),
  query: Type.Object({
    limit: Type.Optional(
      Type.Integer({ minimum: 1, maximum: MOST_ROWS, default: DEFAULT_ROWS, description: 'How many rows at most.' }),
    ),
    table: Type.Optional(
      plain({
        type: 'array',
        items: { type: 'string', enum: RECENT_TABLES },
        maxItems: RECENT_TABLES.length,
        description: 'Only rows of these tables.',
      }),
    ),
  }),
  answers: {
    200: {
      description: 'The rows that changed last, the newest first.',
      content: { 'application/json': Type.Object({ data: Type.Array(CHANGE) }, { additionalProperties: false }) },
    },
  },
  price: ({ query }) => 100 + 6 * (query.limit ?? DEFAULT_ROWS),
  answer: async (context, { query }) => {
    const seen = visibleTables(context);
    const asked = Array.isArray(query.table) ? query.table.map(String) : RECENT_TABLES;
    const tables = asked.filter((table) => seen?.has(table) ?? true);
    const data = await recentChanges(context.reads.once, tables, query.limit ?? DEFAULT_ROWS);
    return { body: JSON.stringify({ data }) };
  },
});
