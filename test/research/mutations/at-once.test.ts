/** Editors and imports at the same moment: nobody waits in a circle, nobody overwrites what they did not see, nothing is half done. */
import { expect, test } from 'vitest';
import { loadRegistry } from '../../../src/ingest/registry.ts';
import { importRecords } from '../../../src/ingest/run.ts';
import { silentLog } from '../../../src/kernel/log.ts';
import { TESTER, useTestDatabase } from '../../support/database.ts';
import { type Answer, codesOf, graphqlOver } from '../../support/graphql.ts';
import { leftovers } from '../../support/import-folder.ts';

const database = await useTestDatabase();
const ask = graphqlOver(database, { log: silentLog() });
const ingest = { ...(await loadRegistry()), database, log: silentLog() };

/** Numbers that are the same in every run. */
function dice(seed: number): (sides: number) => number {
  let state = seed;
  return (sides) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * sides);
  };
}

const video = (n: number): string => `Video_${100 + n}`;
const channel = (n: number): string => `YT-${n}`;

const UPSERT = 'mutation U($records: [VideoRecord!]!) { upsertVideos(records: $records) { created } }';
const UPDATE =
  'mutation N($where: VideoFilter!, $patch: VideoPatch!) { updateVideos(where: $where, patch: $patch, atMost: 100) { changed } }';
const RELATE =
  'mutation R($v: ID!, $s: Float) { relateResearchVideo(researchId: "RSR-100", videoId: $v, relevanceScore: $s) { changed } }';
const UNRELATE = 'mutation R($v: ID!) { unrelateResearchVideo(researchId: "RSR-100", videoId: $v) { changed } }';
const RENAME =
  'mutation C($id: String!, $name: String!) { updateChannel(channelId: $id, patch: { name: $name }) { changed } }';

test('writers of all kinds and imports go on together without a deadlock, and links and mentions agree after', async () => {
  const roll = dice(7);
  const videos = (count: number) =>
    Array.from({ length: count }, () => roll(20)).filter((n, at, all) => all.indexOf(n) === at);
  const record = (n: number) => ({
    videoId: video(n),
    title: `T${roll(9)}`,
    sourceUrl: 'https://example.org',
    channelId: channel(roll(3)),
  });
  await ask(
    'mutation { upsertChannels(records: [{ channelId: "YT-0", name: "A" }, { channelId: "YT-1", name: "B" }, { channelId: "YT-2", name: "C" }]) { created } createResearch(input: { researchId: "RSR-100", title: "T", department: AI }) { changed } }',
  );
  const actions: readonly (() => Promise<Answer>)[] = [
    () => ask(UPSERT, { records: videos(6).map(record) }),
    () => ask(UPDATE, { where: { videoId: { in: videos(8).map(video) } }, patch: { phase: 1 + roll(7) } }),
    () =>
      ask(UPDATE, {
        where: { channel: { channelId: { equals: channel(roll(3)) } } },
        patch: { channelId: channel(roll(3)) },
      }),
    () => ask(RENAME, { id: channel(roll(3)), name: ['A', 'B', 'C', 'Shared'][roll(4)] }),
    () => ask(RELATE, { v: video(roll(20)), s: roll(10) / 10 }),
    () => ask(UNRELATE, { v: video(roll(20)) }),
    () => ask('mutation D($id: String!) { deleteVideo(videoId: $id) { deletedId } }', { id: video(roll(20)) }),
    () =>
      ask('mutation D($id: String!) { updateVideo(videoId: $id, patch: { title: "One" }, ifVersion: 1) { changed } }', {
        id: video(roll(20)),
      }),
  ];
  const importing: readonly [string, () => object][] = [
    [
      'videos',
      () => ({
        video_id: video(roll(20)),
        title: `F${roll(9)}`,
        source_url: 'https://example.org/f',
        channel_name: ['A', 'Shared'][roll(2)],
      }),
    ],
    ['channels', () => ({ channel_id: channel(roll(3)), name: ['A', 'B', 'Shared'][roll(3)] })],
    ['research_videos', () => ({ research_id: 'RSR-100', video_id: video(roll(20)), relevance_score: roll(10) / 10 })],
  ];
  const imports = async (): Promise<string[]> => {
    const statuses: string[] = [];
    for (let round = 0; round < 9; round += 1) {
      const [dataset, make] = importing[round % 3] ?? ['videos', () => ({})];
      const records = Array.from({ length: 12 }, make).map((one) => JSON.parse(JSON.stringify(one)));
      statuses.push((await importRecords(ingest, { dataset, records, actor: TESTER })).status);
    }
    return statuses;
  };
  const writers = Array.from({ length: 4 }, async () => {
    const codes: unknown[] = [];
    for (let round = 0; round < 12; round += 1) codes.push(...codesOf((await actions[roll(actions.length)]?.()) ?? {}));
    return codes;
  });
  const [statuses, ...codes] = await Promise.all([imports(), ...writers]);
  expect(new Set(statuses)).toEqual(new Set(['imported']));
  // Rows that are not there or at another version, or referred to and not there: nothing else goes wrong.
  expect(
    [...new Set(codes.flat())].filter((code) => !['NOT_FOUND', 'CONFLICT', 'BAD_USER_INPUT'].includes(String(code))),
  ).toEqual([]);
  const deadlocks = await database.owner.query(
    'SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()',
  );
  expect(Number(deadlocks.rows[0].deadlocks)).toBe(0);
  expect(await leftovers(database.owner)).toEqual([]);
  expect(await faultsOfMentions()).toEqual([]);
}, 30_000);

/** Mentions that lead nowhere though their row is there, or somewhere though it is not; links that are mentioned and neither there nor undone. */
async function faultsOfMentions(): Promise<unknown[]> {
  const { rows } = await database.owner.query(`
    SELECT 'waits in vain: ' || r.target AS fault
      FROM "references" r
      JOIN videos v ON v.video_id = r.target
     WHERE r.relation = 'research_videos' AND r.resolved_key IS NULL AND r.target_by = 'key'
    UNION ALL
    SELECT 'leads nowhere: ' || r.resolved_key
      FROM "references" r
     WHERE r.relation = 'research_videos' AND r.resolved_key IS NOT NULL
       AND NOT EXISTS (SELECT FROM videos v WHERE v.video_id = r.resolved_key)
    UNION ALL
    SELECT 'name of one, and waits: ' || r.target
      FROM "references" r
      JOIN videos v ON v.video_id = r.owner_key
     WHERE r.target_by = 'name' AND r.resolved_key IS NULL
       AND (SELECT count(*) FROM channels c WHERE lower(c.name) = r.target) = 1
    UNION ALL
    SELECT 'mentioned and not linked: ' || r.resolved_key
      FROM "references" r
     WHERE r.relation = 'research_videos' AND r.resolved_key IS NOT NULL
       AND NOT EXISTS (SELECT FROM research_videos l WHERE l.research_id = r.owner_key AND l.video_id = r.resolved_key)
       AND NOT EXISTS (SELECT FROM tombstones b WHERE b.table_name = 'research_videos'
                          AND b.record_id::json ->> 'video_id' = r.resolved_key)`);
  return rows;
}

test('two bulk edits of the same rows in opposite order, and a deletion of what they refer to, wait for each other in turn', async () => {
  const records = Array.from({ length: 60 }, (_, n) => ({
    videoId: `Video_${500 + n}`,
    title: 'T',
    sourceUrl: 'https://example.org',
  }));
  await ask('mutation { createChannel(input: { channelId: "YT-50", name: "Z" }) { changed } }');
  const answers = await Promise.all([
    ask(UPSERT, { records }),
    ask(UPSERT, { records: records.toReversed().map((record) => ({ ...record, title: 'U', channelId: 'YT-50' })) }),
    ask(UPDATE, { where: { videoId: { in: records.map(({ videoId }) => videoId) } }, patch: { channelId: 'YT-50' } }),
    ask('mutation { deleteChannel(channelId: "YT-50") { deletedId } }'),
  ]);
  expect(answers.flatMap(codesOf).filter((code) => code !== 'BAD_USER_INPUT')).toEqual([]);
  const { rows } = await database.owner.query(`SELECT DISTINCT title FROM videos WHERE video_id LIKE 'Video_5%'`);
  expect(rows).toHaveLength(1);
});
