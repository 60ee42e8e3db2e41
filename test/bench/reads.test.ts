import { expect, test } from 'vitest';
import { canonical } from '../../bench/reads/canonical.ts';
import { librarySize, libraryTables, topics } from '../../bench/reads/library.ts';

const size = librarySize({ sized: (base, least = 1) => Math.max(least, Math.round(base / 1_000)) });
const textOf = (seed: number) =>
  libraryTables(size, seed).map(({ table, lines }) => `${table}\n${[...lines].join('')}`);

test('the same seed makes the same library, another seed another', () => {
  expect(textOf(1)).toEqual(textOf(1));
  expect(textOf(1)).not.toEqual(textOf(2));
});

test('the library is as large as it says, every line as wide as its columns', () => {
  for (const { table, columns, lines } of libraryTables(size, 1)) {
    const rows = [...lines].map((line) => line.trimEnd().split('\t'));
    expect(rows.filter((row) => row.length !== columns.length)).toEqual([]);
    if (table === 'videos') expect(rows).toHaveLength(size.videos);
    if (table === 'research_videos') expect(rows).toHaveLength(size.researches * size.videosEach);
  }
  expect(new Set(topics).size).toBe(topics.length);
});

test('the same said in the shapes of two programs is the same', () => {
  const ours = {
    nodes: [
      {
        status: 'ACTIVE',
        createdDate: '2025-01-02T03:04:05.600Z',
        influencers: { nodes: [{ name: 'b' }, { name: 'a' }] },
      },
    ],
  };
  const theirs = {
    nodes: [
      {
        influencers: { nodes: [{ influencer: { name: 'a' } }, { influencer: { name: 'b' } }] },
        createdDate: '2025-01-02T03:04:05.6+00:00',
        status: 'active',
      },
    ],
  };
  expect(canonical(ours)).toEqual(canonical(theirs));
  const groups = { groups: { nodes: [{ key: { status: 'QUEUED' }, count: 3 }] } };
  expect(canonical(groups, 'videosAggregate')).toEqual(
    canonical({ nodes: [{ status: 'queued', count: '3' }] }, 'videosAggregate'),
  );
  const hit = { edges: [{ rank: 0.06079271, node: { videoId: 'V' } }] };
  expect(canonical(hit)).toEqual(canonical({ nodes: [{ rank: 0.060792708, videoId: 'V' }] }));
});

test('another row, another value or another order of a list that has one is not the same', () => {
  const list = (...titles: string[]) => canonical({ videos: { nodes: titles.map((title) => ({ title })) } });
  expect(list('a', 'b')).not.toEqual(list('b', 'a'));
  expect(list('a')).not.toEqual(list('a', 'b'));
  expect(canonical({ status: 'active' })).not.toEqual(canonical({ status: 'review' }));
});
