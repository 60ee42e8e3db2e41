/** What a deletion is said to do is what it does: of every type, and of the names that files use. */
import { beforeAll, expect, test } from 'vitest';
import { loadRegistry } from '../../../src/ingest/registry.ts';
import { silentLog } from '../../../src/kernel/log.ts';
import { useTestDatabase } from '../../support/database.ts';
import { dataAt, graphqlOver } from '../../support/graphql.ts';
import { importAll, makeFolder, writeFiles } from '../../support/import-folder.ts';
import { MUTABLE_TYPES } from '../../support/mutable-types.ts';
import { documentsOf } from '../../support/mutation-documents.ts';

const database = await useTestDatabase();
const ask = graphqlOver(database, { log: silentLog() });
const ingest = { ...(await loadRegistry()), database, log: silentLog() };

/** One row of everything, all of it related, from files. */
const FILES = [
  ['employees.csv', 'employee_id,name\nann,Ann\nbob,Bob\n'],
  ['channels.csv', 'channel_id,name\nYT-1,Alpha\nYT-2,Beta\n'],
  ['influencers.csv', 'influencer_id,name\nI-1,Ida\n'],
  ['researches.csv', 'research_id,title,department,researcher_id\nRSR-001,One,AI,ann\nRSR-002,Two,AI,ann\n'],
  [
    'videos.csv',
    'video_id,title,source_url,channel_id\nVideo_001,One,https://e.org/1,YT-1\nVideo_002,Two,https://e.org/2,YT-1\n',
  ],
  ['search_queue.csv', 'search_id,department,query,assigned_to\nS-1,AI,q,ann\nS-2,AI,q,ann\nS-3,AI,q,bob\n'],
  ['reports.csv', 'report_id,title,research_id\nR-1,One,RSR-001\nR-2,Two,RSR-001\n'],
  ['analysis_results.csv', 'analysis_id,analysis_type,video_id\nA-1,extraction,Video_001\nA-2,extraction,Video_001\n'],
  ['research_videos.csv', 'research_id,video_id\nRSR-001,Video_001\nRSR-001,Video_002\nRSR-002,Video_001\n'],
  ['video_influencers.csv', 'video_id,influencer_id\nVideo_001,I-1\nVideo_002,I-1\n'],
  [
    '02_TRANSCRIPTIONS/Video_001.json',
    JSON.stringify({
      video_id: 'Video_001',
      source_url: 'https://e.org/1',
      title: 'One',
      segments: [
        { start: 0, text: 'a' },
        { start: 1, text: 'b' },
      ],
    }),
  ],
] as const;

const KEYS: Readonly<Record<string, string>> = {
  Research: 'RSR-001',
  Video: 'Video_001',
  Channel: 'YT-1',
  Influencer: 'I-1',
  Employee: 'ann',
  SearchQueueItem: 'S-1',
  Report: 'R-1',
  Analysis: 'A-1',
};

/** From the leaves on, so that each still has what depends on it when its turn comes; and what must be told of it. */
const TOLD: Readonly<Record<string, readonly string[]>> = {
  Report: [],
  Analysis: [],
  SearchQueueItem: [],
  Influencer: ['video_influencers DELETED 2', 'video_influencers WAITS 2'],
  Employee: ['researches CLEARED 2', 'search_queue CLEARED 1'],
  Channel: ['videos CLEARED 2'],
  Research: ['reports CLEARED 1', 'research_videos DELETED 2', 'research_videos WAITS 2'],
  Video: ['analysis_results CLEARED 1', 'research_videos DELETED 1', 'video_segments DELETED 2'],
};
const inOrder = Object.keys(TOLD).flatMap((type) => MUTABLE_TYPES.filter((mutable) => mutable.type === type));

let root = '';
beforeAll(async () => {
  root = await makeFolder(FILES.map(([path, content]) => ({ path, content })));
  await importAll(ingest, root);
});

interface Told {
  readonly table: string;
  readonly effect: string;
  readonly count: number;
}

/** What the change log says happened since, by table; and how many mentions wait more than before. */
async function happened(table: string, since: bigint, waitingBefore: number): Promise<string[]> {
  const { rows } = await database.owner.query(
    `SELECT table_name, operation, count(*) FROM change_log WHERE id > $1 AND table_name <> $2 GROUP BY 1, 2`,
    [since, table],
  );
  const waits = (await waiting()) - waitingBefore;
  const seen = rows.map(
    ({ table_name, operation, count }) => `${table_name} ${operation === 'delete' ? 'DELETED' : 'CLEARED'} ${count}`,
  );
  return [...seen, ...(waits > 0 ? [`mentions WAITS ${waits}`] : [])].sort();
}

const waiting = async () =>
  Number((await database.owner.query('SELECT count(*) FROM "references" WHERE resolved_key IS NULL')).rows[0].count);
const lastChange = async () => (await database.owner.query('SELECT max(id) AS id FROM change_log')).rows[0].id;

test.each(inOrder)('of a $type the preview, the deletion and what happened are one', async (mutable) => {
  const { type, plural, table, key } = mutable;
  const { remove, removeMany } = documentsOf(mutable);
  const id = KEYS[type] ?? '';
  const before = { change: await lastChange(), waits: await waiting() };
  const preview = dataAt(await ask(remove, { key: id, dryRun: true }), `delete${type}`);
  expect(preview).toMatchObject({ [key]: id, dryRun: true });
  expect(await lastChange()).toBe(before.change);
  const told = dataAt({ data: preview }, 'consequences');
  const matched = await ask(removeMany, { where: { [key]: { equals: id } }, atMost: 1, dryRun: true });
  expect(dataAt(matched, `delete${plural}.consequences`)).toEqual(told);
  expect(dataAt(await ask(remove, { key: id }), `delete${type}.consequences`)).toEqual(told);
  const list = Array.isArray(told) ? told : [];
  const waits = list.filter(({ effect }) => effect === 'WAITS').reduce((sum, { count }) => sum + count, 0);
  const rows = list.filter(({ effect }) => effect !== 'WAITS').map(said);
  expect([...rows, ...(waits > 0 ? [`mentions WAITS ${waits}`] : [])].sort()).toEqual(
    await happened(table, before.change, before.waits),
  );
  expect(list.map(said)).toEqual(expect.arrayContaining([...(TOLD[type] ?? [])]));
});

const said = ({ table, effect, count }: Told): string => `${table} ${effect} ${count}`;

test('no file brings back what was deleted', async () => {
  await writeFiles(
    root,
    FILES.map(([path, content]) => ({ path, content: `${content}\n`, hour: 5 })),
  );
  await importAll(ingest, root);
  for (const { type, table, keyColumn } of MUTABLE_TYPES) {
    const { rowCount } = await database.owner.query(`SELECT FROM ${table} WHERE ${keyColumn} = $1`, [KEYS[type]]);
    expect({ type, rowCount }).toEqual({ type, rowCount: 0 });
  }
});

test('a channel renamed by hand is found by its new name, and no longer by its old one', async () => {
  const named = 'video_id,title,source_url,channel_name\nVideo_003,Three,https://e.org/3,Gamma\n';
  await importAll(ingest, await makeFolder([{ path: 'more/videos.csv', content: named, hour: 1 }]));
  const two = 'records: [{ channelId: "YT-8", name: "Alpha" }, { channelId: "YT-9", name: "Beta" }]';
  dataAt(await ask(`mutation { upsertChannels(${two}) { created } }`), 'upsertChannels');
  const channelOf = async () =>
    (await database.owner.query(`SELECT channel_id FROM videos WHERE video_id = 'Video_003'`)).rows[0].channel_id;
  const rename = (channelId: string, name: string) =>
    ask(
      'mutation N($id: String!, $name: String!) { updateChannel(channelId: $id, patch: { name: $name }) { changed } }',
      { id: channelId, name },
    );
  expect(await channelOf()).toBeNull();
  dataAt(await rename('YT-8', 'Gamma'), 'updateChannel');
  expect(await channelOf()).toBe('YT-8');
  // Two of one name are neither.
  dataAt(await rename('YT-9', 'gamma'), 'updateChannel');
  expect(await channelOf()).toBeNull();
  dataAt(await ask('mutation { deleteChannel(channelId: "YT-8") { deletedId } }'), 'deleteChannel');
  expect(await channelOf()).toBe('YT-9');
  dataAt(await rename('YT-9', 'Delta'), 'updateChannel');
  expect(await channelOf()).toBeNull();
  const made = await ask('mutation { upsertChannels(records: [{ channelId: "YT-7", name: "GAMMA" }]) { created } }');
  expect(dataAt(made, 'upsertChannels.created')).toBe(1);
  expect(await channelOf()).toBe('YT-7');
});
