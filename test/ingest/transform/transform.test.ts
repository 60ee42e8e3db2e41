import { expect, test } from 'vitest';
import type { RawRecord } from '../../../src/ingest/dataset.ts';
import type { NamedSteps, Step } from '../../../src/ingest/transform/steps.ts';
import { compileTransform, openTransforming, ruledBy } from '../../../src/ingest/transform/transform.ts';
import { emptyObject, type JsonValue } from '../../../src/kernel/json.ts';

const raw = (value: JsonValue, line = 1): RawRecord => ({ line, value, raw: { text: '' } });
const tidy = (...steps: Step[]): NamedSteps[] => [{ name: 'Tidy', steps }];

/** What the steps make of one record; the reason where it does not pass, `dropped` where it is left out. */
async function through(steps: readonly Step[], record: JsonValue): Promise<unknown> {
  const [answer] = await (await compileTransform([{ name: 'Tidy', steps }])).apply([raw(record)]);
  if (answer === undefined || 'dropped' in answer) return 'dropped';
  return 'value' in answer ? answer.value : answer;
}

test.each<[string, Step[], JsonValue, unknown]>([
  ['names change', [{ kind: 'rename', names: { Titel: 'title' } }], { Titel: 'Tides' }, { title: 'Tides' }],
  ['names are exchanged', [{ kind: 'rename', names: { a: 'b', b: 'a' } }], { a: 1, b: 2 }, { a: 2, b: 1 }],
  ['a name that is not there is none', [{ kind: 'rename', names: { x: 'y' } }], { a: 1 }, { a: 1 }],
  ['values change', [{ kind: 'map', field: 'done', values: { yes: true, 1: true } }], { done: 'yes' }, { done: true }],
  ['a number is its text', [{ kind: 'map', field: 'n', values: { 1: 'one' } }], { n: 1 }, { n: 'one' }],
  ['others are kept', [{ kind: 'map', field: 'n', values: { 1: 'one' } }], { n: 2 }, { n: 2 }],
  ['or emptied', [{ kind: 'map', field: 'n', values: {}, otherwise: 'empty' }], { n: 2 }, { n: null }],
  ['a constant', [{ kind: 'set', field: 'who', value: 'us' }], { who: 'them' }, { who: 'us' }],
  ['one for what is absent', [{ kind: 'set', field: 'who', value: 'us', when: 'absent' }], { who: '' }, { who: 'us' }],
  ['and for nothing else', [{ kind: 'set', field: 'who', value: 'us', when: 'absent' }], { who: 0 }, { who: 0 }],
  ['a list', [{ kind: 'split', field: 'tags', by: ';' }], { tags: 'a; b' }, { tags: ['a', 'b'] }],
  [
    'names, the last of which takes the rest',
    [{ kind: 'split', field: 'name', by: ' ', into: ['first', 'last'] }],
    { name: 'Ada King Lovelace' },
    { name: 'Ada King Lovelace', first: 'Ada', last: 'King Lovelace' },
  ],
  [
    'a join',
    [{ kind: 'join', fields: ['a', 'b', 'c'], with: '-', into: 'k' }],
    { a: 1, b: ['x', ''] },
    { a: 1, b: ['x', ''], k: '1-x' },
  ],
  ['kept by a value', [{ kind: 'filter', field: 'n', is: ['1'] }], { n: 1 }, { n: 1 }],
  ['left out by a value', [{ kind: 'filter', field: 'n', isNot: [1, 2] }], { n: 2 }, 'dropped'],
  ['a key like any other', [{ kind: 'set', field: '__proto__', value: 'x' }], {}, expect.objectContaining({})],
])('%s', async (_name, steps, record, expected) => {
  expect(await through(steps, record)).toEqual(expected);
});

test('steps go in their order, expressions among them, and no record knows of another', async () => {
  const steps: Step[] = [
    { kind: 'rename', names: { Titel: 'title' } },
    { kind: 'compute', field: 'title', expression: '$uppercase(title)' },
    { kind: 'map', field: 'title', values: { TIDES: 'Tides!' } },
    { kind: 'filter', expression: 'n > 1' },
  ];
  const records = [{ Titel: 'tides', n: 2 }, { Titel: 'x', n: 1 }, { Titel: 5, n: 9 }, ['no record']];
  const transforming = openTransforming(await compileTransform(tidy(...steps)));
  const [first, third, fourth, ...rest] = await transforming.apply(records.map(raw));
  expect(first).toMatchObject({ line: 0, value: { title: 'Tides!', n: 2 } });
  expect(third).toMatchObject({
    line: 2,
    reason: { code: 'INVALID_VALUE', message: expect.stringContaining('step 2 of "Tidy" (compute title)') },
  });
  expect(fourth).toMatchObject({ line: 3, reason: { message: expect.stringContaining('no object') } });
  expect(rest).toEqual([]);
  expect(transforming.notes()).toMatchObject({ filtered: 1 });
});

/** What a key of a file could be mistaken for. */
const inherited = (value: unknown): string[] =>
  typeof value === 'object' && value !== null
    ? ['__proto__', 'constructor', 'toString'].filter((name) => name in value)
    : ['no object'];

test('a record that inherits nothing does not afterwards', async () => {
  const record = Object.assign(emptyObject(), { a: 1 });
  const [plain] = await (await compileTransform(tidy({ kind: 'set', field: 'b', value: 1 }))).apply([raw(record)]);
  expect(plain && 'value' in plain && inherited(plain.value)).toEqual([]);
  expect(record).toEqual({ a: 1 });
  const [computed] = await (
    await compileTransform(tidy({ kind: 'compute', field: 'b', expression: '{"c": a}' }))
  ).apply([raw(record)]);
  expect(computed && 'value' in computed && inherited(computed.value)).toEqual([]);
});

test.each([
  ['time and chance', '$now()'],
  ['chance', '$random() & ""'],
  ['text that is run', '$eval("1")'],
])('%s is not offered, so that a file says the same twice', async (_name, expression) => {
  expect(await through([{ kind: 'compute', field: 'x', expression }], { a: 1 })).toMatchObject({
    fault: expect.stringContaining('is not offered'),
  });
});

test('other steps are other rules, the same steps the same object', async () => {
  const match = { dataset: { name: 'x', rulesVersion: 1 } as never, pattern: { pattern: '**' }, authority: 0 };
  const one = await compileTransform(tidy({ kind: 'set', field: 'a', value: 1 }));
  const other = await compileTransform(tidy({ kind: 'set', field: 'a', value: 2 }));
  const ruled = ruledBy(match, one);
  expect(ruledBy(match, one).dataset).toBe(ruled.dataset);
  expect(ruledBy(match, other).dataset.rulesVersion).not.toBe(ruled.dataset.rulesVersion);
  expect(ruled.dataset.rulesVersion).toBeLessThan(2 ** 31);
  expect(ruledBy(match, undefined)).toBe(match);
  const exported = { ...match, pattern: { pattern: '**', exported: true } };
  expect(ruledBy(exported, one)).toBe(exported);
});
