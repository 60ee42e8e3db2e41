import { expect, test } from 'vitest';
import { parseDateTime, parseJson } from '../../src/graphql/scalars.ts';

test.each([
  ['2025-11-20', '2025-11-20T00:00:00.000Z'],
  ['2025-11-20T14:31:00Z', '2025-11-20T14:31:00.000Z'],
  ['2025-11-20T14:31:00.123456+02:00', '2025-11-20T12:31:00.123Z'],
  ['2024-02-29', '2024-02-29T00:00:00.000Z'],
])('the instant %s is read', (text, iso) => {
  expect(parseDateTime(text).toISOString()).toBe(iso);
});

test.each([
  '2025-02-30',
  '0000-00-00',
  '2025-13-01',
  'infinity',
  '300000-01-01',
  '2025-11-20T14:31:00',
  'x',
  '',
  5,
  null,
])('%s is no instant', (value) => {
  expect(() => parseDateTime(value)).toThrow();
});

const deep = (depth: number): unknown => (depth === 0 ? 1 : [deep(depth - 1)]);

test('JSON keeps its values, and keys such as __proto__ are only keys', () => {
  const value = parseJson(JSON.parse('{"__proto__": {"admin": true}, "a": [1, 2.5, null, "é"]}'));
  expect(JSON.stringify(value)).toBe('{"__proto__":{"admin":true},"a":[1,2.5,null,"é"]}');
  expect(Reflect.get({}, 'admin')).toBeUndefined();
});

test.each([
  ['nested too deep', deep(65)],
  ['NUL', ['a\0']],
  ['NUL in a key', { 'a\0': 1 }],
  ['half a surrogate pair', '\ud800'],
  ['an infinite number', Number.POSITIVE_INFINITY],
  ['a number that lost digits', 2 ** 60],
])('JSON with %s is refused', (_what, value) => {
  expect(() => parseJson(value)).toThrow();
});
