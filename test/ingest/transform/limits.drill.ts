/** Expressions that would stop a process: each is ended, and what ends it names the step. */
import { expect, test } from 'vitest';
import { compileTransform } from '../../../src/ingest/transform/transform.ts';

const raw = { line: 1, value: { a: 1 }, raw: { text: '' } };

test.each([
  ['loops', '( $f := function($x){ $f($x) }; $f(1) )', 'ms for one record'],
  ['calls itself', '( $f := function($x){ 1 + $f($x) }; $f(1) )', 'deep'],
  [
    'is a regular expression without end',
    '$match("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab", /(a*)*c/)',
    'ms for one record',
  ],
  ['makes a long list', '[1..9999999]', 'entries'],
  ['makes a long text', '$pad("", 900000000)', ''],
  ['gives a long text', '$pad("", 2000000)', 'characters'],
  ['fills the memory', '$reduce([1..90000], function($a, $b){ $append($a, [$pad("x", 50000) & $b]) }, [])', ''],
])('an expression that %s is stopped, and the next one runs', { timeout: 20_000 }, async (_name, expression, words) => {
  const bad = await compileTransform([
    {
      name: 'Bad',
      steps: [
        { kind: 'set', field: 'b', value: 1 },
        { kind: 'compute', field: 'c', expression },
      ],
    },
  ]);
  const failure = await bad.apply([raw]).catch((thrown: unknown) => thrown);
  expect(failure).toMatchObject({
    code: 'LIMIT_EXCEEDED',
    message: expect.stringContaining('step 2 of "Bad" (compute c)'),
  });
  expect(failure).toMatchObject({ message: expect.stringContaining(words) });
  const good = await compileTransform([
    { name: 'Good', steps: [{ kind: 'compute', field: 'c', expression: 'a + 1' }] },
  ]);
  expect(await good.apply([raw])).toEqual([{ value: { a: 1, c: 2 } }]);
});
