import { describe, expect, test } from 'vitest';
import { customFormat, numberInFormat } from '../../../src/ingest/read/workbook-value.ts';
import { originals, readAll, spooled } from '../../support/spooled.ts';
import { textRow, type WorkbookParts, workbookParts, zipOf } from '../../support/workbook.ts';

const workbook = (parts: WorkbookParts) => spooled('a.xlsx', zipOf(workbookParts(parts)));

test('cells are typed: texts, numbers, dates, times, booleans and what formulas gave', async () => {
  const file = await workbook({
    texts: ['<si><r><t>Rich </t></r><r><t>text &amp; _x263A_</t></r><rPh><t>no</t></rPh></si>'],
    formats: ['yyyy\\-mm\\-dd', '[h]:mm:ss', '0.00 &quot;days&quot;'],
    sheets: {
      Data: [
        '<row r="2"/>',
        textRow(3, 'text', 'day', 'moment', 'time', 'number', 'flag', 'formula'),
        '<row r="5"><c r="A5" t="s"><v>0</v></c><c r="B5" s="1"><v>45973</v></c><c r="C5" s="4"><v>45973.75</v></c><c r="D5" s="2"><v>1.5</v></c>',
        '<c r="E5" s="3"><v>2.5</v></c><c r="F5" t="b"><v>1</v></c><c r="G5" t="str"><f>A5</f><v>x</v></c></row>',
        '<row><c r="E6"><v>12345678901234567</v></c><c r="G6" t="d"><v>2025-11-12</v></c></row>',
        '<row r="9"><c r="A9" s="1"/></row>',
      ].join(''),
    },
  });
  const empty = { text: null, day: null, moment: null, time: null, number: null, flag: null, formula: null };
  const records = await readAll(file);
  expect(records.map(({ line, value }) => [line, value])).toEqual([
    [
      5,
      {
        text: 'Rich text & ☺',
        day: '2025-11-12',
        moment: '2025-11-12T18:00:00',
        time: '36:00:00',
        number: 2.5,
        flag: true,
        formula: 'x',
      },
    ],
    [6, { ...empty, number: '12345678901234567', formula: '2025-11-12' }],
  ]);
  expect(JSON.parse((await originals(file, records))[1] ?? '')).toMatchObject({ formula: '2025-11-12' });
});

test('a dataset names its sheet, and is told the names where it is not there', async () => {
  const file = await workbook({
    sheets: { One: textRow(1, 'a') + textRow(2, '1'), Two: textRow(1, 'b') + textRow(2, '2') },
  });
  expect((await readAll(file)).map(({ value }) => value)).toEqual([{ a: '1' }]);
  expect((await readAll(file, { sheet: 'Two' })).map(({ value }) => value)).toEqual([{ b: '2' }]);
  await expect(readAll(file, { sheet: 'Three' })).rejects.toMatchObject({
    code: 'FILE_MALFORMED',
    hint: expect.stringContaining('“One”, “Two”'),
  });
});

test('a sheet of many rows comes in batches, in order, each row once', async () => {
  const rows = Array.from({ length: 20_000 }, (_, index) => `<row r="${index + 2}"><c><v>${index}</v></c></row>`);
  const file = await workbook({ sheets: { One: textRow(1, 'n') + rows.join('') } });
  const records = await readAll(file);
  expect(records.map(({ value }) => value)).toEqual(rows.map((_, index) => ({ n: index })));
  expect(records.at(-1)?.line).toBe(20_001);
});

test('a bad row is a fault, and the rest goes in', async () => {
  const file = await workbook({
    sheets: {
      One: [
        textRow(1, 'a', 'b'),
        '<row r="2"><c r="A2" t="e"><v>#DIV/0!</v></c></row>',
        '<row r="3"><c r="XFD3"><v>1</v></c></row>',
        textRow(4, 'x_x0000_', 'y'),
        textRow(5, '1', '2'),
      ].join(''),
    },
  });
  const records = await readAll(file);
  expect(records.map(({ value, fault }) => fault ?? value)).toEqual([
    expect.stringContaining('A2 holds the error #DIV/0!'),
    expect.stringContaining('Column 16384'),
    expect.stringContaining('NUL'),
    { a: '1', b: '2' },
  ]);
  expect((await originals(file, records))[0]).toContain('#DIV/0!');
});

describe('what is no workbook, or too much of one, is refused', () => {
  const good = workbookParts({ sheets: { One: textRow(1, 'a') + textRow(2, '1') } });
  const sheet = 'xl/worksheets/sheet1.xml';
  test.each([
    ['no bytes', Buffer.alloc(0), 'FILE_EMPTY'],
    ['no archive', Buffer.from('a,b\n1,2\n'), 'FILE_MALFORMED'],
    ['an archive cut short', zipOf(good).subarray(0, 600), 'FILE_MALFORMED'],
    ['an archive of something else', zipOf({ 'readme.txt': 'x' }), 'FILE_MALFORMED'],
    ['an empty sheet', zipOf({ ...good, [sheet]: '<worksheet><sheetData/></worksheet>' }), 'FILE_EMPTY'],
    ['broken XML', zipOf({ ...good, [sheet]: `${good[sheet]?.slice(0, -20)}` }), 'FILE_MALFORMED'],
    ['a document type', zipOf({ ...good, [sheet]: `<!DOCTYPE x [<!ENTITY a "b">]>${good[sheet]}` }), 'FILE_MALFORMED'],
    ['a bomb', zipOf({ ...good, 'xl/x.xml': ' '.repeat(20_000_000) }), 'FILE_TOO_LARGE'],
    ['a bomb that lies', zipOf({ ...good, [sheet]: ' '.repeat(20_000_000) }, { [sheet]: 1000 }), 'FILE_MALFORMED'],
    ['300 MB of shared texts', zipOf(good, { 'xl/sharedStrings.xml': 300 * 1024 * 1024 }), 'FILE_TOO_LARGE'],
    ['a column named twice', zipOf(workbookParts({ sheets: { One: textRow(1, 'a', 'a') } })), 'HEADER_INVALID'],
    ['a column without a name', zipOf(workbookParts({ sheets: { One: textRow(1, 'a', '', 'c') } })), 'HEADER_INVALID'],
  ])('%s', async (_name, bytes, code) => {
    await expect(readAll(await spooled('a.xlsx', bytes))).rejects.toMatchObject({ code, kind: 'data' });
  });
});

test.each([
  ['yyyy-mm-dd', 'date'],
  ['d mmm', 'date'],
  ['mmmm', 'date'],
  ['[h]:mm', 'time'],
  ['mm:ss', 'time'],
  ['0.00', 'number'],
  ['#,##0 "days"', 'number'],
  ['[Red]0', 'number'],
  ['General', 'number'],
])('the format %s is a %s', (code, format) => {
  expect(customFormat(code)).toBe(format);
});

test.each([
  ['1', false, '1900-01-01'],
  ['61', false, '1900-03-01'],
  ['0', true, '0:00:00'],
  ['44511', true, '2025-11-12'],
  ['45973.5000001', false, '2025-11-12T12:00:00.009'],
  ['99999999', false, 99999999],
  ['-1', false, -1],
])('day %s (1904: %s) is %s', (serial, is1904, expected) => {
  expect(numberInFormat(serial, 'date', is1904)).toBe(expected);
});
