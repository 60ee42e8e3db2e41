/** Excel, Parquet and DuckDB files: typed, exact, streamed, and gone when nobody waits for them. */
import { readFile } from 'node:fs/promises';
import { Writable } from 'node:stream';
import { DuckDBInstance } from '@duckdb/node-api';
import { describe, expect, test } from 'vitest';
import { duckdbFormat } from '../../src/exports/formats/duckdb.ts';
import { parquetFormat } from '../../src/exports/formats/parquet.ts';
import { writeXlsx, xlsxFormat } from '../../src/exports/formats/xlsx.ts';
import { openZip } from '../../src/ingest/read/zip-archive.ts';
import { readAll } from '../support/spooled.ts';
import { columnsOf, type Row, rowsOf, written } from '../support/written-rows.ts';

const FORMATS = [xlsxFormat, parquetFormat, duckdbFormat];

const COLUMNS = columnsOf({
  video_id: 'id',
  title: 'text',
  phase: 'integer',
  size: 'bigint',
  rate: 'float',
  done: 'boolean',
  at: 'dateTime',
  metadata: 'json',
});
const ROWS: readonly Row[] = [
  ['Video_001', '=1+1', '7', '9007199254740993', '0.30000000000000004', 'true', '2025-11-10T00:00:00Z', '{"a": 1.50}'],
  ['Video_002', '', '-2147483648', '-5', '1e-07', 'false', '0001-01-01T00:00:00.678901Z', '[]'],
  ['Video_003', ' _x000D_ \r\n\t\u0001😀 ', '0', '0', '100', 'false', '9999-12-31T23:59:59.999Z', 'null'],
  ['Video_004', '\ufeffmark', null, null, null, null, null, null],
];

describe.each(FORMATS)('$name', (format) => {
  test('gives back what was written, to the last digit', async () => {
    const file = await written(format, COLUMNS, ROWS);
    const records = await readAll(file, { exported: true, table: 'videos' });
    expect(records.map(({ fault }) => fault)).toEqual([undefined, undefined, undefined, undefined]);
    expect(records.map(({ value }) => texts(value))).toEqual(ROWS.map((row) => row.map(plain)));
    const first = format.name === 'xlsx' ? 2 : 1;
    expect(records.map(({ line }) => line)).toEqual([first, first + 1, first + 2, first + 3]);
    expect(JSON.parse(records[0] !== undefined && 'text' in records[0].raw ? records[0].raw.text : '')).toMatchObject({
      video_id: 'Video_001',
      title: '=1+1',
    });
  });

  test('stops the query when whoever waits has left', async () => {
    const rows = rowsOf(COLUMNS, endless());
    const leaving = new Writable({
      write(_chunk, _encoding, done) {
        done(new Error('gone'));
      },
    });
    // DuckDB writes its file first: there it is the signal that says so.
    const { signal } = format.name === 'duckdb' ? { signal: AbortSignal.timeout(50) } : { signal: undefined };
    await expect(format.write(rows, leaving, { name: 'videos', signal })).rejects.toThrow(/gone|stopped/);
    expect(rows.ended).toBe(true);
  });

  test('says INTERRUPTED when it is stopped', async () => {
    const rows = rowsOf(COLUMNS, endless());
    const signal = AbortSignal.timeout(20);
    await expect(format.write(rows, nowhere(), { name: 'videos', signal })).rejects.toMatchObject({
      code: 'INTERRUPTED',
    });
    expect(rows.ended).toBe(true);
  });
});

test('the same rows are the same bytes', async () => {
  for (const format of [xlsxFormat, parquetFormat]) {
    const [one, other] = [await written(format, COLUMNS, ROWS), await written(format, COLUMNS, ROWS)];
    expect((await readFile(one.path)).equals(await readFile(other.path))).toBe(true);
  }
});

test('another reader finds the columns of Parquet and DuckDB files typed', async () => {
  const [parquet, duckdb] = [await written(parquetFormat, COLUMNS, ROWS), await written(duckdbFormat, COLUMNS, ROWS)];
  const instance = await DuckDBInstance.create(duckdb.path, { access_mode: 'READ_ONLY' });
  const connection = await instance.connect();
  const types = async (from: string): Promise<unknown[]> =>
    (await connection.runAndReadAll(`DESCRIBE SELECT * FROM ${from}`)).getRows().map(([, type]) => type);
  const expected = ['VARCHAR', 'VARCHAR', 'INTEGER', 'BIGINT', 'DOUBLE', 'BOOLEAN', 'TIMESTAMP WITH TIME ZONE', 'JSON'];
  expect(await types(`'${parquet.path}'`)).toEqual(expected);
  expect(await types('videos')).toEqual(expected);
  connection.closeSync();
  instance.closeSync();
});

test('a moment that no calendar has is refused in words', async () => {
  const columns = columnsOf({ at: 'dateTime' });
  for (const format of [parquetFormat, duckdbFormat])
    await expect(written(format, columns, [['infinity']])).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
});

describe('workbooks', () => {
  test('a table that one sheet cannot hold goes on in the next', async () => {
    const columns = columnsOf({ video_id: 'id', title: 'text' });
    const rows = Array.from({ length: 7 }, (_, index): Row => [`V${index}`, index === 3 ? 'video_id' : 'T']);
    const short = {
      extension: '.xlsx',
      write: (...[given, out, options]: Parameters<typeof writeXlsx>) => writeXlsx(given, out, options, 4),
    };
    const file = await written(short, columns, rows);
    expect((await readAll(file)).map(({ value }) => texts(value))).toEqual(rows);
    const zip = await openZip(file);
    const names = await zip.text('xl/workbook.xml')[Symbol.asyncIterator]().next();
    zip.close();
    expect([...String(names.value).matchAll(/sheet name="([^"]*)"/g)].map(([, name]) => name)).toEqual([
      'videos',
      'videos (2)',
      'videos (3)',
    ]);
  });

  test('a text longer than a cell goes on behind the last column, and comes back whole', async () => {
    const columns = columnsOf({ video_id: 'id', content: 'text', title: 'text' });
    const long = `${'x'.repeat(32_700)}${'😀'.repeat(40_000)}`;
    const exact = 'y'.repeat(32_767);
    const file = await written(xlsxFormat, columns, [
      ['V1', long, 'after'],
      ['V2', exact, long],
    ]);
    expect((await readAll(file)).map(({ value }) => texts(value))).toEqual([
      ['V1', long, 'after'],
      ['V2', exact, long],
    ]);
    const cells = (await sheetOf(file)).match(/<t[^>]*>[^<]*/g) ?? [];
    expect(Math.max(...cells.map((cell) => cell.replace(/^<t[^>]*>/, '').length))).toBe(32_767);
  });

  test('no text is ever a formula, and none becomes one when its cell is edited', async () => {
    const columns = columnsOf({ title: 'text' });
    const texts = ['=1+1', '+1', '-1', '@a', '\ta', 'a=1', "'=1"];
    const file = await written(
      xlsxFormat,
      columns,
      texts.map((text) => [text]),
    );
    const sheet = await sheetOf(file);
    expect(sheet).not.toContain('<f>');
    expect(
      [...sheet.matchAll(/<c r="A(\d+)" t="inlineStr"( s="3")?>/g)].map(([, row, style]) => [row, style !== undefined]),
    ).toEqual([
      ['2', true],
      ['3', true],
      ['4', true],
      ['5', true],
      ['6', true],
      ['7', false],
      ['8', false],
    ]);
  });
});

/** A value as text, as PostgreSQL would write it. */
function texts(value: unknown): (string | null)[] {
  return Object.values(Object(value)).map((cell) =>
    plain(cell === null ? null : typeof cell === 'object' ? JSON.stringify(cell) : String(cell)),
  );
}

/** Numbers and moments have several spellings; texts have one. */
function plain(text: string | null): string | null {
  if (text === null) return null;
  const moment = /^(\d{4}-\d{2}-\d{2})(?:T(\d{2}:\d{2}:\d{2})(?:\.(\d+?)0*)?Z?)?$/.exec(text);
  if (moment !== null) return `${moment[1]} ${moment[2] ?? '00:00:00'}.${moment[3] ?? '0'}`;
  return /^\d+e-?\d+$/.test(text) ? String(Number(text)) : text;
}

async function sheetOf(file: Awaited<ReturnType<typeof written>>): Promise<string> {
  const zip = await openZip(file);
  let text = '';
  for await (const piece of zip.text('xl/worksheets/sheet1.xml')) text += piece;
  zip.close();
  return text;
}

function* endless(): Generator<Row> {
  for (let number = 0; ; number += 1) yield [`V${number}`, 'x'.repeat(5000), '1', '1', '1', 'true', null, null];
}

function nowhere(): Writable {
  return new Writable({
    write(_chunk, _encoding, done) {
      setImmediate(done);
    },
  });
}
