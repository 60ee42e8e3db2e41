/** Links made and undone by hand, beside those that files bring. */
import { beforeEach, expect, test } from 'vitest';
import { loadRegistry } from '../../../src/ingest/registry.ts';
import { silentLog } from '../../../src/kernel/log.ts';
import { TESTER, useTestDatabase } from '../../support/database.ts';
import { codesOf, dataAt, graphqlOver } from '../../support/graphql.ts';
import { emptyTables, importAll, makeFolder, writeFiles } from '../../support/import-folder.ts';
import { seedReferred } from '../../support/mutation-world.ts';
import { insertRows } from '../../support/research.ts';

const database = await useTestDatabase();
const ask = graphqlOver(database, { log: silentLog() });
const ingest = { ...(await loadRegistry()), database, log: silentLog() };

beforeEach(async () => {
  await emptyTables(database.owner);
  await seedReferred(database.owner);
  const influencer = { influencer_id: 'INF-1', name: 'I', metadata: {}, created_at: 'now', updated_at: 'now' };
  await insertRows(database.owner, 'influencers', [influencer]);
});

const RELATE = `mutation R($research: ID!, $video: ID!, $score: Float) {
  relateResearchVideo(researchId: $research, videoId: $video, relevanceScore: $score) {
    changed research { researchId } video { videoId researches { edges { relevanceScore } } } } }`;
const UNRELATE = `mutation U($research: ID!, $video: ID!) {
  unrelateResearchVideo(researchId: $research, videoId: $video) { changed research { researchId } } }`;
const pair = { research: 'RSR-100', video: 'Video_100' };
const relate = (score?: number | null) => ask(RELATE, { ...pair, score });
const links = async () =>
  (
    await database.owner.query(
      'SELECT relevance_score, origin_import_id IS NOT NULL AS "fromFile" FROM research_videos',
    )
  ).rows;
const fileOf = (score: string, hour: number) => ({
  path: 'research_videos.csv',
  content: `research_id,video_id,relevance_score\nRSR-100,Video_100,${score}\n`,
  hour,
});

test('relating twice is relating once; a score that is given is set, one that is not stays, null clears it', async () => {
  expect(dataAt(await relate(0.5), 'relateResearchVideo')).toEqual({
    changed: true,
    research: { researchId: 'RSR-100' },
    video: { videoId: 'Video_100', researches: { edges: [{ relevanceScore: 0.5 }] } },
  });
  expect(dataAt(await relate(0.5), 'relateResearchVideo.changed')).toBe(false);
  expect(dataAt(await relate(), 'relateResearchVideo.changed')).toBe(false);
  expect(dataAt(await relate(0.25), 'relateResearchVideo.changed')).toBe(true);
  expect(await links()).toEqual([{ relevance_score: 0.25, fromFile: false }]);
  expect(dataAt(await relate(null), 'relateResearchVideo.changed')).toBe(true);
  expect(await links()).toEqual([{ relevance_score: null, fromFile: false }]);
});

test('unrelating what is not related changes nothing, and says so', async () => {
  await relate();
  expect(dataAt(await ask(UNRELATE, pair), 'unrelateResearchVideo.changed')).toBe(true);
  expect(dataAt(await ask(UNRELATE, pair), 'unrelateResearchVideo.changed')).toBe(false);
  expect(await links()).toEqual([]);
  const { rows } = await database.owner.query(
    `SELECT operation, changed_by FROM change_log WHERE table_name = 'research_videos' ORDER BY id`,
  );
  expect(rows).toEqual(['insert', 'delete'].map((operation) => ({ operation, changed_by: TESTER.label })));
});

test('a key is read as in files, a score by their rules, and both rows must be there', async () => {
  expect(codesOf(await ask(RELATE, { ...pair, video: 'video 100' }))).toEqual([]);
  const answer = await relate(1.5);
  expect(answer.errors?.[0]?.extensions).toMatchObject({ faults: [{ path: 'relevanceScore', code: 'OUT_OF_RANGE' }] });
  expect((await ask(RELATE, { ...pair, research: 'TSM-1' })).errors?.[0]?.extensions).toMatchObject({
    code: 'BAD_USER_INPUT',
    faults: [{ path: 'researchId', code: 'INVALID_ID' }],
  });
  const nobody = await ask(RELATE, { ...pair, video: 'Video_404' });
  expect(nobody.errors?.[0]?.extensions).toMatchObject({ code: 'NOT_FOUND', argument: 'videoId' });
  expect((await links()).length).toBe(1);
});

test('a link that a person undid stays undone, whatever files say, until a person relates them again', async () => {
  const root = await makeFolder([fileOf('0.5', 0)]);
  await importAll(ingest, root);
  expect(await links()).toEqual([{ relevance_score: 0.5, fromFile: true }]);
  await ask(UNRELATE, pair);
  await writeFiles(root, [fileOf('0.75', 1)]);
  await importAll(ingest, root);
  expect(await links()).toEqual([]);
  // Nor does the row of another import that looks at all its mentions again.
  const videos = 'video_id,title,source_url\nVideo_100,New,https://example.org/new\n';
  await writeFiles(root, [{ path: 'videos.csv', content: videos }]);
  await importAll(ingest, root);
  expect(await links()).toEqual([]);
  expect(dataAt(await relate(0.9), 'relateResearchVideo.changed')).toBe(true);
  await writeFiles(root, [fileOf('0.1', 2)]);
  await importAll(ingest, root);
  expect(await links()).toEqual([{ relevance_score: 0.9, fromFile: false }]);
});

test('a score that a person set stays while the file says what it said, and ends when it says something else', async () => {
  const root = await makeFolder([fileOf('0.5', 0)]);
  await importAll(ingest, root);
  await relate(0.9);
  const more = `${fileOf('0.5', 1).content}RSR-100,Video_777,1\n`;
  await writeFiles(root, [{ ...fileOf('0.5', 1), content: more }]);
  await importAll(ingest, root);
  expect(await links()).toEqual([{ relevance_score: 0.9, fromFile: true }]);
  await writeFiles(root, [fileOf('0.6', 2)]);
  await importAll(ingest, root);
  expect(await links()).toEqual([{ relevance_score: 0.6, fromFile: true }]);
  const { rows } = await database.owner.query('SELECT edited_values FROM research_videos');
  expect(rows).toEqual([{ edited_values: null }]);
});

test('links without values of their own are related and unrelated alike', async () => {
  const keys = '(videoId: "Video_100", influencerId: "INF-1")';
  const relateOnce = () => ask(`mutation { relateVideoInfluencer${keys} { changed influencer { name } } }`);
  expect(dataAt(await relateOnce(), 'relateVideoInfluencer')).toEqual({ changed: true, influencer: { name: 'I' } });
  expect(dataAt(await relateOnce(), 'relateVideoInfluencer.changed')).toBe(false);
  const undo = await ask(`mutation { unrelateVideoInfluencer${keys} { changed } }`);
  expect(dataAt(undo, 'unrelateVideoInfluencer.changed')).toBe(true);
});
