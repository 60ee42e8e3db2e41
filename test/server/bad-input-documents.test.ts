/** Documents that are too much, broken, or of another schema: refused before anything is executed. */
import { describe } from 'vitest';
import { loadSchema } from '../../src/server/schema.ts';
import { useTestDatabase } from '../support/database.ts';
import { useTestServer } from '../support/http.ts';
import { body, nested, type Refusal, SECRET, testRefusals, times } from '../support/refusals.ts';

const database = await useTestDatabase();
const server = await useTestServer(database, { schema: await loadSchema() });
const list = (first: number, inner: string): string => `(first: ${first}) { edges { node { ${inner} } } }`;
const deep = (levels: number): string =>
  body(`{ researches { nodes { ${nested(levels, 'videos { nodes { researches { nodes { ', 'title', ' } } } }')} } } }`);
const doubling = (levels: number, inner: string): string =>
  `{ ...F0 } ${times(levels, (i) => `fragment F${i} on Query { ${i === levels - 1 ? inner : `...F${i + 1} ... { ...F${i + 1} }`} } `)}`;

const TOO_MUCH: readonly (readonly [string, string])[] = [
  ['101 aliases', body(`{ ${times(101, (i) => `a${i}: __typename `)} }`)],
  ['10,000 aliases', body(`{ ${times(10_000, (i) => `a${i}: __typename `)} }`)],
  ['101 aliases by fragments', body(`{ ...F } fragment F on Query { ${times(101, (i) => `a${i}: __typename `)} }`)],
  ['101 aliases of one name', body(`{ ${times(101, () => 'a: __typename ')} }`)],
  ['101 aliases of lists', body(`{ ${times(101, (i) => `a${i}: researches(first: 1) { totalCount } `)} }`)],
  ['a field 50,000 times', body(`{ ${times(50_000, () => '__typename ')} }`)],
  ['51 directives', body(`{ ${times(51, () => '__typename @skip(if: true) ')} }`)],
  [
    '51 directives by a variable',
    body(`query ($x: Boolean!) { ${times(51, () => '__typename @include(if: $x) ')} }`, { x: false }),
  ],
  ['10,000 known directives', body(`{ __typename ${times(10_000, () => '@skip(if: false) ')} }`)],
  ['100 unknown directives', body(`{ __typename ${times(100, () => '@aa ')} }`)],
  ['10,000 unknown directives', body(`{ __typename ${times(10_000, () => '@aa ')} }`)],
  ['fragments that double 30 times', body(doubling(30, '__typename'))],
  ['fragments that double 12 times over lists', body(doubling(12, 'researches { totalCount }'))],
  [
    '30 fragments whose lists double',
    body(
      `{ researches { nodes { ...F0 } } } ${times(30, (i) => `fragment F${i} on Research { a: videos { nodes { researches { nodes { ...F${i + 1} } } } } b: videos { nodes { researches { nodes { ...F${i + 1} } } } } } `)} fragment F30 on Research { title }`,
    ),
  ],
  [
    'three nested lists of 100',
    body(`{ researches${list(100, `videos${list(100, `researches${list(100, 'title')}`)}`)} }`),
  ],
  [
    'three nested lists of 100 by a variable',
    body(
      'query ($n: Int) { researches(first: $n) { nodes { videos(first: $n) { nodes { researches(first: $n) { nodes { title } } } } } } }',
      { n: 100 },
    ),
  ],
  [
    'thirty pages of all that hangs on a research',
    body(
      `{ ${times(30, (i) => `a${i}: researches(first: 100) { nodes { videos(first: 100) { nodes { title } } } } `)} }`,
    ),
  ],
  ['a relation 5 deep and over', deep(5)],
  ['a relation 500 deep', deep(125)],
  ['a relation 20,000 deep', body(nested(20_000, '{ a ', '', ' }'))],
  ['fragments in place 20,000 deep', body(`{ ${nested(20_000, '... { ', '__typename', ' }')} }`)],
  ['a list literal 100,000 deep', body(`{ node(id: ${nested(100_000, '[', '', ']')}) { id } }`)],
  [
    'an object literal 20,000 deep',
    body(`{ researches(where: ${nested(20_000, '{ not: ', '{}', ' }')}) { totalCount } }`),
  ],
  ['a type of a variable 20,000 deep', body(`query ($a: ${nested(20_000, '[', 'Int', ']')}) { __typename }`)],
  ['5,000 variables', body(`query (${times(5_000, (i) => `$v${i}: Int `)}) { __typename }`)],
  ['5,000 operations', body(times(5_000, (i) => `query Q${i} { __typename } `))],
  ['5,000 fragments', body(`{ __typename } ${times(5_000, (i) => `fragment F${i} on Query { __typename } `)}`)],
  [
    'a list literal of 10,000 values',
    body(`{ videos(where: { videoId: { in: [${times(10_000, () => '"a" ')}] } }) { totalCount } }`),
  ],
  ['200,000 characters of comment', body(`{ __typename } #${'x'.repeat(200_000)}`)],
  ['200,000 spaces', body(`{ __typename }${' '.repeat(200_000)}`)],
  ['a name of 200,000 characters', body(`{ ${'x'.repeat(200_000)} }`)],
  ['a text of 200,000 characters', body(`{ node(id: "${'x'.repeat(200_000)}") { id } }`)],
  ['300,000 ids of nodes', body('query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', { ids: Array(300_000).fill('x') })],
];

const FAULTY: readonly (readonly [string, string])[] = [
  ['no document', ''],
  ['spaces alone', '  \n\t '],
  ['a comment alone', '# nothing'],
  ['a fragment alone', 'fragment F on Query { __typename }'],
  ['no selection', '{ }'],
  ['a bracket that stays open', '{ researches('],
  ['a bracket too many', '{ __typename } }'],
  ['a text that stays open', `{ node(id: "${SECRET}) { id } }`],
  ['a block of text that stays open', `{ node(id: """${SECRET}) { id } }`],
  ['a text over two lines', '{ node(id: "a\nb") { id } }'],
  ['an escape that is none', '{ node(id: "\\x41") { id } }'],
  ['half a surrogate pair in a text', '{ node(id: "\\uD800") { id } }'],
  ['half a surrogate pair written out', '{ node(id: "\\u{D800}") { id } }'],
  ['a code point that is none', '{ node(id: "\\u{110000}") { id } }'],
  ['a character outside a text', '{ ☃ }'],
  ['a NUL between tokens', '{ \u0000__typename }'],
  ['a quotation mark of another kind', '{ node(id: ‘x’) { id } }'],
  ['SQL', "'; DROP TABLE users; --"],
  ['HTML', '<script>alert(1)</script>'],
  ['a number with a leading zero', '{ researches(first: 01) { totalCount } }'],
  ['a number that runs into a name', '{ researches(first: 1a) { totalCount } }'],
  ['circular fragments', '{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }'],
  ['a fragment of itself', '{ ...A } fragment A on Query { ...A }'],
  [
    'a circle over fields',
    '{ researches { nodes { ...A } } } fragment A on Research { videos { nodes { researches { nodes { ...A } } } } }',
  ],
  ['an unknown field', '{ helo }'],
  ['a field close to one that exists', '{ researchs { totalCount } }'],
  ['a field of objects’ prototype', '{ __proto__ }'],
  ['a field that functions have', '{ constructor { name } }'],
  ['a hundred unknown fields', `{ ${times(100, (i) => `nope${i} `)} }`],
  ['an unknown argument', '{ researches(frist: 1) { totalCount } }'],
  ['an argument twice', '{ researches(first: 1, first: 2) { totalCount } }'],
  ['an unknown directive', '{ __typename @hidden }'],
  ['a directive where it may not be', 'query @skip(if: true) { __typename }'],
  ['a directive without its argument', '{ __typename @skip }'],
  ['an unknown type', '{ ... on Resarch { title } }'],
  ['a fragment that can never apply', '{ researches { nodes { ... on Video { title } } } }'],
  ['a fragment that is not there', '{ ...Gone }'],
  ['a fragment twice', '{ ...F } fragment F on Query { __typename } fragment F on Query { __typename }'],
  ['a fragment that nobody uses', '{ __typename } fragment F on Query { __typename }'],
  ['a fragment on a scalar', '{ __typename ... on String { length } }'],
  ['no selection on an object', '{ researches }'],
  ['a selection on a scalar', '{ __typename { length } }'],
  ['one name for two fields', '{ a: researches { totalCount } a: videos { totalCount } }'],
  [
    'one name for two pages',
    '{ researches(first: 1) { totalCount nodes { title } } researches(first: 2) { nodes { title } } }',
  ],
  ['a variable that is not declared', '{ researches(first: $n) { totalCount } }'],
  ['a variable that is not used', 'query ($n: Int) { __typename }'],
  ['a variable twice', 'query ($n: Int, $n: Int) { researches(first: $n) { totalCount } }'],
  ['a variable of an output type', 'query ($n: Research) { researches(first: $n) { totalCount } }'],
  ['a variable of an unknown type', 'query ($n: Integer) { researches(first: $n) { totalCount } }'],
  ['a variable of another type', 'query ($n: String) { researches(first: $n) { totalCount } }'],
  ['a variable whose default is of another type', 'query ($n: Int = "all") { researches(first: $n) { totalCount } }'],
  ['an argument that is needed and not there', '{ research { title } }'],
  ['null for an argument that is needed', '{ research(researchId: null) { title } }'],
  ['two operations without a name', 'query A { __typename } query B { __typename }'],
  ['two operations of one name', 'query A { __typename } query A { __typename }'],
  ['an operation without a name beside another', '{ __typename } query A { __typename }'],
  ['a definition of a type', 'type Mine { a: Int }'],
  ['an operation beside a definition of a type', '{ __typename } type Mine { a: Int }'],
  ['an extension of the schema', '{ __typename } extend type Query { mine: Int }'],
  [
    'a subscription to two things',
    'subscription { a: importProgress(importId: "x") { status } b: importProgress(importId: "x") { status } }',
  ],
  ['a subscription to the schema', 'subscription { __schema { types { name } } }'],
  ['a subscription to something unknown', 'subscription { everything { id } }'],
  ['an incremental answer', '{ researches { ... @defer { totalCount } } }'],
  ['a streamed list', '{ researches { nodes @stream(initialCount: 1) { title } } }'],
  ['types of types without end', `{ __schema { types { ${nested(8, 'fields { type { ', 'name', ' } }')} } } }`],
  [
    'types of types without end by fragments',
    '{ __schema { types { ...T } } } fragment T on __Type { fields { type { fields { type { fields { type { fields { name } } } } } } } }',
  ],
];

describe('a document that is too much', () => {
  testRefusals(
    server,
    database,
    TOO_MUCH.map(([what, sent]): Refusal => [what, sent, 'LIMIT_EXCEEDED']),
    { status: 400 },
  );
});

describe('a document that is faulty', () => {
  testRefusals(
    server,
    database,
    FAULTY.map(([what, query]): Refusal => [what, body(query), 'BAD_USER_INPUT']),
    { status: 400 },
  );
});
