/** Bad input: each gives a clear code, nothing is lost, nothing is half-written, and the next import goes on. */
import { appendFile, chmod, rm, symlink, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { defineDataset } from '../../src/ingest/dataset.ts';
import { date, id, integer, json, reference, text } from '../../src/ingest/fields/index.ts';
import { importFile, importFolder } from '../../src/ingest/run.ts';
import { TESTER, useTestDatabase } from '../support/database.ts';
import {
  contents,
  emptyTables,
  importOne,
  ingestOf,
  leftovers,
  makeFolder,
  type TestFile,
} from '../support/import-folder.ts';

/** What a dataset file might make of a value: readers let none of it through. */
const made = (value: string): string => value.replace('{NUL}', '\0').replace('{HALF}', '\udfff');

const videos = defineDataset({
  name: 'videos',
  title: 'Videos',
  description: 'As loose as its table allows.',
  table: 'videos',
  key: ['video_id'],
  files: [{ pattern: '**/videos*' }],
  rulesVersion: 1,
  fields: {
    video_id: id({ max: 200 }),
    source_url: text({ max: 2000, required: true }),
    title: text({ max: 2000, required: true }),
    phase: integer({ min: 1, max: 7 }),
    channel_id: reference('channels', { max: 200 }),
    transcript_content: text({ max: 16_000_000 }),
    'metadata.published': date(),
    'metadata.facts': json(),
  },
  rest: 'metadata',
  brings: ({ fields, source }) => ({
    references:
      typeof source['channel'] === 'string'
        ? [
            {
              relation: 'videos.channel_id',
              owner: String(fields['video_id']),
              target: { name: made(source['channel']) },
            },
          ]
        : [],
    derived:
      typeof source['by'] === 'string'
        ? [
            {
              table: 'employees',
              fields: {
                employee_id: made(source['by']).slice(0, 100),
                name: source['by'] === '{NONE}' ? null : made(source['by']),
              },
            },
          ]
        : [],
    ...(Array.isArray(source['said']) && {
      parts: { video_segments: source['said'].map((said) => ({ text: said })) },
    }),
  }),
  parts: [
    {
      table: 'video_segments',
      key: ['video_id', 'position'],
      columns: ['start_seconds', 'end_seconds', 'speaker', 'text'],
    },
  ],
});
const channels = defineDataset({
  name: 'channels',
  title: 'Channels',
  description: 'For references.',
  table: 'channels',
  key: ['channel_id'],
  files: [{ pattern: '**/channels*' }],
  rulesVersion: 1,
  fields: { channel_id: id(), name: text({ required: true }) },
});
const employees = defineDataset({
  name: 'employees',
  title: 'Employees',
  description: 'For derived rows.',
  table: 'employees',
  key: ['employee_id'],
  files: [{ pattern: '**/employees*' }],
  rulesVersion: 1,
  fields: { employee_id: id(), name: text({ max: 500, required: true }) },
});

const database = await useTestDatabase();
const ingest = ingestOf(database, [videos, channels, employees]);

beforeEach(() => emptyTables(database.owner));
afterEach(async () => {
  expect(await leftovers(database.owner)).toEqual([]);
  const { rows } = await database.owner.query(
    `SELECT path FROM imports i WHERE status = 'imported'
        AND (read <> inserted + updated + unchanged + rejected OR least(inserted, updated, unchanged, rejected) < 0
             OR rejected <> (SELECT count(*) FROM rejects r WHERE r.import_id = i.import_id))`,
  );
  expect(rows).toEqual([]);
});

const HEAD = 'video_id,source_url,title';
const row = (key: string, rest = ''): string => `${key},https://x.org/${key},T ${key}${rest}`;
const csv = (header: string, ...lines: readonly string[]): string => `${[header, ...lines].join('\n')}\n`;
const jsonl = (...records: readonly (object | string)[]): string =>
  records.map((record) => `${typeof record === 'string' ? record : JSON.stringify(record)}\n`).join('');
const video = (key: string, more: object = {}) => ({
  video_id: key,
  source_url: `https://x.org/${key}`,
  title: `T ${key}`,
  ...more,
});
const deep = (levels: number): string => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`;
const odd = Array.from({ length: 150_000 }, (_, index) =>
  String.fromCodePoint(0x20000 + (index % 42_000), 0x20000 + (index >> 4)),
).join(' ');

/** What a whole file is refused for. */
const FAILURES: readonly [name: string, code: string, file: TestFile][] = [
  ['an empty file', 'FILE_EMPTY', { path: 'videos.csv', content: '' }],
  ['nothing but blank lines', 'FILE_EMPTY', { path: 'videos.csv', content: '\n\n\n' }],
  [
    '100,000 columns',
    'HEADER_INVALID',
    { path: 'videos.csv', content: `${Array.from({ length: 100_000 }, (_, n) => `c${n}`).join(',')}\n1\n` },
  ],
  ['duplicate headers', 'HEADER_INVALID', { path: 'videos.csv', content: 'video_id,title,title\na,b,c\n' }],
  [
    'truncated JSON',
    'FILE_MALFORMED',
    { path: 'videos.json', content: '[{"video_id": "v1", "source_url": "u", "title": "t"}, {"video_id": "v2' },
  ],
  ['JSON 100,000 deep', 'NESTED_TOO_DEEP', { path: 'videos.json', content: `[${deep(100_000)}]` }],
  ['a workbook that is none', 'FILE_MALFORMED', { path: 'videos.xlsx', content: 'PK but no archive' }],
];

test.each(FAILURES)('%s fails the import as %s, and nothing of it is kept', async (_name, code, file) => {
  const root = await makeFolder([file]);
  const result = await importOne(ingest, root, file.path);
  expect(result).toMatchObject({ status: 'failed', read: 0, error: { code } });
  expect(result.error?.message).not.toBe('');
  expect(await contents(database.owner)).toEqual({});
  const { rows } = await database.owner.query('SELECT status, error, finished_at IS NOT NULL AS ended FROM imports');
  expect(rows).toEqual([{ status: 'failed', error: result.error, ended: true }]);
});

/** One bad record among good ones: it is the only reject, and the others go in. */
const REJECTS: readonly [name: string, reason: string, file: TestFile][] = [
  [
    'an unclosed quote',
    'MALFORMED ',
    { path: 'videos.csv', content: csv(HEAD, row('a'), row('b'), 'c,"https://x.org,T') },
  ],
  ['a row with too few fields', 'MALFORMED ', { path: 'videos.csv', content: csv(HEAD, row('a'), 'x,y', row('b')) }],
  [
    'a row with too many fields',
    'MALFORMED ',
    { path: 'videos.csv', content: csv(HEAD, row('a'), row('x', ',more,more'), row('b')) },
  ],
  ['a NUL byte', 'MALFORMED ', { path: 'videos.csv', content: csv(HEAD, row('a'), row('x', '\0'), row('b')) }],
  [
    'a NUL in JSON',
    'MALFORMED ',
    { path: 'videos.jsonl', content: jsonl(video('a'), video('x', { title: 'a\0b' }), video('b')) },
  ],
  [
    'a NUL in an unknown value',
    'MALFORMED ',
    { path: 'videos.jsonl', content: jsonl(video('a'), video('x', { odd: ['a\0'] }), video('b')) },
  ],
  [
    'a lone surrogate',
    'MALFORMED ',
    {
      path: 'videos.jsonl',
      content: jsonl(video('a'), '{"video_id":"x","source_url":"u","title":"\\ud800"}', video('b')),
    },
  ],
  [
    'a lone surrogate as a name',
    'MALFORMED ',
    {
      path: 'videos.jsonl',
      content: jsonl(video('a'), '{"video_id":"x","source_url":"u","title":"t","\\ud800":1}', video('b')),
    },
  ],
  [
    'a 20 MB field',
    'TOO_LONG title',
    { path: 'videos.csv', content: csv(HEAD, row('a'), `x,u,${'t'.repeat(20_000_000)}`, row('b')) },
  ],
  [
    'a key of 20 KB',
    'TOO_LONG video_id',
    { path: 'videos.csv', content: csv(HEAD, row('a'), `${'k'.repeat(20_000)},u,t`, row('b')) },
  ],
  [
    'a foreign key of 20 KB',
    'TOO_LONG channel_id',
    {
      path: 'videos.csv',
      content: csv(`${HEAD},channel_id`, row('a', ','), row('x', `,${'k'.repeat(20_000)}`), row('b', ',')),
    },
  ],
  [
    'a mentioned name of 20 KB',
    'TOO_LONG videos.channel_id',
    { path: 'videos.jsonl', content: jsonl(video('a'), video('x', { channel: 'n'.repeat(20_000) }), video('b')) },
  ],
  [
    'a mentioned name with a NUL',
    'INVALID_VALUE videos.channel_id',
    { path: 'videos.jsonl', content: jsonl(video('a'), video('x', { channel: 'a{NUL}' }), video('b')) },
  ],
  [
    'a derived row that its table refuses',
    'CONSTRAINT ',
    { path: 'videos.jsonl', content: jsonl(video('a'), video('x', { by: 'n'.repeat(501) }), video('b')) },
  ],
  [
    'a derived row without its name',
    'CONSTRAINT ',
    { path: 'videos.jsonl', content: jsonl(video('a', { by: 'Ann' }), video('x', { by: '{NONE}' }), video('b')) },
  ],
  [
    'a derived row with half a character',
    'INVALID_VALUE employees.employee_id',
    {
      path: 'videos.jsonl',
      content: jsonl(video('a'), video('x', { by: 'a{HALF}' }), video('b')),
    },
  ],
  [
    'a part that its table refuses',
    'CONSTRAINT ',
    {
      path: 'videos.jsonl',
      content: jsonl(video('a', { said: ['fine'] }), video('x', { said: ['fine', ''] }), video('b')),
    },
  ],
  [
    'a part without its text',
    'CONSTRAINT ',
    { path: 'videos.jsonl', content: jsonl(video('a'), video('x', { said: ['fine', null] }), video('b')) },
  ],
  [
    'truncated JSON in a line',
    'MALFORMED ',
    { path: 'videos.jsonl', content: jsonl(video('a'), '{"video_id": "x', video('b')) },
  ],
  [
    'a line 100,000 levels deep',
    'MALFORMED ',
    { path: 'videos.jsonl', content: jsonl(video('a'), deep(100_000), video('b')) },
  ],
  [
    'the date 0000-00-00',
    'INVALID_VALUE metadata.published',
    { path: 'videos.csv', content: csv(`${HEAD},published`, row('a', ','), row('x', ',0000-00-00'), row('b', ',')) },
  ],
  [
    'the date 2025-02-30',
    'INVALID_VALUE metadata.published',
    { path: 'videos.csv', content: csv(`${HEAD},published`, row('a', ','), row('x', ',2025-02-30'), row('b', ',')) },
  ],
  [
    'a number beyond 2^53',
    'OUT_OF_RANGE phase',
    {
      path: 'videos.jsonl',
      content: jsonl(video('a'), '{"video_id":"x","source_url":"u","title":"t","phase":9007199254740993}', video('b')),
    },
  ],
  [
    'a number that is none',
    'INVALID_TYPE phase',
    { path: 'videos.csv', content: csv(`${HEAD},phase`, row('a', ','), row('x', ',seven'), row('b', ',')) },
  ],
  ['a missing title', 'MISSING title', { path: 'videos.csv', content: csv(HEAD, row('a'), 'x,u,', row('b')) }],
  [
    'a key twice in one file',
    'DUPLICATE_KEY video_id',
    { path: 'videos.csv', content: csv(HEAD, row('a'), row('b'), 'b,u,other') },
  ],
  [
    'a document that is no object',
    'MALFORMED ',
    { path: 'videos.json', content: JSON.stringify([video('a'), 7, video('b')]) },
  ],
];

test.each(REJECTS)('%s is the reject %s, and the rest goes in', async (_name, reason, file) => {
  const root = await makeFolder([file]);
  const result = await importOne(ingest, root, file.path);
  expect(result).toMatchObject({ status: 'imported', read: 3, inserted: 2, rejected: 1, error: null });
  const held = await database.owner.query('SELECT video_id FROM videos ORDER BY 1');
  expect(held.rows.map(({ video_id }) => video_id)).toEqual(['a', 'b']);
  const { rows } = await database.owner.query('SELECT line, raw, errors, status FROM rejects');
  expect(rows).toHaveLength(1);
  const [{ errors, raw }] = rows;
  expect(errors.map((error: { code: string; field: string }) => `${error.code} ${error.field}`)).toContain(reason);
  expect(errors[0].message).not.toBe('');
  expect(Buffer.from(file.content).includes(raw)).toBe(true);
  expect(raw.length).toBeGreaterThan(0);
  const { rows: mentions } = await database.owner.query(`SELECT * FROM "references" WHERE record_id = 'x'`);
  expect(mentions).toEqual([]);
});

/** Odd, but sound: it goes in whole. */
const TAKEN: readonly [name: string, rows: number, file: TestFile][] = [
  ['a header only', 0, { path: 'videos.csv', content: `${HEAD}\n` }],
  ['an empty list', 0, { path: 'videos.json', content: '[]' }],
  [
    'a transcript of 3 MB',
    1,
    { path: 'videos.jsonl', content: jsonl(video('a', { transcript_content: 'so it is said '.repeat(220_000) })) },
  ],
  [
    '150,000 distinct words of 4-byte characters',
    1,
    { path: 'videos.jsonl', content: jsonl(video('a', { transcript_content: odd })) },
  ],
  [
    'a character that decomposes into 18, 150,000 times',
    1,
    { path: 'videos.jsonl', content: jsonl(video('a', { transcript_content: 'ﷺ'.repeat(150_000) })) },
  ],
  [
    'a word of 3 MB',
    1,
    { path: 'videos.jsonl', content: jsonl(video('a', { transcript_content: 'x'.repeat(3_000_000) })) },
  ],
  [
    'one letter with 500,000 accents',
    1,
    { path: 'videos.jsonl', content: jsonl(video('a', { transcript_content: `a${'\u0301'.repeat(500_000)}` })) },
  ],
  [
    'an unknown value of 20 MB',
    1,
    { path: 'videos.jsonl', content: jsonl(video('a', { odd: 'x'.repeat(20_000_000) })) },
  ],
  [
    'an unknown number beyond any',
    1,
    {
      path: 'videos.jsonl',
      content: jsonl('{"video_id":"a","source_url":"u","title":"t","odd":1e400,"long":12345678901234567890}'),
    },
  ],
  [
    'UTF-16 with a byte order mark',
    1,
    { path: 'videos.csv', content: Buffer.from(`\ufeff${csv(HEAD, row('a'))}`, 'utf16le') },
  ],
  ['Windows-1252', 1, { path: 'videos.csv', content: Buffer.from(csv(HEAD, 'a,u,Café'), 'latin1') }],
];

test.each(TAKEN)('%s is taken in', async (_name, count, file) => {
  const root = await makeFolder([file]);
  const result = await importOne(ingest, root, file.path);
  expect(result).toMatchObject({ status: 'imported', read: count, inserted: count, rejected: 0, error: null });
});

test('a column named __proto__ is data, and no object learns of it', async () => {
  const root = await makeFolder([
    { path: 'videos_1.csv', content: csv(`${HEAD},__proto__,constructor`, row('a', ',x,y')) },
    {
      path: 'videos_2.jsonl',
      content: jsonl('{"video_id":"b","source_url":"u","title":"t","__proto__":{"x":1},"facts":{"__proto__":{"x":1}}}'),
    },
  ]);
  await importOne(ingest, root, 'videos_1.csv');
  await importOne(ingest, root, 'videos_2.jsonl');
  const { rows } = await database.owner.query('SELECT metadata::text FROM videos ORDER BY video_id');
  expect(rows[0].metadata).toBe('{"__proto__": "x", "constructor": "y"}');
  expect(rows[1].metadata).toContain('"__proto__": {"x": 1}');
  expect(({} as { x?: unknown }).x).toBeUndefined();
});

describe('files that are not as they seem', () => {
  test('a missing file is said to be missing, and leaves no line', async () => {
    const request = { file: '/nowhere/videos.csv', path: 'videos.csv', actor: TESTER };
    await expect(importFile(ingest, request)).rejects.toMatchObject({ code: 'FILE_MISSING' });
    expect((await database.owner.query('SELECT * FROM imports')).rows).toEqual([]);
  });

  test('a missing folder is said to be missing', async () => {
    await expect(importFolder(ingest, { root: '/nowhere', actor: TESTER })).rejects.toMatchObject({
      code: 'FILE_MISSING',
    });
  });

  test('a folder in a file’s place fails as unreadable', async () => {
    const root = await makeFolder([{ path: 'videos/inner.txt', content: '' }]);
    expect(await importOne(ingest, root, 'videos')).toMatchObject({
      status: 'failed',
      error: { code: 'FILE_UNREADABLE' },
    });
  });

  test.skipIf(process.getuid?.() === 0)('a file that may not be read fails as unreadable', async () => {
    const root = await makeFolder([{ path: 'videos.csv', content: csv(HEAD, row('a')) }]);
    await chmod(join(root, 'videos.csv'), 0);
    expect(await importOne(ingest, root, 'videos.csv')).toMatchObject({ error: { code: 'FILE_UNREADABLE' } });
  });

  test('a link out of the folder is skipped with a reason', async () => {
    const outside = await makeFolder([{ path: 'videos.csv', content: csv(HEAD, row('a')) }]);
    const root = await makeFolder();
    await symlink(join(outside, 'videos.csv'), join(root, 'videos.csv'));
    await symlink('videos_2.csv', join(root, 'videos_2.csv'));
    const result = await importFolder(ingest, { root, actor: TESTER });
    expect(result.imports).toEqual([]);
    expect(result.skipped.map(({ path }) => path)).toEqual(['videos.csv', 'videos_2.csv']);
  });

  test.each([
    ['grows', (file: string) => appendFile(file, `${row('later')}\n`)],
    ['is touched', (file: string) => utimes(file, 1, 1)],
    ['goes away', (file: string) => rm(file)],
  ])('a file that %s while it is read is not taken in', async (_what, change) => {
    const lines = Array.from({ length: 20_000 }, (_, n) => row(`v${n}`));
    const root = await makeFolder([{ path: 'videos.csv', content: csv(HEAD, ...lines) }]);
    const file = join(root, 'videos.csv');
    let changed: Promise<void> | undefined;
    const onProgress = (): void => {
      changed ??= change(file);
    };
    const result = await importFile(ingest, { file, path: 'videos.csv', actor: TESTER, onProgress });
    await changed;
    expect(result).toMatchObject({ status: 'failed', read: 0, error: { code: 'FILE_CHANGED' } });
    expect(await contents(database.owner)).toEqual({});
  });

  test('two spellings of one name are one path: the second file is skipped with a reason', async () => {
    const root = await makeFolder([
      { path: 'videos_é.csv'.normalize('NFC'), content: csv(HEAD, row('a')) },
      { path: 'videos_é.csv'.normalize('NFD'), content: csv(HEAD, row('b')) },
    ]);
    const result = await importFolder(ingest, { root, actor: TESTER });
    expect(result.imports).toHaveLength(1);
    expect(result.skipped).toHaveLength(1);
    const again = await importFolder(ingest, { root, actor: TESTER });
    expect(again.imports.map(({ status }) => status)).toEqual(['unchanged']);
  });
});
