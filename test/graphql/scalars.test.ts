import { GraphQLScalarType, parseValue } from 'graphql';
import { expect, test } from 'vitest';
import { parseDateTime, parseJson } from '../../src/graphql/scalars.ts';
import { loadSchema } from '../../src/server/schema.ts';

const schema = await loadSchema();

function scalar(name: string): GraphQLScalarType {
  const type = schema.getType(name);
  if (type instanceof GraphQLScalarType) return type;
  throw new Error(`${name} is no scalar`);
}

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

const literal = (name: string, text: string, variables = {}) => scalar(name).parseLiteral(parseValue(text), variables);

test('JSON in a document is the same as JSON in a variable', () => {
  const value = literal('JSON', '{ a: [1, 2.5, "x", true, null, WORD], __proto__: { admin: true }, v: $v }', {
    v: { b: 1 },
  });
  expect(JSON.stringify(value)).toBe('{"a":[1,2.5,"x",true,null,"WORD"],"__proto__":{"admin":true},"v":{"b":1}}');
  expect(literal('JSON', '$absent')).toBeNull();
  expect(() => literal('JSON', '['.repeat(70) + ']'.repeat(70))).toThrow('nested 64 deep');
  expect(() => literal('JSON', '1e400')).toThrow('finite');
});

test('a BigInt is a whole number of 64 bits, as text or as a number that lost no digits', () => {
  const { parseValue: read } = scalar('BigInt');
  expect(read('9007199254740993')).toBe(9007199254740993n);
  expect(read(-5)).toBe(-5n);
  for (const value of ['1.5', 'x', '', 1.5, 2 ** 60, true, '1'.repeat(30)]) expect(() => read(value)).toThrow();
  expect(scalar('BigInt').serialize(12n)).toBe('12');
});

test('only a file sent with the request is a File', () => {
  const { parseValue: read } = scalar('File');
  const file = new File(['x'], 'x.csv');
  expect(read(file)).toBe(file);
  for (const value of [{ name: '../../x', size: 5 }, 'x', new Blob(['x'])])
    expect(() => read(value)).toThrow('multipart');
  expect(() => literal('File', '"x"')).toThrow('multipart');
});
