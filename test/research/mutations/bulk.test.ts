/** Many rows at once: all or none, in a fixed number of statements, and never more than was expected. */
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { silentLog } from '../../../src/kernel/log.ts';
import { TESTER, useTestDatabase } from '../../support/database.ts';
import { codesOf, dataAt, graphqlOver } from '../../support/graphql.ts';
import { keyNumber, MUTABLE_TYPES } from '../../support/mutable-types.ts';
import { documentsOf, faultsOf } from '../../support/mutation-documents.ts';
import { seedReferred } from '../../support/mutation-world.ts';
import { recordQueries } from '../../support/queries.ts';

const database = await useTestDatabase();
const ask = graphqlOver(database, { log: silentLog() });

beforeAll(() => seedReferred(database.owner));

// Every test has a hundred keys of its own.
let base = 0;
beforeEach(() => {
  base += 100;
});

describe.each(MUTABLE_TYPES)('$type', (mutable) => {
  const { plural, table, key, keyColumn, values, patch } = mutable;
  const documents = documentsOf(mutable);
  const keyAt = (number: number) => keyNumber(mutable, base + number);
  const record = (number: number, more: object = {}) => ({ [key]: keyAt(number), ...values, ...more });
  const upsert = (records: readonly object[]) => ask(documents.upsert, { records });
  const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, at) => from + at);
  const keys = () => range(1, 99).map(keyAt);
  const mine = () => ({ [key]: { in: keys() } });
  const count = async () =>
    (await database.owner.query(`SELECT FROM ${table} WHERE ${keyColumn} = ANY($1)`, [keys()])).rowCount;
  const tombstones = async () =>
    (
      await database.owner.query('SELECT FROM tombstones WHERE table_name = $1 AND record_id = ANY($2)', [
        table,
        keys(),
      ])
    ).rowCount;

  test('each record is created, updated or unchanged by its key, in its place', async () => {
    await upsert([record(1), record(2)]);
    const answer = dataAt(await upsert([record(3), record(1, patch), record(2)]), `upsert${plural}`);
    expect(answer).toMatchObject({
      created: 1,
      updated: 1,
      unchanged: 1,
      results: [
        { outcome: 'CREATED', [key]: keyAt(3) },
        { outcome: 'UPDATED', [key]: keyAt(1) },
        { outcome: 'UNCHANGED', [key]: keyAt(2) },
      ],
    });
    const { rows } = await database.owner.query(
      'SELECT DISTINCT changed_by FROM change_log WHERE table_name = $1 AND operation = $2',
      [table, 'update'],
    );
    expect(rows).toEqual([{ changed_by: TESTER.label }]);
  });

  test('all or none: the faults of every record are told, and nothing is written', async () => {
    const [needed = ''] = mutable.needed;
    const { [needed]: _left, ...incomplete } = record(3);
    const answer = await upsert([record(1), incomplete, record(1), record(4, { [needed]: null })]);
    expect(codesOf(answer)).toEqual(['BAD_USER_INPUT']);
    expect(
      faultsOf(answer)
        .map(({ path, code }) => `${path} ${code}`)
        .sort(),
    ).toEqual([`records.1.${needed} MISSING`, `records.2.${key} DUPLICATE_KEY`, `records.3.${needed} MISSING`]);
    expect(await count()).toBe(0);
  });

  test('one record at another version keeps all from being written', async () => {
    await upsert([record(1)]);
    const stale = await upsert([record(2), record(1, { ...patch, ifVersion: 3 })]);
    expect(stale.errors?.[0]?.extensions).toMatchObject({ code: 'CONFLICT', argument: 'records.1.ifVersion' });
    expect(codesOf(await upsert([record(2, { ifVersion: 1 })]))).toEqual(['CONFLICT']);
    expect(await count()).toBe(1);
    expect(codesOf(await upsert([record(1, { ...patch, ifVersion: 1 })]))).toEqual([]);
  });

  test('three records take as many statements as thirty', async () => {
    await upsert([record(1)]);
    const recording = recordQueries(database.write, database.read);
    const statements = async (from: number, to: number) => {
      recording.clear();
      expect(codesOf(await upsert([record(1, patch), ...range(from, to).map((number) => record(number))]))).toEqual([]);
      return recording.statements().length;
    };
    const few = await statements(2, 3);
    // As at first: the one record that is known is changed again.
    await ask(documents.update, { key: keyAt(1), patch: values });
    expect(await statements(4, 32)).toBe(few);
    recording.stop();
  });

  test('as many as expected are changed; of more none is', async () => {
    await upsert(range(1, 5).map((number) => record(number)));
    const update = (atMost: number) => ask(documents.updateMany, { where: mine(), patch, atMost });
    const refused = await update(4);
    expect(codesOf(refused)).toEqual(['LIMIT_EXCEEDED']);
    expect(refused.errors?.[0]?.message).toContain('5 of the');
    expect(dataAt(await update(5), `update${plural}`)).toEqual({ matched: 5, changed: 5 });
    expect(dataAt(await update(5), `update${plural}`)).toEqual({ matched: 5, changed: 0 });
    const none = await ask(documents.updateMany, { where: { [key]: { in: [] } }, patch, atMost: 0 });
    expect(dataAt(none, `update${plural}`)).toEqual({ matched: 0, changed: 0 });
    const all = { [key]: { isNull: false } };
    expect(codesOf(await ask(documents.updateMany, { where: all, patch, atMost: 1 }))).toEqual(['LIMIT_EXCEEDED']);
    expect(codesOf(await update(-1))).toEqual(['BAD_USER_INPUT']);
    expect(codesOf(await update(10_001))).toEqual(['LIMIT_EXCEEDED']);
  });

  test.each([
    ['where', {}],
    [`where.${key}`, { [key]: {} }],
    [`where.and.1.${key}`, { and: [{ [key]: { equals: 'X-1' } }, { [key]: {} }] }],
    ['where.not', { not: {} }],
  ])('nothing is written where %s says nothing, as when a variable is left out', async (path, where) => {
    await upsert([record(1)]);
    for (const [document, more] of [
      [documents.updateMany, { patch }],
      [documents.removeMany, { dryRun: false }],
    ] as const) {
      const answer = await ask(document, { where, atMost: 10_000, ...more });
      expect(codesOf(answer)).toEqual(['BAD_USER_INPUT']);
      expect(answer.errors?.[0]?.message).toContain(`\`${path}\` says nothing`);
    }
    expect(await count()).toBe(1);
  });

  test('many are deleted, or in a dry run none, by the same rule', async () => {
    await upsert(range(1, 3).map((number) => record(number)));
    const remove = (atMost: number, dryRun: boolean) => ask(documents.removeMany, { where: mine(), atMost, dryRun });
    expect(codesOf(await remove(2, false))).toEqual(['LIMIT_EXCEEDED']);
    expect(dataAt(await remove(3, true), `delete${plural}`)).toMatchObject({ matched: 3, deleted: 0, dryRun: true });
    expect(await count()).toBe(3);
    expect(dataAt(await remove(3, false), `delete${plural}`)).toMatchObject({ matched: 3, deleted: 3, dryRun: false });
    expect(await count()).toBe(0);
    expect(await tombstones()).toBe(3);
    expect(codesOf(await upsert([record(1)]))).toEqual([]);
    expect(await tombstones()).toBe(2);
  });
});

test('a thousand records are taken, and one more is not', async () => {
  const upsert = 'mutation M($records: [ResearchRecord!]!) { upsertResearches(records: $records) { created } }';
  const records = Array.from({ length: 1_000 }, (_, at) => ({
    researchId: `RSR-${at + 100_000}`,
    title: 'T',
    department: 'AI',
  }));
  expect(dataAt(await ask(upsert, { records }), 'upsertResearches.created')).toBe(1_000);
  const answer = await ask(upsert, { records: [...records, { ...records[0], researchId: 'RSR-999' }] });
  expect(codesOf(answer)).toEqual(['LIMIT_EXCEEDED']);
});

test('what many records may answer is priced by their number', async () => {
  const document = `mutation M($records: [VideoRecord!]!) {
    upsertVideos(records: $records) { results { video { researches(first: 100) { nodes { title status department createdDate } } } } } }`;
  const records = Array.from({ length: 1_000 }, (_, at) => ({
    videoId: `Video_${at}`,
    title: 'T',
    sourceUrl: 'https://example.org',
  }));
  expect(codesOf(await ask(document, { records: records.slice(0, 2) }))).toEqual([]);
  expect(codesOf(await ask(document, { records }))).toEqual(['LIMIT_EXCEEDED']);
});

test('what a table refuses although the checks passed it is the input’s fault', async () => {
  const words = Array.from({ length: 400_000 }, (_, at) => `w${at.toString(36)}`).join(' ');
  const input = { videoId: 'Video_901', title: 'T', sourceUrl: 'https://example.org', transcriptContent: words };
  const answer = await ask('mutation C($input: CreateVideoInput!) { createVideo(input: $input) { changed } }', {
    input,
  });
  expect(codesOf(answer).filter((code) => code !== 'BAD_USER_INPUT')).toEqual([]);
});
