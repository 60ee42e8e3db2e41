import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { rootField, useTestApi } from '../support/api.ts';
import { useTestDatabase } from '../support/database.ts';
import { recordQueries } from '../support/queries.ts';
import { type ListStream, nextRows, watch } from '../support/watching.ts';

const database = await useTestDatabase();
const api = await useTestApi(database);
const sql = database.owner;

afterEach(async () => {
  await sql.query('DELETE FROM research_videos; DELETE FROM videos; DELETE FROM researches; DELETE FROM channels');
});

const addChannel = (id: string, name = id) =>
  sql.query('INSERT INTO channels (channel_id, name) VALUES ($1, $2)', [id, name]);

const addVideo = (id: string, status = 'queued') =>
  sql.query("INSERT INTO videos (video_id, source_url, title, status) VALUES ($1, 'https://example.org', $1, $2)", [
    id,
    status,
  ]);

async function watchChannels(where = {}, selection?: string): Promise<ListStream> {
  const stream = await watch(api, 'channelsChanged', 'ChannelFilter', where, selection);
  expect(await stream.next()).toMatchObject({ kind: 'READY' });
  return stream;
}

/** Nothing was told before this row, which is told now. */
async function expectNothingBut(stream: ListStream, id: string): Promise<void> {
  await addChannel(id);
  expect(await nextRows(stream)).toEqual([`ADDED ${id}`]);
}

describe('what is told', () => {
  test('a row that comes, changes and goes, with who did it', async () => {
    const stream = await watchChannels({}, 'kind key node { name version } change { operation actor import { path } }');
    await addChannel('c1', 'One');
    const change = { actor: expect.stringMatching(/^database:/), import: null };
    expect(await stream.next()).toEqual({
      kind: 'CHANGED',
      count: 1,
      changes: [
        { kind: 'ADDED', key: 'c1', node: { name: 'One', version: 1 }, change: { ...change, operation: 'INSERT' } },
      ],
    });
    await sql.query("UPDATE channels SET name = 'Uno' WHERE channel_id = 'c1'");
    expect(await stream.next()).toMatchObject({
      count: 1,
      changes: [{ kind: 'UPDATED', key: 'c1', node: { name: 'Uno', version: 2 }, change: { operation: 'UPDATE' } }],
    });
    await sql.query("DELETE FROM channels WHERE channel_id = 'c1'");
    expect(await stream.next()).toMatchObject({
      count: 0,
      changes: [{ kind: 'REMOVED', key: 'c1', node: null, change: { operation: 'DELETE' } }],
    });
  });

  test('a row that comes to match and matches no more', async () => {
    await addChannel('c1', 'One');
    const stream = await watchChannels({ name: { equals: 'Wanted' } });
    await sql.query("UPDATE channels SET name = 'Wanted' WHERE channel_id = 'c1'");
    expect(await nextRows(stream)).toEqual(['ADDED c1']);
    await sql.query("UPDATE channels SET name = 'Other' WHERE channel_id = 'c1'");
    expect(await nextRows(stream)).toEqual(['REMOVED c1']);
  });

  test('a row that was deleted and made anew in one transaction has changed', async () => {
    await addChannel('c1', 'One');
    const stream = await watchChannels();
    await sql.query("DELETE FROM channels; INSERT INTO channels (channel_id, name) VALUES ('c1', 'New')");
    expect(await nextRows(stream)).toEqual(['UPDATED c1']);
  });

  test('a table that is emptied', async () => {
    await addChannel('c1');
    await addChannel('c2');
    const stream = await watchChannels();
    await sql.query('TRUNCATE channels CASCADE');
    const told: string[] = [];
    // What came before the subscription may be looked at after it: then there are two events.
    while (told.length < 2) told.push(...(await nextRows(stream)));
    expect(told.toSorted()).toEqual(['REMOVED c1', 'REMOVED c2']);
  });

  test('an import, with its actor and file', async () => {
    const stream = await watchChannels({}, 'kind key change { actor line import { path importId } }');
    await writeFile(join(api.root, 'channels.csv'), 'channel_id,name\nc1,One\nc2,Two\n');
    const document = 'mutation ($input: ImportFileInput!) { importFile(input: $input) { importId } }';
    const answer = await api.ask(document, { input: { path: 'channels.csv', dataset: 'channels' } });
    const { importId } = rootField<{ importId: string }>(answer, 'importFile');
    expect(await stream.next()).toMatchObject({
      count: 2,
      changes: [
        {
          kind: 'ADDED',
          key: 'c1',
          change: { actor: 'token:admin', line: 2, import: { path: 'channels.csv', importId } },
        },
        { kind: 'ADDED', key: 'c2', change: { line: 3 } },
      ],
    });
  });

  test('a mutation, with its actor', async () => {
    const stream = await watch(api, 'researchesChanged', 'ResearchFilter', {}, 'kind key change { actor }');
    await stream.next();
    const input = { title: 'Told', department: 'AI', researchId: 'RSH-AI-001' };
    const document =
      'mutation ($input: CreateResearchInput!) { createResearch(input: $input) { research { researchId } } }';
    rootField(await api.ask(document, { input }), 'createResearch');
    expect(await stream.next()).toMatchObject({
      changes: [{ kind: 'ADDED', key: 'RSH-AI-001', change: { actor: 'token:admin' } }],
    });
  });
});

describe('what is not told', () => {
  test('a transaction that is rolled back', async () => {
    const stream = await watchChannels();
    await sql.query("BEGIN; INSERT INTO channels (channel_id, name) VALUES ('no', 'No'); ROLLBACK");
    await expectNothingBut(stream, 'c1');
  });

  test('a change of a row that did not match and does not', async () => {
    await addChannel('other');
    const stream = await watchChannels({ channelId: { equals: 'c1' } });
    await sql.query("UPDATE channels SET name = 'x' WHERE channel_id = 'other'");
    await expectNothingBut(stream, 'c1');
  });

  test('a change of another table', async () => {
    const stream = await watchChannels();
    await addVideo('v1');
    await expectNothingBut(stream, 'c1');
  });

  test('a row that came and went in one transaction', async () => {
    const stream = await watchChannels();
    await sql.query("INSERT INTO channels (channel_id, name) VALUES ('no', 'No'); DELETE FROM channels");
    await expectNothingBut(stream, 'c1');
  });
});

describe('rows that other rows decide', () => {
  const where = { videos: { some: { status: { equals: 'COMPLETED' } } } };
  const addResearch = () =>
    sql.query("INSERT INTO researches (research_id, title, department) VALUES ('r1', 'One', 'AI')");
  const link = () => sql.query("INSERT INTO research_videos (research_id, video_id) VALUES ('r1', 'v1')");

  test('come and go with the links and the rows at their other end', async () => {
    await addResearch();
    await addVideo('v1', 'completed');
    const stream = await watch(api, 'researchesChanged', 'ResearchFilter', where);
    expect(await stream.next()).toMatchObject({ kind: 'READY', count: 0 });
    await link();
    expect(await nextRows(stream)).toEqual(['ADDED r1']);
    await sql.query("UPDATE videos SET status = 'failed'");
    expect(await nextRows(stream)).toEqual(['REMOVED r1']);
    await sql.query("UPDATE videos SET status = 'completed'");
    expect(await nextRows(stream)).toEqual(['ADDED r1']);
    await sql.query('DELETE FROM research_videos');
    expect(await nextRows(stream)).toEqual(['REMOVED r1']);
  });

  test('are told through two relations, by rows of the same table, too', async () => {
    await addResearch();
    await sql.query("INSERT INTO researches (research_id, title, department) VALUES ('r2', 'Two', 'AI')");
    await addVideo('v1');
    await link();
    await sql.query("INSERT INTO research_videos (research_id, video_id) VALUES ('r2', 'v1')");
    const sibling = { videos: { some: { researches: { some: { title: { equals: 'Wanted' } } } } } };
    const stream = await watch(api, 'researchesChanged', 'ResearchFilter', sibling);
    expect(await stream.next()).toMatchObject({ count: 0 });
    await sql.query("UPDATE researches SET title = 'Wanted' WHERE research_id = 'r2'");
    expect(await nextRows(stream)).toEqual(['ADDED r1', 'ADDED r2']);
  });
});

describe('many at once', () => {
  const addMany = (count: number) =>
    sql.query(
      "INSERT INTO channels (channel_id, name) SELECT 'c' || lpad(n::text, 5, '0'), 'x' FROM generate_series(1, $1) n",
      [count],
    );

  test('are told a hundred in one event, each event by as many statements as for one row', async () => {
    const stream = await watchChannels({}, 'kind key node { name videos { totalCount } } change { actor }');
    await addMany(250);
    const recording = recordQueries(database.read);
    const counts: number[] = [];
    const keys: string[] = [];
    for (let event = 1; event <= 3; event += 1) {
      const { changes = [] } = (await stream.next()) ?? {};
      counts.push(changes.length);
      keys.push(...changes.map(({ key }) => key));
    }
    expect(counts).toEqual([100, 100, 50]);
    expect(new Set(keys).size).toBe(250);
    // The rows, the nodes, their videos' counts and the changes. The changed keys are read once for all, a token beside them.
    const read = recording.statements().filter((text) => !/\btokens\b|\bsessions\b|DISTINCT record_id/.test(text));
    recording.stop();
    expect(read.length).toBe(3 * 4);
  });

  test('are one event beyond a thousand, and what comes after it is told by row', async () => {
    const stream = await watchChannels();
    await addMany(1_500);
    expect(await stream.next()).toEqual({ kind: 'RESET', count: 1_500, changes: [] });
    await sql.query("DELETE FROM channels WHERE channel_id = 'c00007'");
    expect(await nextRows(stream)).toEqual(['REMOVED c00007']);
    await sql.query('DELETE FROM channels');
    expect(await stream.next()).toEqual({ kind: 'RESET', count: 0, changes: [] });
  });
});
