import { expect, test } from 'vitest';
import { isPlaceholder, placeholderRemainder } from '../../../src/ingest/fields/index.ts';

const WORDS = [
  'To be extracted',
  'TBD',
  'Not provided',
  'Not Visible',
  'Not Available',
  'Not Specified',
  'N/A',
  'Unknown',
  'To be assigned',
];

test.each(WORDS)('%s means nothing, in any dress', (word) => {
  for (const text of [
    word,
    word.toLowerCase(),
    word.toUpperCase(),
    `[${word}]`,
    `${word}.`,
    `[${word}].`,
    `[${word}.]`,
    ` ${word} `,
  ]) {
    expect(isPlaceholder(text)).toBe(true);
  }
});

test.each(['', '  ', '\n'.repeat(100)])('blank text means nothing: %j', (text) => {
  expect(isPlaceholder(text)).toBe(true);
});

test.each([
  'Unknown Pleasures',
  'TBD Studio',
  '[TBD',
  'Notable',
  '-',
  '0',
  'none of it',
  'not provided by the host at all',
])('%s is a value', (text) => {
  expect(isPlaceholder(text)).toBe(false);
});

test('a placeholder with a value behind it gives the value', () => {
  expect(placeholderRemainder('Not Provided. Based on content: "Two, and “three”"')).toBe('Two, and “three”');
  expect(placeholderRemainder('[Not provided]. Based on the content: “Title”.')).toBe('Title');
  expect(placeholderRemainder('Something. Based on content: "X"')).toBeUndefined();
  expect(placeholderRemainder('Not provided.')).toBeUndefined();
});
