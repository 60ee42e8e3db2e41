/** `where` finds what going through all rows by hand finds. */
import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { useTestDatabase } from '../support/database.ts';
import { codesOf, dataAt, graphqlOver } from '../support/graphql.ts';
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
  /** Statuses of its videos. */
  readonly videos: readonly string[];
}

const TITLES = ['Glif', 'glif 100%', 'a_b', 'a-b', 'Кіно', 'КІНО 2', 'back\\slash', ''];
const DEPARTMENTS = ['VID', 'AI', 'DEV'];
const STATUSES = ['planning', 'active'];

const researches: readonly Research[] = Array.from({ length: 24 }, (_, n) => ({
  researchId: `RSH-VID-${String(n).padStart(3, '0')}`,
  title: `${TITLES[n % TITLES.length]} #${n}`,
  department: DEPARTMENTS[n % 3] ?? 'VID',
  status: STATUSES[n % 2] ?? 'active',
  outputPath: n % 4 === 0 ? null : `out/${n}`,
  videos: n % 5 === 0 ? [] : n % 5 === 1 ? ['queued'] : ['queued', 'completed'],
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
  const videos = researches.flatMap(({ researchId, videos: statuses }) =>
    statuses.map((status) => ({ researchId, status, id: `${researchId}-${status}` })),
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
    videos.map(({ id, researchId }) => ({ research_id: researchId, video_id: id, created_at: now, updated_at: now })),
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
  fc.constantFrom('queued', 'completed').map((status) => ({
    where: { videos: { some: { status: { equals: status.toUpperCase() } } } },
    holds: ({ videos }: Research) => videos.includes(status),
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
  ['a relation asked for nothing', { reports: {}, researchId: { equals: 'RSH-VID-003' } }, ['RSH-VID-003']],
  ['a field asked for nothing', { title: {}, researchId: { equals: 'RSH-VID-003' } }, ['RSH-VID-003']],
])('related rows are asked by %s', async (_what, where, expected) => {
  const answer = await ask(FIND, { where });
  expect(dataAt(answer, 'researches.nodes')).toEqual(expected.map((researchId) => ({ researchId })));
});

const nested = (depth: number): Where => (depth === 0 ? {} : { not: nested(depth - 1) });

test.each([
  ['nested too deep', nested(20), 'LIMIT_EXCEEDED'],
  ['too many conditions', { or: Array.from({ length: 200 }, () => ({ title: { contains: 'a' } })) }, 'LIMIT_EXCEEDED'],
  ['too long a list', { researchId: { in: Array.from({ length: 2_000 }, String) } }, 'BAD_USER_INPUT'],
  ['NUL in text', { title: { contains: 'a\0b' } }, 'BAD_USER_INPUT'],
  ['half a surrogate pair', { title: { contains: '\ud800' } }, 'BAD_USER_INPUT'],
  ['null for a list', { department: { in: null } }, 'BAD_USER_INPUT'],
  ['null for a text', { title: { contains: null } }, 'BAD_USER_INPUT'],
  ['null for a condition', { not: null }, 'BAD_USER_INPUT'],
  ['null for alternatives', { or: null }, 'BAD_USER_INPUT'],
  ['a field that does not exist', { password: { equals: 'x' } }, 'BAD_USER_INPUT'],
  ['a value that is none of the enum', { status: { equals: 'DONE' } }, 'BAD_USER_INPUT'],
])('a filter with %s is refused', async (_what, where, code) => {
  expect(new Set(codesOf(await ask(FIND, { where })))).toEqual(new Set([code]));
});
