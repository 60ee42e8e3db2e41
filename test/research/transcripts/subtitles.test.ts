import { expect, test } from 'vitest';
import { cuesOf, type Segment } from '../../../src/research/transcripts/cues.ts';
import { subRip } from '../../../src/research/transcripts/sub-rip.ts';
import { webVtt } from '../../../src/research/transcripts/web-vtt.ts';

const said = (start: number | null, text: string, more: Partial<Segment> = {}): Segment => ({
  start_seconds: start,
  end_seconds: null,
  speaker: null,
  text,
  ...more,
});
const timesOf = (segments: readonly Segment[], duration: number | null = null) =>
  cuesOf(segments, duration).map(({ start, end }) => [start, end]);

test('what has no end lasts until the next begins, the last until the video ends', () => {
  expect(timesOf([said(0, 'a'), said(2.5, 'b'), said(2.5, 'c'), said(4, 'd')], 10)).toEqual([
    [0, 2_500],
    [2_500, 4_000],
    [2_500, 4_000],
    [4_000, 10_000],
  ]);
  expect(timesOf([said(4, 'd')], 3)).toEqual([[4_000, 7_000]]);
  expect(timesOf([said(1, 'a', { end_seconds: 1 }), said(2, 'b', { end_seconds: 2.0004 })])).toEqual([
    [1_000, 2_000],
    [2_000, 5_000],
  ]);
});

test('cues come in the order of time, and what says nothing of its time stands under what it follows', () => {
  const cues = cuesOf([said(null, 'first'), said(9, 'late'), said(3, 'early'), said(null, 'after early')], null);
  expect(cues.map(({ start, lines }) => [start, lines.map(({ text }) => text)])).toEqual([
    [0, ['first']],
    [3_000, ['early', 'after early']],
    [9_000, ['late']],
  ]);
  expect(cuesOf([said(null, 'only text')], 60)).toEqual([]);
  expect(cuesOf([said(1, ' \n '), said(2, 'b')], null)).toHaveLength(1);
});

const HOSTILE = [
  said(0, 'a --> b & <b>c</b>\r\n\r\n\n00:00:01.000 --> 00:00:02.000\u2028&amp; {\\an8}', {
    speaker: 'Ann & <Bob>\n>',
  }),
  said(3_599.9996, 'later', { end_seconds: 360_000.5 }),
];

test('WebVTT holds nothing that a reader takes for more than text', () => {
  expect(webVtt(cuesOf(HOSTILE, null))).toBe(`WEBVTT

00:00:00.000 --> 01:00:00.000
<v Ann &amp; &lt;Bob&gt; &gt;>a --&gt; b &amp; &lt;b&gt;c&lt;/b&gt;
00:00:01.000 --&gt; 00:00:02.000
&amp;amp; {\\an8}</v>

01:00:00.000 --> 100:00:00.500
later
`);
});

test('SubRip numbers its cues, has no blank line within one, and shows marks as they are', () => {
  const text = subRip(cuesOf(HOSTILE, null));
  expect(text.replaceAll('\u2060', '')).toBe(`1
00:00:00,000 --> 01:00:00,000
Ann & <Bob> >: a --> b & <b>c</b>
00:00:01.000 --> 00:00:02.000
&amp; {\\an8}

2
01:00:00,000 --> 100:00:00,500
later

`);
  expect(text.match(/-->/g)).toHaveLength(2);
  expect(text).not.toMatch(/<\/?b>|\{\\an8|&amp;/);
});
