import { expect, test } from 'vitest';
import { readQuestion } from '../../src/search/question.ts';

test.each([
  ['tides pools', 'tides pools', ''],
  ['tides -pools', 'tides', '"pools"'],
  ['-"rock pools" tides -sand', 'tides', '"rock pools" or "sand"'],
  ['"low -tide" well-known', '"low -tide" well-known', ''],
  ['a or b -c', 'a or b', '"c"'],
  ['"never closed -x', '"never closed -x', ''],
  ['-"never closed', '', '"never closed"'],
  ['a - b', 'a - b', ''],
  ['', '', ''],
])('%j wants %j and does not want %j', (text, wanted, unwanted) => {
  expect(readQuestion(text)).toEqual({ wanted, unwanted });
});
