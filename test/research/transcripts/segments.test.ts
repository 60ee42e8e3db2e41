import { expect, test } from 'vitest';
import { secondsOf, segmentsInCaptions, segmentsInText } from '../../../src/research/transcripts/segments.ts';

const plain = { end_seconds: null, speaker: null };

test.each([
  ['[00:26] text', 26, 'text'],
  ['[00:26] - text', 26, 'text'],
  ['**[00:26]** text', 26, 'text'],
  ['- [01:02:03] text', 3723, 'text'],
  ['0:35 - text', 35, 'text'],
  ['(14:31) text', 871, 'text'],
  ['[00:00:26.5] text', 26.5, 'text'],
])('the line %s starts a segment', (line, start_seconds, text) => {
  expect(segmentsInText([line]).segments).toEqual([{ ...plain, start_seconds, text }]);
});

test('a time in a heading starts a paragraph, and its title is a chapter', () => {
  const { segments, chapters } = segmentsInText([
    '### [00:00]',
    'One',
    'more.',
    '',
    '### [00:41] - Title',
    'Two.',
    '### [02:00]',
  ]);
  expect(segments).toEqual([
    { start_seconds: 0, end_seconds: 41, speaker: null, text: 'One\nmore.' },
    { start_seconds: 41, end_seconds: null, speaker: null, text: 'Two.' },
  ]);
  expect(chapters).toEqual([{ start_seconds: 41, title: 'Title' }]);
});

test('a time in the middle of a sentence, or half a mark, starts nothing', () => {
  const { segments, timed } = segmentsInText(['At 10:30 we met.', '[10:30 we met.', '10:30pm we met.']);
  expect(timed).toBe(false);
  expect(segments.map(({ text }) => text)).toEqual(['At 10:30 we met.\n[10:30 we met.\n10:30pm we met.']);
});

test.each([
  ['[00:00] **Speaker (Ana)**: Hello', 'Ana', 'Hello'],
  ['[00:00] **Ana:** Hello', 'Ana', 'Hello'],
  ['[00:00] Speaker 2: Hello', 'Speaker 2', 'Hello'],
  ['[00:00] Remember: Hello', null, 'Remember: Hello'],
])('%s is said by %s', (line, speaker, text) => {
  expect(segmentsInText([line]).segments).toMatchObject([{ speaker, text }]);
});

test('captions come in several shapes', () => {
  expect(
    segmentsInCaptions([
      { start: '0:00', end: '0:05', speaker: '', text: ' a ' },
      { start: '0:02', end: '0:07', speaker: 'Al', text: 'b' },
      { timestamp: '00:10', line: 'c' },
      { start: 12.5, duration: 1.25, text: 'd' },
      '[00:20] e',
      { timestamp: '00:25', line: '' },
    ]),
  ).toEqual([
    { start_seconds: 0, end_seconds: 5, speaker: null, text: 'a' },
    { start_seconds: 2, end_seconds: 7, speaker: 'Al', text: 'b' },
    { start_seconds: 10, end_seconds: 12.5, speaker: null, text: 'c' },
    { start_seconds: 12.5, end_seconds: 13.75, speaker: null, text: 'd' },
    { start_seconds: 20, end_seconds: null, speaker: null, text: 'e' },
  ]);
});

test('a paragraph too long for one search entry is cut between words, and no word is lost', () => {
  const words = Array.from({ length: 60_000 }, (_, index) => `word${index}`).join(' ');
  const { segments } = segmentsInText([words]);
  expect(segments.length).toBeGreaterThan(4);
  expect(Math.max(...segments.map(({ text }) => text.length))).toBeLessThanOrEqual(100_000);
  expect(segments.map(({ text }) => text).join(' ')).toBe(words);
  const emoji = segmentsInText([`x${'😀'.repeat(100_000)}`]).segments;
  expect(emoji.every(({ text }) => text.isWellFormed())).toBe(true);
});

test('only a time is a number of seconds', () => {
  expect(['0:26', '34:24', '1:02:03', '1:2:3:4', 'x', '12'].map(secondsOf)).toEqual([26, 2064, 3723, null, null, null]);
});
