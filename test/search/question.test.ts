import { expect, test } from 'vitest';
import { readQuestion } from '../../src/search/question.ts';

test.each([
  ['tides pools', 'tides pools', ''],
  ['tides -pools', 'tides', '"pools"'],
  ['-"rock pools" tides -sand', 'tides', '"rock pools" or "sand"'],
  ['"low -tide" well-known', '"low -tide" well-known', ''],
  ['a or b -c', 'a or b', '"c"'],
  ['"never closed -x', '"never closed -x"', ''],
  ['-"never closed', '', '"never closed"'],
  ['a - b', 'a b', ''],
  ['', '', ''],
  ['a or -b', 'a', '"b"'],
  ['or a or or b or', 'a or b', ''],
  ['or', 'or', ''],
  ['(-pool', '', '"pool"'],
  ['x(-pool', 'x', '"pool"'],
  ['!a & --b | c:* <-> d', 'a c: d', '"b"'],
  ['机器 学习model', '"机器" "学习" model', ''],
  ['-机器', '', '"机器"'],
  ['a\u202Eb\u200Bc\u0000d', 'a b c d', ''],
  ['😀 ;-) ...', '', ''],
])('%j wants %j and does not want %j', (text, wanted, unwanted) => {
  expect(readQuestion(text)).toMatchObject({ wanted, unwanted });
});

test('the terms are the wanted words and phrases, without or and without what is not wanted', () => {
  expect(readQuestion('rock "tide pools" or sand -mud').terms).toEqual(['rock', 'tide pools', 'sand']);
});
