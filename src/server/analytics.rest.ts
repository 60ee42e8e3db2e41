import Type from 'typebox';
import { countGroups } from '../graphql/aggregates/figures.ts';
import type { GraphqlContext } from '../graphql/context.ts';
import { rightToSee, visibleTables } from '../graphql/visible.ts';
import { imports } from '../ingest/imports.read.ts';
import { rejects } from '../ingest/rejects.read.ts';
import { daysByDepartment } from '../research/analytics.read.ts';
import { researches } from '../research/researches.read.ts';
import { DEPARTMENTS } from '../research/vocabulary.ts';
import { restRoute } from '../rest/route.ts';
import { plain } from '../rest/schemas.ts';
import { readTableFigures } from './metrics/database-figures.ts';
import { requestTimesSlot } from './metrics/request-times.ts';

const MOST_DAYS = 366;
const DEFAULT_DAYS = 30;
const DAY = 86_400_000;

const count = (description: string) => Type.Integer({ minimum: 0, description });
const closed = { additionalProperties: false };

const ANALYTICS = Type.Object(
  {
    from: plain({
      type: 'string',
      format: 'date-time',
      description: 'The beginning of the time that is told of, in UTC.',
    }),
    days: Type.Array(
      Type.Object(
        {
          day: plain({ type: 'string', format: 'date', description: 'The day in UTC.' }),
          department: Type.Enum([...DEPARTMENTS], { description: 'The department.' }),
          researches: count('Researches begun on that day.'),
          researches_completed: count('How many of them are completed by now.'),
          videos: count(
            'Videos that entered the queue on that day; each counts for every department that draws on it.',
          ),
          videos_completed: count('How many of them are completed by now.'),
          searches: count('Searches asked for on that day.'),
          searches_completed: count('How many of them are completed by now.'),
        },
        closed,
      ),
      { description: 'By day and department, in that order; what nothing happened on is left out.' },
    ),
    imports: Type.Object(
      {
        total: count('Imports that began in that time.'),
        imported: count('Those that were taken in.'),
        unchanged: count('Those that found the file as it was.'),
        failed: count('Those that failed.'),
        undone: count('Those that were undone.'),
        running: count('Those that run now.'),
        success_rate: plain({
          type: ['number', 'null'],
          minimum: 0,
          maximum: 1,
          description: 'Of those that ended, how many did not fail; null where none ended.',
        }),
      },
      { ...closed, description: 'Imports of the datasets that you may see.' },
    ),
    rejects: Type.Object(
      {
        open: count('Records that wait to be fixed or dropped.'),
        by_dataset: Type.Array(
          Type.Object(
            { dataset: Type.String({ description: 'The dataset.' }), open: count('How many of its records wait.') },
            closed,
          ),
          { description: 'The same by dataset.' },
        ),
      },
      { ...closed, description: 'Rejects of the datasets that you may see, whenever they came.' },
    ),
    storage: Type.Object(
      {
        bytes: count('Bytes of these tables together.'),
        tables: Type.Array(
          Type.Object(
            {
              table: Type.String({ description: 'The table.' }),
              rows: count('Its rows, as PostgreSQL estimates them.'),
              bytes: count('Its bytes, with indexes and partitions.'),
            },
            closed,
          ),
          { description: 'The tables, the largest first.' },
        ),
      },
      { ...closed, description: 'The tables that you may see.' },
    ),
    requests: Type.Array(
      Type.Object(
        {
          operation: Type.String({ description: 'The operation.' }),
          api: Type.Enum(['rest', 'graphql'], { description: 'By which API it was asked.' }),
          count: count('How often, since this process began.'),
          mean_ms: Type.Number({ description: 'Milliseconds, on average.' }),
          p50_ms: Type.Number({ description: 'Milliseconds within which half of them were answered; an estimate.' }),
          p95_ms: Type.Number({ description: 'Milliseconds within which 19 of 20 were answered; an estimate.' }),
        },
        closed,
      ),
      { description: 'How long requests took, the most asked first.' },
    ),
  },
  { $id: 'Analytics', description: 'How the team’s work and the hub itself are going.', ...closed },
);

export default restRoute({
  method: 'GET',
  path: '/analytics',
  operationId: 'getAnalytics',
  tag: 'Dashboard',
  summary: 'What came in per day and department, how imports went, and how large and how fast the hub is',
  needs: rightToSee(researches),
  query: Type.Object({
    days: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: MOST_DAYS,
        default: DEFAULT_DAYS,
        description: 'How many days are told of, today included.',
      }),
    ),
  }),
  answers: { 200: { description: 'The figures.', content: { 'application/json': ANALYTICS } } },
  price: ({ query }) => 500 + (query.days ?? DEFAULT_DAYS) * 10,
  answer: async (context, { query }) => {
    const from = startOf(query.days ?? DEFAULT_DAYS);
    const [days, ofImports, open, storage, requests] = await Promise.all([
      daysByDepartment(context.reads.query, from),
      importFigures(context, from),
      rejectFigures(context),
      storageFigures(context),
      requestTimesSlot.get(context)(),
    ]);
    return { body: JSON.stringify({ from, days, imports: ofImports, rejects: open, storage, requests }) };
  },
});

/** Midnight in UTC, so many days back that today is the last of them. */
function startOf(days: number): Date {
  const now = Date.now();
  return new Date(now - (now % DAY) - (days - 1) * DAY);
}

async function importFigures(context: GraphqlContext, from: Date) {
  const groups = await countGroups(context, imports, ['STATUS'], { startedAt: { gte: from } });
  const of = (status: string): number => groups.find(({ key: [own] }) => own === status)?.count ?? 0;
  const [imported, unchanged, failed, undone] = [of('imported'), of('unchanged'), of('failed'), of('undone')];
  const ended = imported + unchanged + undone + failed;
  return {
    total: ended + of('running'),
    imported,
    unchanged,
    failed,
    undone,
    running: of('running'),
    success_rate: ended === 0 ? null : (ended - failed) / ended,
  };
}

async function rejectFigures(context: GraphqlContext) {
  const groups = await countGroups(context, rejects, ['DATASET'], { status: { equals: 'open' } });
  const byDataset = groups.map(({ key: [dataset], count: own }) => ({ dataset: dataset ?? '', open: own }));
  return { open: byDataset.reduce((sum, each) => sum + each.open, 0), by_dataset: byDataset };
}

async function storageFigures(context: GraphqlContext) {
  const seen = visibleTables(context);
  const tables = (await readTableFigures(context.reads.query))
    .filter(({ name }) => seen?.has(name) ?? true)
    .map(({ name, rows, bytes }) => ({ table: name, rows: Math.round(rows), bytes }))
    .sort((one, other) => other.bytes - one.bytes || (one.table < other.table ? -1 : 1));
  return { bytes: tables.reduce((sum, { bytes }) => sum + bytes, 0), tables };
}
