import { beforeAll, expect, test } from 'vitest';
import { importEntity } from '../../src/ingest/imports.rest.ts';
import { rejectEntity } from '../../src/ingest/rest-rejects.ts';
import {
  analysisEntity,
  channelEntity,
  employeeEntity,
  influencerEntity,
  reportEntity,
  researchEntity,
  searchEntity,
  videoEntity,
} from '../../src/research/rest-entities.ts';
import type { RestEntity, RestField } from '../../src/rest/entity.ts';
import { useTestApi } from '../support/api.ts';
import { useTestDatabase } from '../support/database.ts';
import { at, restOver } from '../support/rest.ts';
import { seedEveryList } from '../support/rest-world.ts';

const database = await useTestDatabase();
const api = await useTestApi(database);
const rest = restOver(api.url);

beforeAll(async () => {
  await seedEveryList(database.owner, 4);
  // What is written otherwise than it looks.
  await database.owner.query(
    `UPDATE videos SET title = E'"quoted" \\\\ back\\nline \\u2028 é 🎬', metadata = '{"a": [1.50, "é"], "n": null}',
            duration = 0, phase = NULL, completed_date = '2024-02-29 23:59:59.987+02' WHERE video_id = 'Video_001-0'`,
  );
  await database.owner.query(`UPDATE influencers SET engagement_rate = CASE influencer_id
      WHEN 'INF-1' THEN 0.1 WHEN 'INF-2' THEN 1e-7 WHEN 'INF-3' THEN 33.3 ELSE NULL END`);
});

const ENTITIES: readonly RestEntity[] = [
  researchEntity,
  videoEntity,
  channelEntity,
  influencerEntity,
  employeeEntity,
  searchEntity,
  reportEntity,
  analysisEntity,
  importEntity,
  rejectEntity,
];

/** A value of GraphQL in the table's own terms. */
function inTheTablesTerms({ reads }: RestField, value: unknown): unknown {
  if (value === null) return null;
  if (reads.kind === 'enumeration') {
    return reads.values?.values.find((one) => one.toUpperCase() === value);
  }
  return reads.kind === 'bigint' ? Number(value) : value;
}

test.each(ENTITIES.map((entity) => [entity.path, entity] as const))(
  '%s gives the values that GraphQL gives for the same rows',
  async (path, entity) => {
    const fields = [...entity.fields.values()].filter(({ declared }) => declared !== undefined);
    const { plural } = entity.reads;
    const answer = await api.ask(
      `{ ${plural}(first: 50) { nodes { ${fields.map(({ declared }) => declared).join(' ')} } } }`,
    );
    const nodes = at(answer.data, `${plural}.nodes`);
    if (!Array.isArray(nodes)) throw new Error(JSON.stringify(answer.errors));
    const expected = nodes.map((node: unknown) =>
      Object.fromEntries(fields.map((field) => [field.name, inTheTablesTerms(field, at(node, field.declared ?? ''))])),
    );
    expect(expected.length).toBeGreaterThanOrEqual(4);
    const listed = await rest('GET', `${path}?limit=50&fields=${fields.map(({ name }) => name).join(',')}`);
    expect(at(listed.json, 'data')).toEqual(expected);
    const [first] = expected;
    const one = await rest('GET', `${path}/${encodeURIComponent(String(first?.[entity.key.name]))}`);
    expect(one.json).toMatchObject(first ?? {});
  },
);

test.each([
  ['status=active&status=planning', '{ status: { in: [ACTIVE, PLANNING] } }'],
  ['status.not=active', '{ status: { notEquals: ACTIVE } }'],
  [
    'created_date.gt=2025-01-02&created_date.lte=2025-01-04T00:00:00Z',
    '{ createdDate: { gt: "2025-01-02", lte: "2025-01-04T00:00:00Z" } }',
  ],
  ['title.contains=SEARCH 2', '{ title: { contains: "SEARCH 2" } }'],
  ['output_path.is_null=true&researcher_id=anna', '{ outputPath: { isNull: true }, researcherId: { equals: "anna" } }'],
  [
    'research_id.not=RSH-VID-001&research_id.not=RSH-VID-002',
    '{ researchId: { notIn: ["RSH-VID-001", "RSH-VID-002"] } }',
  ],
  ['metadata.contains={"number":3}', '{ metadata: { contains: { number: 3 } } }'],
  ['version.gte=1&version.lt=2', '{ version: { gte: 1, lt: 2 } }'],
])('the filter %s finds what GraphQL finds', async (query, where) => {
  const answer = await api.ask(
    `{ researches(where: ${where}, orderBy: [{ title: DESC }]) { totalCount nodes { researchId } } }`,
  );
  const keys = at(answer.data, 'researches.nodes');
  const found = await rest('GET', `/researches?${encodeURI(query)}&sort=-title&fields=research_id&include_total=true`);
  expect([at(found.json, 'data'), at(found.json, 'page.total')]).toEqual([
    Array.isArray(keys) ? keys.map((node: unknown) => ({ research_id: at(node, 'researchId') })) : undefined,
    at(answer.data, 'researches.totalCount'),
  ]);
});

test('a condition that no single column decides is asked by its name', async () => {
  const [some, none] = await Promise.all([
    rest('GET', '/rejects?code=MISSING&fields=id'),
    rest('GET', '/rejects?code=TOO_LONG&fields=id'),
  ]);
  expect([at(some.json, 'data.length'), at(none.json, 'data.length')]).toEqual([4, 0]);
});
