/** Files that are bad in one way each, for the dataset of {@link looseVideos}: two sound records, `a` and `b`, and `x`. */
import type { TestFile } from './import-folder.ts';

/** What is wrong, the code that it earns (with the field, where it has one), and the file. */
export type BadFile = readonly [what: string, code: string, file: TestFile];

const HEAD = 'video_id,source_url,title';
export const row = (key: string, rest = ''): string => `${key},https://x.org/${key},T ${key}${rest}`;
export const csv = (...lines: readonly string[]): TestFile => ({
  path: 'videos.csv',
  content: `${[HEAD, ...lines].join('\n')}\n`,
});
const json = (content: string): TestFile => ({ path: 'videos.json', content });
const video = (key: string, more: object = {}) => ({
  video_id: key,
  source_url: `https://x.org/${key}`,
  title: `T ${key}`,
  ...more,
});
const jsonl = (...lines: readonly (object | string)[]): TestFile => ({
  path: 'videos.jsonl',
  content: lines.map((line) => `${typeof line === 'string' ? line : JSON.stringify(line)}\n`).join(''),
});
const one = (more: object): TestFile => jsonl(video('a', more));

/** A bad line between two good ones. */
const amongLines = (bad: string): TestFile => csv(row('a'), bad, row('b'));
const amongRecords = (bad: object | string): TestFile => jsonl(video('a'), bad, video('b'));
const withColumn = (column: string, value: string): TestFile => ({
  path: 'videos.csv',
  content: `${HEAD},${column}\n${row('a', ',')}\n${row('x', `,${value}`)}\n${row('b', ',')}\n`,
});
const x = (rest: string): string => `{"video_id":"x","source_url":"u","title":"t",${rest}}`;
const deep = (levels: number): string => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`;

/** A whole file is refused. */
export const FAILURES: readonly BadFile[] = [
  ['an empty file', 'FILE_EMPTY', { path: 'videos.csv', content: '' }],
  ['nothing but blank lines', 'FILE_EMPTY', { path: 'videos.csv', content: '\n\n\n' }],
  [
    '100,000 columns',
    'HEADER_INVALID',
    { path: 'videos.csv', content: `${Array.from({ length: 100_000 }, (_, n) => `c${n}`).join(',')}\n1\n` },
  ],
  ['duplicate headers', 'HEADER_INVALID', { path: 'videos.csv', content: 'video_id,title,title\na,b,c\n' }],
  ['truncated JSON', 'FILE_MALFORMED', json('[{"video_id": "a", "source_url": "u", "title": "t"}, {"video_id": "b')],
  ['a JSON document 100,000 deep', 'NESTED_TOO_DEEP', json(deep(100_000))],
  ['a workbook that is none', 'FILE_MALFORMED', { path: 'videos.xlsx', content: 'PK but no archive' }],
];

const NAME_OF_20_KB = 'n'.repeat(20_000);

/** One record is refused. */
export const REJECTS: readonly BadFile[] = [
  ['an unclosed quote', 'MALFORMED ', csv(row('a'), row('b'), 'x,"https://x.org,T')],
  ['a row with too few fields', 'MALFORMED ', amongLines('x,y')],
  ['a row with too many fields', 'MALFORMED ', amongLines(row('x', ',more,more'))],
  ['a NUL byte', 'MALFORMED ', amongLines(row('x', '\0'))],
  [
    'JSON 100,000 deep',
    'MALFORMED ',
    json(`[${JSON.stringify(video('a'))}, ${deep(100_000)}, ${JSON.stringify(video('b'))}]`),
  ],
  ['a NUL in JSON', 'MALFORMED ', amongRecords(video('x', { title: 'a\0b' }))],
  ['a NUL in an unknown value', 'MALFORMED ', amongRecords(video('x', { odd: ['a\0'] }))],
  ['a lone surrogate', 'MALFORMED ', amongRecords(x('"odd":"\\ud800"'))],
  ['a lone surrogate in a name', 'MALFORMED ', amongRecords(x('"\\ud800":1'))],
  ['a 20 MB field', 'TOO_LONG title', amongLines(`x,u,${'t'.repeat(20_000_000)}`)],
  ['a key of 20 KB', 'TOO_LONG video_id', amongLines(`${NAME_OF_20_KB},u,t`)],
  ['a foreign key of 20 KB', 'TOO_LONG channel_id', withColumn('channel_id', NAME_OF_20_KB)],
  ['a mentioned name of 20 KB', 'TOO_LONG videos.channel_id', amongRecords(video('x', { channel: NAME_OF_20_KB }))],
  ['a mentioned name with a NUL', 'INVALID_VALUE videos.channel_id', amongRecords(video('x', { channel: '{NUL}' }))],
  ['a derived row that its table refuses', 'CONSTRAINT ', amongRecords(video('x', { by: 'n'.repeat(501) }))],
  ['a derived row without its name', 'CONSTRAINT ', amongRecords(video('x', { by: '{NONE}' }))],
  ['a derived row with half a character', 'INVALID_VALUE employees.name', amongRecords(video('x', { by: '{HALF}' }))],
  [
    'a part that its table refuses',
    'CONSTRAINT ',
    jsonl(video('a', { said: ['s'] }), video('x', { said: ['s', ''] }), video('b')),
  ],
  ['a part without its text', 'CONSTRAINT ', amongRecords(video('x', { said: ['s', null] }))],
  ['truncated JSON in a line', 'MALFORMED ', amongRecords('{"video_id": "x')],
  ['a line 100,000 levels deep', 'MALFORMED ', amongRecords(deep(100_000))],
  ['the date 0000-00-00', 'INVALID_VALUE metadata.published', withColumn('published', '0000-00-00')],
  ['the date 2025-02-30', 'INVALID_VALUE metadata.published', withColumn('published', '2025-02-30')],
  ['a number beyond 2^53', 'OUT_OF_RANGE phase', amongRecords(x('"phase":9007199254740993'))],
  ['a number that is none', 'INVALID_TYPE phase', withColumn('phase', 'seven')],
  ['a missing title', 'MISSING title', amongLines('x,u,')],
  ['a key twice in one file', 'DUPLICATE_KEY video_id', csv(row('a'), row('b'), 'b,u,other')],
  [
    'a key twice, with other parts',
    'DUPLICATE_KEY video_id',
    jsonl(video('a'), video('b', { said: ['s'] }), video('b', { said: ['t'] })),
  ],
  [
    'a key twice, with other links',
    'DUPLICATE_KEY video_id',
    jsonl(video('a'), video('b', { channel: 'One' }), video('b', { channel: 'Two' })),
  ],
  ['a document that is no object', 'MALFORMED ', json(JSON.stringify([video('a'), 7, video('b')]))],
];

/** 150,000 different words of two 4-byte characters: more than a search vector may hold. */
const WORDS = Array.from({ length: 150_000 }, (_, n) =>
  String.fromCodePoint(0x20000 + (n % 42_000), 0x20000 + (n >> 4)),
);

/** Odd, but sound: all of its records go in. */
export const TAKEN: readonly (readonly [what: string, records: number, file: TestFile])[] = [
  ['a header only', 0, csv()],
  ['an empty list', 0, json('[]')],
  ['a transcript of 3 MB', 1, one({ transcript_content: 'so it is said '.repeat(220_000) })],
  ['150,000 words of 4-byte characters', 1, one({ transcript_content: WORDS.join(' ') })],
  ['a character that decomposes into 18, 150,000 times', 1, one({ transcript_content: 'ﷺ'.repeat(150_000) })],
  ['a word of 3 MB', 1, one({ transcript_content: 'x'.repeat(3_000_000) })],
  ['one letter with 500,000 accents', 1, one({ transcript_content: `a${'\u0301'.repeat(500_000)}` })],
  ['an unknown value of 20 MB', 1, one({ odd: 'x'.repeat(20_000_000) })],
  ['an unknown number beyond any', 1, jsonl(x('"odd":1e400,"long":12345678901234567890'))],
  ['UTF-16', 1, { path: 'videos.csv', content: Buffer.from(`\ufeff${HEAD}\n${row('a')}\n`, 'utf16le') }],
  ['Windows-1252', 1, { path: 'videos.csv', content: Buffer.from(`${HEAD}\na,u,Café\n`, 'latin1') }],
];

/** Names that are also names of every object. */
export const PROTOTYPES: readonly TestFile[] = [
  { path: 'videos_1.csv', content: `${HEAD},__proto__,constructor\n${row('a', ',x,y')}\n` },
  { ...jsonl(x('"__proto__":{"x":1},"facts":{"__proto__":{"x":1}}')), path: 'videos_2.jsonl' },
];

const bomb = [
  'a: &a [x,x,x,x,x,x,x,x,x]',
  ...'bcdefghij'.split('').map((name, n) => {
    const before = 'abcdefghij'[n];
    return `${name}: &${name} [${Array.from({ length: 9 }, () => `*${before}`).join(',')}]`;
  }),
].join('\n');
const document = (content: string): TestFile => ({ path: 'videos.md', content });

/** Documents whose head is an attack: one record each, refused, and nothing of it run or unfolded. */
export const DOCUMENTS: readonly (readonly [what: string, file: TestFile])[] = [
  ['a YAML alias bomb', document(`---\n${bomb}\n---\ntext\n`)],
  ['front matter that is a program', document('---js\n{ video_id: (globalThis.ran = 1) }\n---\ntext\n')],
  [
    'a YAML tag that makes a function',
    document('---\nvideo_id: !!js/function "() => { globalThis.ran = 1 }"\n---\ntext\n'),
  ],
];
