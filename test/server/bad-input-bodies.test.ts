/** Bodies that are no operation: refused without a word of theirs. */
import { describe } from 'vitest';
import { useTestDatabase } from '../support/database.ts';
import { useTestServer } from '../support/http.ts';
import { nested, type Refusal, SECRET, testRefusals, times } from '../support/refusals.ts';

const database = await useTestDatabase();
const limits = { bodySize: 1_000_000, fileSize: 1_000, bodyTime: 1_000 };
const server = await useTestServer(database, { limits });
const bytes = (...parts: (string | number[])[]): Uint8Array<ArrayBuffer> =>
  new Uint8Array(
    Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : Buffer.from(part)))),
  );

const MALFORMED: readonly (readonly [string, string | Uint8Array<ArrayBuffer>])[] = [
  ['nothing', ''],
  ['spaces', '   '],
  ['an empty list', '[]'],
  ['an empty list in a list', '[[]]'],
  ['a batch of 20', JSON.stringify(Array(20).fill({ query: '{ __typename }' }))],
  ['a batch of one', '[{"query":"{ __typename }"}]'],
  ['null', 'null'],
  ['true', 'true'],
  ['a number', '1'],
  ['a text', '"x"'],
  ['an operation in a text', JSON.stringify('{"query":"{ __typename }"}')],
  ['a document without JSON', '{ __typename }'],
  ['cut JSON', `{"query": "{ ${SECRET}`],
  ['cut JSON within an escape', `{"query": "{ ${SECRET}\\u00`],
  ['JSON and more', '{"query":"{ __typename }"} and more'],
  ['two of JSON', '{"query":"{ __typename }"}{"query":"{ __typename }"}'],
  ['JSON with a comment', '{"query":"{ __typename }" /* why not */}'],
  ['JSON with a comma too many', '{"query":"{ __typename }",}'],
  ['JSON in single quotes', "{'query':'{ __typename }'}"],
  ['JSON with keys without quotes', '{query:"{ __typename }"}'],
  ['NaN', '{"query":"{ __typename }","variables":{"a":NaN}}'],
  ['a number with a plus', '{"query":"{ __typename }","variables":{"a":+1}}'],
  ['a line break in a text', '{"query":"{ __typename }\n"}'],
  ['a NUL after it', '{"query":"{ __typename }"}\u0000'],
  ['bytes that are no UTF-8', bytes('{"query":"', [0xff, 0xfe, 0x80], '"}')],
  ['an overlong form of a slash', bytes('{"query":"', [0xc0, 0xaf], '"}')],
  ['half a surrogate pair in bytes', bytes('{"query":"', [0xed, 0xa0, 0x80], '"}')],
  ['a cut character', bytes('{"query":"{ __typename }"', [0xe2, 0x82])],
  ['gzip without saying so', bytes([0x1f, 0x8b, 0x08, 0, 0, 0, 0, 0, 0, 3])],
  ['XML', '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'],
  ['YAML', 'query: "{ __typename }"'],
  ['a form', 'query=%7B%20__typename%20%7D'],
];

const NO_OPERATION: readonly (readonly [string, string])[] = [
  ['no query', '{}'],
  ['a query of null', '{"query":null}'],
  ['a query that is a number', '{"query":1}'],
  ['a query that is true', '{"query":true}'],
  ['a query that is an object', '{"query":{}}'],
  ['a query that is a list', '{"query":["{ __typename }"]}'],
  ['an empty query', '{"query":""}'],
  ['a query of another case', '{"Query":"{ __typename }"}'],
  ['variables that are a list', '{"query":"{ __typename }","variables":[]}'],
  ['variables that are a text', '{"query":"{ __typename }","variables":"{}"}'],
  ['variables that are a number', '{"query":"{ __typename }","variables":1}'],
  ['variables that are false', '{"query":"{ __typename }","variables":false}'],
  ['an operationName that is a number', '{"query":"{ __typename }","operationName":1}'],
  ['an operationName that is a list', '{"query":"{ __typename }","operationName":[]}'],
  ['an operationName that nothing has', '{"query":"query A { __typename }","operationName":"B"}'],
  ['an operationName that objects have', '{"query":"query A { __typename }","operationName":"constructor"}'],
  ['an operationName of a fragment', '{"query":"{ ...F } fragment F on Query { __typename }","operationName":"F"}'],
  ['an operationName for one without', '{"query":"{ __typename }","operationName":"A"}'],
  ['extensions that are a list', '{"query":"{ __typename }","extensions":[]}'],
  ['extensions that are a text', '{"query":"{ __typename }","extensions":"x"}'],
  ['an unknown parameter', '{"query":"{ __typename }","stranger":1}'],
  ['ten thousand unknown parameters', `{${times(10_000, (i) => `"p${i}":1,`)}"query":"{ __typename }"}`],
  ['a parameter of objects’ prototype', '{"query":"{ __typename }","__proto__":{"polluted":1}}'],
  ['a parameter that functions have', '{"query":"{ __typename }","constructor":{"prototype":{"polluted":1}}}'],
  ['the id of another server’s documents', '{"id":"1","query":"{ __typename }"}'],
];

const TOO_MUCH: readonly (readonly [string, string])[] = [
  ['65 levels', `{"query":"{ __typename }","variables":${nested(64, '{"a":', '1', '}')}}`],
  ['100,000 lists in lists', `{"query":"{ __typename }","variables":{"a":${nested(100_000, '[', '', ']')}}}`],
  ['100,000 objects in objects', `{"query":"{ __typename }","variables":${nested(100_000, '{"a":', '1', '}')}}`],
  ['lists that stay open', '['.repeat(900_000)],
  ['a document of 100,001 characters', JSON.stringify({ query: `{ __typename }${' '.repeat(100_000)}` })],
];

describe('a body that is no JSON object', () => {
  testRefusals(
    server,
    database,
    MALFORMED.map(([what, sent]): Refusal => [what, sent, 'BAD_USER_INPUT']),
    { status: 400 },
  );
});

describe('a body that asks nothing', () => {
  testRefusals(
    server,
    database,
    NO_OPERATION.map(([what, sent]): Refusal => [what, sent, 'BAD_USER_INPUT']),
    { status: 400 },
  );
});

describe('a body that is too much', () => {
  testRefusals(
    server,
    database,
    TOO_MUCH.map(([what, sent]): Refusal => [what, sent, 'LIMIT_EXCEEDED']),
    { status: 400 },
  );
  testRefusals(
    server,
    database,
    [
      [
        'a body of a megabyte',
        `{"query":"{ __typename }","variables":{"a":"${'x'.repeat(1_000_000)}"}}`,
        'LIMIT_EXCEEDED',
      ],
      ['a million spaces', ' '.repeat(1_000_001), 'LIMIT_EXCEEDED'],
    ],
    { status: 413 },
  );
});
