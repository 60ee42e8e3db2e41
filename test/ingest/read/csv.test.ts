import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readSpan } from '../../../src/ingest/read/source.ts';
import { rowBuilder } from '../../../src/ingest/read/table.ts';
import { originals, readAll, spooled } from '../../support/spooled.ts';

const values = async (content: string | Uint8Array, name = 'a.csv') =>
  (await readAll(await spooled(name, content))).map(({ value, fault }) => fault ?? value);

describe('a CSV file of any dialect gives its cells', () => {
  test.each([
    ['LF', 'a,b\n1,2\n3,4\n'],
    ['CR LF', 'a,b\r\n1,2\r\n3,4\r\n'],
    ['CR', 'a,b\r1,2\r3,4\r'],
    ['mixed line ends', 'a,b\r\n1,2\n3,4'],
    ['no line end at the end', 'a,b\n1,2\n3,4'],
    ['blank lines', '\n\na,b\n1,2\n\n3,4\n\n\n'],
    ['rows of empty cells, as spreadsheets write them', ',,\na,b\n1,2\n,\n3,4\n,\n,\n'],
    ['semicolons', 'a;b\n1;2\n3;4\n'],
    ['tabs', 'a\tb\n1\t2\n3\t4\n'],
    ['bars', 'a|b\n1|2\n3|4\n'],
    ['a declared delimiter', 'sep=;\na;b\n1;2\n3;4\n'],
    ['all quoted', '"a","b"\r\n"1","2"\r\n"3","4"\r\n\r\n'],
  ])('%s', async (_name, content) => {
    expect(await values(content)).toEqual([
      { a: '1', b: '2' },
      { a: '3', b: '4' },
    ]);
  });

  test('quotes, delimiters and line ends inside cells are theirs', async () => {
    const content = 'a,b\n"x ""y"" z","1,2"\n"two\nlines",5" wide\n';
    expect(await values(content)).toEqual([
      { a: 'x "y" z', b: '1,2' },
      { a: 'two\nlines', b: '5" wide' },
    ]);
  });

  test('the delimiter is the one that the header agrees with its records on', async () => {
    expect(await values('title;n\none, two;1\nthree, four;2\n')).toEqual([
      { title: 'one, two', n: '1' },
      { title: 'three, four', n: '2' },
    ]);
  });

  test('a header and nothing else is no record', async () => {
    expect(await values('a,b\n')).toEqual([]);
  });

  test('a column called __proto__ or constructor is a column', async () => {
    const [record] = await readAll(await spooled('a.csv', '__proto__,constructor\nx,y\n'));
    expect(Object.entries(record?.value ?? {})).toEqual([
      ['__proto__', 'x'],
      ['constructor', 'y'],
    ]);
    expect(Object.hasOwn({}, 'x')).toBe(false);
  });
});

describe('a bad record is a fault at its line, and the rest goes in', () => {
  test.each([
    ['too few cells', 'a,b\n1,2\n3\n5,6\n', /1 cells; the header has 2/],
    ['too many cells', 'a,b\n1,2\n3,4,5\n5,6\n', /3 cells/],
    ['text behind a quote', 'a,b\n1,2\n"3"x,4\n5,6\n', /behind its closing quote/],
    ['a NUL', 'a,b\n1,2\n3,\0\n5,6\n', /NUL/],
  ])('%s', async (_name, content, fault) => {
    const file = await spooled('a.csv', content);
    const records = await readAll(file);
    expect(records.map(({ line }) => line)).toEqual([2, 3, 4]);
    expect(records[1]).toMatchObject({ value: null, fault: expect.stringMatching(fault) });
    expect(records[2]?.value).toEqual({ a: '5', b: '6' });
    expect(await originals(file, records)).toEqual(content.trimEnd().split('\n').slice(1));
  });

  test('a quote that is never closed takes the rest with it, whole, and what stands before goes in', async () => {
    const file = await spooled('a.csv', 'a,b\n1,2\n3,"open\n5,6\n');
    const records = await readAll(file);
    expect(records).toMatchObject([{ line: 2 }, { line: 3, fault: expect.stringContaining('never closed') }]);
    expect(await originals(file, records.slice(1))).toEqual(['3,"open\n5,6\n']);
  });

  test('a line number counts the lines inside cells', async () => {
    const records = await readAll(await spooled('a.csv', 'a\n"1\n2\n3"\n4\n'));
    expect(records.map(({ line }) => line)).toEqual([2, 5]);
  });

  test('half a surrogate pair in UTF-16 is a fault', async () => {
    const content = Buffer.from('\ufeffa\nx\ud800y\nz\n', 'utf16le');
    expect(await values(content)).toEqual([expect.stringContaining('surrogate'), { a: 'z' }]);
  });
});

describe('a file that is no table is refused before anything is taken', () => {
  test.each([
    ['no bytes', '', 'FILE_EMPTY'],
    ['blank lines only', '\n\r\n\n', 'FILE_EMPTY'],
    ['a column named twice', 'a,b,a\n1,2,3\n', 'HEADER_INVALID'],
    ['a column without a name', 'a,,c\n1,2,3\n', 'HEADER_INVALID'],
    ['100,000 columns', `${Array.from({ length: 100_000 }, (_, i) => `c${i}`).join(',')}\n`, 'HEADER_INVALID'],
    ['a NUL in the header', 'a\0,b\n1,2\n', 'HEADER_INVALID'],
    ['an open quote in the header', 'a,"b\n1,2\n', 'HEADER_INVALID'],
  ])('%s', async (_name, content, code) => {
    await expect(values(content)).rejects.toMatchObject({ code, kind: 'data', hint: expect.any(String) });
  });

  test('a file that is not there, and one that shrank since it was hashed', async () => {
    const file = await spooled('a.csv', 'a\n1\n');
    await expect(readAll({ ...file, path: `${file.path}x` })).rejects.toMatchObject({ code: 'FILE_MISSING' });
    await expect(readAll({ ...file, path: '/' })).rejects.toMatchObject({ code: 'FILE_UNREADABLE' });
    await expect(readAll({ ...file, size: 100 })).rejects.toMatchObject({ code: 'FILE_CHANGED' });
    await expect(readAll({ ...file, size: 2 })).rejects.toMatchObject({ code: 'FILE_CHANGED' });
    await expect(readSpan(file, { offset: 0, length: 100 })).rejects.toMatchObject({ code: 'FILE_CHANGED' });
  });
});

test('a cell of 20 MB is read whole; a record of more than 64 MB stops the file', { timeout: 60_000 }, async () => {
  const long = 'x'.repeat(20 * 1024 * 1024);
  expect(await values(`a,b\n1,"${long}"\n2,3\n`)).toEqual([
    { a: '1', b: long },
    { a: '2', b: '3' },
  ]);
  const endless = Buffer.concat([Buffer.from('a\n"'), Buffer.alloc(66 * 1024 * 1024, 'line of text\n')]);
  await expect(values(endless)).rejects.toMatchObject({ code: 'FILE_TOO_LARGE' });
});

test('batches stay small however many records a file has', async () => {
  const { csvReader } = await import('../../../src/ingest/read/csv.ts');
  const rows = Array.from({ length: 20_000 }, (_, i) => `${i},name ${i}`);
  const file = await spooled('a.csv', `n,name\n${rows.join('\n')}\n`);
  let count = 0;
  let bytes = 0;
  const onBytes = (more: number) => {
    bytes += more;
  };
  for await (const batch of csvReader.read(file, { encoding: 'utf-8', onBytes })) {
    expect(batch.length).toBeLessThanOrEqual(500);
    for (const { value, line } of batch) {
      expect(value).toEqual({ n: String(count), name: `name ${count}` });
      expect(line).toBe(count + 2);
      count += 1;
    }
  }
  expect([count, bytes]).toEqual([20_000, file.size]);
});

const DIALECTS = { comma: ',', semicolon: ';', tab: '\t', bar: '|' } as const;
const ENDS = ['\n', '\r\n', '\r'] as const;
const ENCODINGS = ['utf-8', 'utf-16le', 'utf-16be', 'windows-1252'] as const;

/** Bytes of a text with a mark where the encoding has one, so that detection is not what is tried here. */
function encoded(text: string, encoding: (typeof ENCODINGS)[number]): Buffer {
  if (encoding === 'utf-8') return Buffer.from(text);
  if (encoding === 'windows-1252') return Buffer.from(text, 'latin1');
  const bytes = Buffer.from(`\ufeff${text}`, 'utf16le');
  return encoding === 'utf-16le' ? bytes : bytes.swap16();
}

test('what any writer wrote is what the reader gives, and each span is the record’s own bytes', async () => {
  const latin = fc.string({ unit: fc.constantFrom(...'aZ0 ,;|\t"\n\r\'éÿß') });
  const any = fc.oneof(
    latin,
    fc.string({ unit: 'grapheme' }).map((text) => text.replaceAll('\0', '').toWellFormed()),
  );
  const table = (cell: fc.Arbitrary<string>) =>
    fc
      .integer({ min: 2, max: 5 })
      .chain((width) =>
        fc.array(fc.array(cell, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 30 }),
      );
  const scenario = fc.constantFrom(...ENCODINGS).chain((encoding) =>
    fc.record({
      encoding: fc.constant(encoding),
      rows: table(encoding === 'windows-1252' ? latin : any),
      delimiter: fc.constantFrom(...Object.values(DIALECTS)),
      end: fc.constantFrom(...ENDS),
      isQuoted: fc.boolean(),
    }),
  );
  await fc.assert(
    fc.asyncProperty(scenario, async ({ encoding, rows, delimiter, end, isQuoted }) => {
      const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
      const cell = (text: string) => (isQuoted || /[",;|\t\r\n]/.test(text) ? quoted(text) : text);
      const header = (rows[0] ?? []).map((_, index) => `column ${index}`);
      const lines = rows.map((row) => row.map(row.some((text) => text !== '') ? cell : quoted).join(delimiter));
      const file = await spooled('p.csv', encoded([header.join(delimiter), ...lines].join(end) + end, encoding));
      const records = await readAll(file, { encoding });
      expect(records.map(({ value }) => Object.values(value ?? {}))).toEqual(rows);
      for (const [index, { raw }] of records.entries()) {
        const bytes = await readSpan(file, raw);
        const mark = encoding.startsWith('utf-16') ? 2 : 0;
        expect(bytes.equals(encoded(lines[index] ?? '', encoding).subarray(mark))).toBe(true);
      }
    }),
    { numRuns: 150 },
  );
});

test('files of one header share what builds their rows; of a long one nothing is kept', () => {
  const build = rowBuilder(['a', 'b']);
  expect(build(['1', '2'])).toEqual({ a: '1', b: '2' });
  expect(rowBuilder(['a', 'b'])).toBe(build);
  for (const others of [['b', 'a'], ['A', 'b'], ['a'], []]) expect(rowBuilder(others)).not.toBe(build);
  const long = ['a', 'b'.repeat(100_000)];
  expect(rowBuilder(long)).not.toBe(rowBuilder(long));
});
