/** A page that is made to be slow costs no more than its length. */
import { expect, test } from 'vitest';
import { htmlText } from '../../../src/sources/sync/html-text.ts';
import { plainWords } from '../../../src/sources/sync/html-words.ts';

test('the words of a page are kept without its markup, scripts and comments', () => {
  const page = '<head><title>T</title><style>p{}</style><p>one<br>two</p><!-- > no --><script>no()</script>a < b <i>c';
  expect(plainWords(page)).toBe('one two a < b c');
});

test.each([
  ['elements in each other', `${'<div>'.repeat(100_000)}words${'</div>'.repeat(100_000)}`],
  ['brackets that never close', `words${'<'.repeat(1_000_000)}`],
  ['scripts that never close', `words${'<script>'.repeat(100_000)}`],
  ['comments that never close', `words${'<!--'.repeat(200_000)}`],
])('%s are read in a moment', (_name, page) => {
  const before = performance.now();
  expect(htmlText(page).text).toContain('words');
  expect(performance.now() - before).toBeLessThan(3000);
});

test('a page as people make them keeps its structure, however many elements it leaves open', () => {
  expect(htmlText(`<ul>${'<li>one<p>two'.repeat(400)}</ul><h2>End</h2>`).text).toContain('## End');
});
