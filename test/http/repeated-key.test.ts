import { expect, test } from 'vitest';
import { parseJsonBody, parseJsonText } from '../../src/http/json-body.ts';
import { repeatedKey } from '../../src/http/repeated-key.ts';

test.each([
  ['{"a":1,"a":2}', 'a'],
  ['{"a":1,"\\u0061":2}', 'a'],
  ['[{"a":{"b":[{"c":1}, {"d":1,"c":2,"d":3}]}}]', 'd'],
  ['{"a":[1,"x"],"b":{},"a":null}', 'a'],
  ['{"":1,"":2}', ''],
  ['{"__proto__":1,"__proto__":2}', '__proto__'],
  ['{"a\\"b":1, "a\\"b" : 2}', 'a"b'],
])('%s gives a key twice', (text, key) => {
  expect(repeatedKey(text)).toBe(key);
});

test.each([
  '{"a":"a","b":["a","a"],"c":{"a":1},"d":[{"a":1},{"a":1}]}',
  '{"a":"{\\"a\\":1,\\"a\\":2}","b\\\\":1,"b":2}',
  '["a","a",["a"]]',
  '"a"',
  '{"a":"\\\\","b":"\\\\\\"","c":{}}',
])('%s gives each key once', (text) => {
  expect(repeatedKey(text)).toBeUndefined();
});

test.each([
  ['a body', (text: string) => parseJsonBody(Buffer.from(text), 'application/json')],
  ['JSON in an address', parseJsonText],
])('%s that gives a key twice is refused, and told which', (_, parse) => {
  expect(() => parse('{"title":"A","title":"B"}')).toThrowError(
    expect.objectContaining({ code: 'BAD_USER_INPUT', path: 'title' }),
  );
  expect(parse('{"title":"A"}')).toEqual({ title: 'A' });
});
