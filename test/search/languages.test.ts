/** What people expect of their own language, where no dictionary of it is used. */
import { beforeAll, expect, test } from 'vitest';
import { useTestDatabase } from '../support/database.ts';
import { dataAt, graphqlOver } from '../support/graphql.ts';
import { addSegments, addVideos } from './library.ts';

const database = await useTestDatabase();
const ask = graphqlOver(database);

const TEXTS: Readonly<Record<string, string>> = {
  German: 'Die Größe der Straße überrascht.',
  Danish: 'Smørrebrød på Ærø.',
  Polish: 'Łódź leży w środku.',
  French: 'L’élève a déjà vu la forêt et le cœur.',
  Spanish: 'El niño pidió jalapeños.',
  Russian: 'Ёжик читает подъезд и Йод.',
  Ukrainian: 'Її ґанок і їжак.',
  Greek: 'Η Αθήνα είναι πόλη.',
  Turkish: 'Işık ve ılık su.',
  Chinese: '今天我们讨论机器学习和人工智能。',
  Japanese: '東京タワーでガイドを待つ。',
  Korean: '한국어를 공부합니다.',
  Typographic: '“Agents” – they’re “running”… so «бігти»‚ 😀wow—really',
  Thai: 'วันนี้อากาศดีมาก',
};

beforeAll(async () => {
  const rows = Object.entries(TEXTS).map(([video_id, transcript_content]) => ({ video_id, transcript_content }));
  await addVideos(database.owner, rows);
  for (const { video_id, transcript_content } of rows)
    await addSegments(database.owner, video_id, [[7, transcript_content]]);
});

const SEARCH = `query L($query: String!) { search(query: $query) { edges {
  headline startSeconds node { ... on Video { videoId } }
} } }`;

const find = async (query: string) =>
  dataAt(await ask(SEARCH, { query }), 'search.edges') as {
    headline: string;
    startSeconds: number | null;
    node: { videoId: string };
  }[];

test.each([
  ['größe', 'German', '<mark>Größe</mark>'],
  ['agents', 'Typographic', '“<mark>Agents</mark>”'],
  ['run', 'Typographic', '“<mark>running</mark>”…'],
  ['“agents they”', 'Typographic', '<mark>'],
  ['бігти', 'Typographic', '«<mark>бігти</mark>»'],
  ['wow really', 'Typographic', '<mark>wow</mark>—<mark>really</mark>'],
  ["they're", 'Typographic', '<mark>'],
  ['GRÖSSE', 'German', '<mark>'],
  ['strasse', 'German', '<mark>'],
  ['uberrascht', 'German', '<mark>'],
  ['smorrebrod', 'Danish', '<mark>'],
  ['aero', 'Danish', '<mark>'],
  ['lodz', 'Polish', '<mark>'],
  ['eleve', 'French', '<mark>'],
  ['forêt', 'French', '<mark>forêt</mark>'],
  ['coeur', 'French', '<mark>'],
  ['nino', 'Spanish', '<mark>'],
  ['ежик', 'Russian', '<mark>'],
  ['ЙОД', 'Russian', '<mark>Йод</mark>'],
  ['її', 'Ukrainian', '<mark>Її</mark>'],
  ['αθηνα', 'Greek', '<mark>'],
  ['机器', 'Chinese', '<mark>机器</mark>学习'],
  ['学习', 'Chinese', '<mark>学习</mark>'],
  ['人工智能', 'Chinese', '<mark>人工智能</mark>'],
  ['机器 智能', 'Chinese', '<mark>'],
  ['タワー', 'Japanese', '<mark>タワー</mark>'],
  ['東京', 'Japanese', '<mark>東京</mark>'],
  ['한국', 'Korean', '<mark>한국</mark>'],
  ['อากาศ', 'Thai', '<mark>'],
])('%s finds the %s text, marked and with its second', async (query, language, mark) => {
  const [hit, ...others] = await find(query);
  expect(others).toEqual([]);
  expect(hit).toMatchObject({ node: { videoId: language }, startSeconds: 7 });
  expect(hit?.headline).toContain(mark);
  expect(hit?.headline).not.toContain('\u001F');
});

test.each([['器机'], ['学习 -机器'], ['京東'], ['"智能人工"']])('%s is not what is said', async (query) => {
  expect(await find(query)).toEqual([]);
});
