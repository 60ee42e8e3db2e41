/** `where` finds what going through all rows by hand finds. */
import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { useTestDatabase } from '../support/database.ts';
import { dataAt, graphqlOver } from '../support/graphql.ts';
import { insertRows } from '../support/research.ts';

const database = await useTestDatabase();
const ask = graphqlOver(database);

const FIND = `query Find($where: ResearchFilter) {
  researches(first: 100, where: $where, orderBy: [{ researchId: ASC }]) { totalCount nodes { researchId } }
}`;

interface Research {
  readonly researchId: string;
  readonly title: string;
  readonly department: string;
  readonly status: string;
  readonly outputPath: string | null;
  /** Its videos' statuses, and how much each matters to it. */
  readonly videos: readonly { readonly status: string; readonly score: number | null }[];
}

const TITLES = ['Glif', 'glif 100%', 'a_b', 'a-b', 'Кіно', 'КІНО 2', 'back\\slash', ''];
const DEPARTMENTS = ['VID', 'AI', 'DEV'];
const STATUSES = ['planning', 'active'];

const LINKED: readonly Research['videos'][] = [
  [],
  [{ status: 'queued', score: 0.5 }],
  [
    { status: 'queued', score: null },
    { status: 'completed', score: 0.9 },
  ],
  [{ status: 'completed', score: 0.2 }],
  [
    { status: 'completed', score: 0.8 },
    { status: 'failed', score: 0.8 },
  ],
];

const researches: readonly Research[] = Array.from({ length: 24 }, (_, n) => ({
  researchId: `RSH-VID-${String(n).padStart(3, '0')}`,
  title: `${TITLES[n % TITLES.length]} #${n}`,
  department: DEPARTMENTS[n % 3] ?? 'VID',
  status: STATUSES[n % 2] ?? 'active',
  outputPath: n % 4 === 0 ? null : `out/${n}`,
  videos: LINKED[n % LINKED.length] ?? [],
}));

beforeAll(async () => {
  const now = new Date(0).toISOString();
  await insertRows(
    database.owner,
    'researches',
    researches.map(({ researchId, title, department, status, outputPath }) => ({
      research_id: researchId,
      title,
      department,
      status,
      output_path: outputPath,
      created_date: now,
      updated_date: now,
      metadata: {},
    })),
  );
  await insertRows(database.owner, 'employees', [
    { employee_id: 'anna', name: 'Anna', created_at: now, updated_at: now, metadata: {} },
  ]);
  await database.owner.query(`UPDATE researches SET researcher_id = 'anna' WHERE research_id = 'RSH-VID-001'`);
  await insertRows(database.owner, 'reports', [
    { report_id: 'R', research_id: 'RSH-VID-002', title: 'Final', created_date: now, updated_at: now, metadata: {} },
  ]);
  const videos = researches.flatMap(({ researchId, videos: linked }) =>
    linked.map(({ status, score }) => ({ researchId, status, score, id: `${researchId}-${status}` })),
  );
  await insertRows(
    database.owner,
    'videos',
    videos.map(({ id, status }) => ({
      video_id: id,
      title: id,
      status,
      source_url: 'x',
      created_date: now,
      updated_at: now,
      metadata: {},
    })),
  );
  await insertRows(
    database.owner,
    'research_videos',
    videos.map(({ id, researchId, score }) => ({
      ...{ research_id: researchId, video_id: id, relevance_score: score, created_at: now, updated_at: now },
    })),
  );
});

type Where = { readonly [name: string]: unknown };
type Test = (research: Research) => boolean;
interface Condition {
  readonly where: Where;
  readonly holds: Test;
}

const contains = (field: 'title' | 'outputPath', text: string): Condition => ({
  where: { [field]: { contains: text } },
  holds: (research) => research[field]?.toLowerCase().includes(text.toLowerCase()) ?? false,
});

const simple: fc.Arbitrary<Condition> = fc.oneof(
  fc.constantFrom(...DEPARTMENTS).map((department) => ({
    where: { department: { equals: department } },
    holds: (research: Research) => research.department === department,
  })),
  fc.subarray(DEPARTMENTS).map((departments) => ({
    where: { department: { in: departments } },
    holds: ({ department }: Research) => departments.includes(department),
  })),
  fc.constantFrom(...STATUSES).map((status) => ({
    where: { status: { equals: status.toUpperCase() } },
    holds: (research: Research) => research.status === status,
  })),
  fc.constantFrom(...researches.map(({ researchId }) => researchId)).map((id) => ({
    where: { researchId: { in: [id, 'RSH-VID-000'] } },
    holds: ({ researchId }: Research) => researchId === id || researchId === 'RSH-VID-000',
  })),
  fc
    .constantFrom('GLIF', '%', '_', '\\', 'кіно', '#1', "'; drop table researches; --")
    .map((text) => contains('title', text)),
  fc.constantFrom('OUT/1', '2').map((text) => contains('outputPath', text)),
  fc
    .tuple(
      fc.constantFrom('some' as const, 'none' as const, 'every' as const),
      fc.constantFrom('queued', 'completed', undefined),
      fc.constantFrom(0.5, 0.9, undefined),
    )
    .map(([quantifier, status, least]) => ({
      where: {
        videos: {
          [quantifier]: status === undefined ? {} : { status: { equals: status.toUpperCase() } },
          ...(least !== undefined && { link: { relevanceScore: { gte: least } } }),
        },
      },
      holds: ({ videos }: Research) => {
        const seen = videos.filter(({ score }) => least === undefined || (score !== null && score >= least));
        const isLike = (video: { status: string }) => status === undefined || video.status === status;
        if (quantifier === 'every') return seen.every(isLike);
        return seen.some(isLike) === (quantifier === 'some');
      },
    })),
  fc.constantFrom('out/1', 'out/2').map((path) => ({
    where: { outputPath: { notEquals: path } },
    holds: ({ outputPath }: Research) => outputPath !== path,
  })),
  fc.boolean().map((isNull) => ({
    where: { outputPath: { isNull, contains: 'out' } },
    holds: ({ outputPath }: Research) => !isNull && outputPath !== null,
  })),
  fc.constant({ where: {}, holds: () => true }),
);

const { condition } = fc.letrec<{ condition: Condition }>((tie) => ({
  condition: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    simple,
    fc.array(tie('condition'), { maxLength: 3 }).map((parts) => ({
      where: { and: parts.map(({ where }) => where) },
      holds: (research: Research) => parts.every(({ holds }) => holds(research)),
    })),
    fc.array(tie('condition'), { maxLength: 3 }).map((parts) => ({
      where: { or: parts.map(({ where }) => where) },
      holds: (research: Research) => parts.some(({ holds }) => holds(research)),
    })),
    tie('condition').map(({ where, holds }) => ({
      where: { not: where },
      holds: (research: Research) => !holds(research),
    })),
  ),
}));

test('any combination of conditions finds what going through the rows finds, and counts it', async () => {
  await fc.assert(
    fc.asyncProperty(condition, async ({ where, holds }) => {
      const expected = researches.filter(holds).map(({ researchId }) => ({ researchId }));
      const answer = await ask(FIND, { where });
      expect(dataAt(answer, 'researches')).toEqual({ totalCount: expected.length, nodes: expected });
    }),
    { numRuns: 200 },
  );
});

test('the same conditions written into the document find the same', async () => {
  const answer = await ask(
    `{ researches(where: { department: { in: [AI] }, not: { status: { equals: ACTIVE } } }) { totalCount } }`,
  );
  const expected = researches.filter(({ department, status }) => department === 'AI' && status !== 'active').length;
  expect(dataAt(answer, 'researches.totalCount')).toBe(expected);
});

test.each([
  ['the researcher’s name', { researcher: { name: { contains: 'ANN' } } }, ['RSH-VID-001']],
  [
    'no researcher at all',
    { researcherId: { equals: null }, researchId: { in: ['RSH-VID-001', 'RSH-VID-002'] } },
    ['RSH-VID-002'],
  ],
  ['some report', { reports: { some: { title: { contains: 'final' } } } }, ['RSH-VID-002']],
  [
    'a relation within a relation',
    { reports: { some: { research: { researchId: { equals: 'RSH-VID-002' } } } } },
    ['RSH-VID-002'],
  ],
  ['none of a list', { reports: { none: {} }, researchId: { in: ['RSH-VID-001', 'RSH-VID-002'] } }, ['RSH-VID-001']],
  [
    'every one of a list, what is absent being unlike anything',
    { reports: { every: { reportType: { lt: 'z' } } }, researchId: { in: ['RSH-VID-001', 'RSH-VID-002'] } },
    ['RSH-VID-001'],
  ],
  [
    'every one of a list within a list',
    { reports: { some: { research: { videos: { every: { status: { equals: 'COMPLETED' } } } } } } },
    [],
  ],
  [
    'no row where there may be one',
    { researcherId: { isNull: true }, researchId: { lte: 'RSH-VID-002', gt: 'RSH-VID-000' } },
    ['RSH-VID-002'],
  ],
  ['a row that is there and no other condition', { researcher: {} }, ['RSH-VID-001']],
  ['a relation asked for nothing', { reports: {}, researchId: { equals: 'RSH-VID-003' } }, ['RSH-VID-003']],
  ['a field asked for nothing', { title: {}, researchId: { equals: 'RSH-VID-003' } }, ['RSH-VID-003']],
])('related rows are asked by %s', async (_what, where, expected) => {
  const answer = await ask(FIND, { where });
  expect(dataAt(answer, 'researches.nodes')).toEqual(expected.map((researchId) => ({ researchId })));
});
