/**
 * Excel workbooks, streamed: a row is forgotten once it is packed. Texts stand in their cells, not in a shared table, which
 * would have to be held until the end.
 *
 * A cell holds 32,767 characters. A longer text goes on behind the row's last column, in cells that begin with
 * `transcript_content continued: `; the reader of imports joins them again.
 */
import { PassThrough, Readable, type Writable } from 'node:stream';
import { ZipFile } from 'yazl';
import { continuedMark, sheetName } from '../../ingest/read/sheet-name.ts';
import type { ExportColumn, ExportRows, FormatOptions, RowFormat } from '../format.ts';
import { batchesOf, pour, type Row } from './rows.ts';
import { cellXml, columnName, MOST_CHARACTERS, STYLE, textCell } from './xlsx-cell.ts';
import { sheetPart, workbookParts } from './xlsx-parts.ts';

/** A spreadsheet has no more rows; the first is the header. */
const MOST_ROWS = 1_048_576;
const CHUNK_CHARACTERS = 64 * 1024;
/** Archives keep local times: a fixed one gives the same bytes for the same rows, here and elsewhere. */
const PACKED = { mtime: new Date(2000, 0, 1), mode: 0o100644, forceDosTimestamp: true, compressionLevel: 6 };

export const xlsxFormat: RowFormat = {
  name: 'xlsx',
  extension: '.xlsx',
  write: (rows, out, options) => writeXlsx(rows, out, options),
};

/** As the format's `write`; `most` rows to a sheet, its header among them. */
export async function writeXlsx(
  rows: ExportRows,
  out: Writable,
  options: FormatOptions,
  most: number = MOST_ROWS,
): Promise<void> {
  const zip = new ZipFile();
  const packed = new PassThrough();
  const fail = (error: unknown): void => {
    packed.destroy(error instanceof Error ? error : new Error(String(error)));
  };
  zip.on('error', fail);
  zip.outputStream.pipe(packed);
  const source = batchesOf(rows, options);
  const filling: { sheet?: Readable } = {};
  const filled = fillSheets(zip, rows.columns, source, options.name, most, filling).catch(fail);
  try {
    await pour(packed, out, options);
  } finally {
    // A reader that left closes the pipe: what still fills the sheet must hear of it, or the query would wait for ever.
    filling.sheet?.destroy();
    await source.return(undefined);
    await filled;
  }
}

async function fillSheets(
  zip: ZipFile,
  columns: readonly ExportColumn[],
  source: AsyncIterator<readonly Row[]>,
  name: string,
  most: number,
  filling: { sheet?: Readable },
): Promise<void> {
  const sheets: string[] = [];
  const left: LeftRows = { source, batch: [], at: 0, isDone: false };
  do {
    const index = sheets.length;
    sheets.push(sheetName(name, index));
    const sheet = Readable.from(sheetXml(columns, left, most), { objectMode: false, highWaterMark: CHUNK_CHARACTERS });
    filling.sheet = sheet;
    zip.addReadStream(sheet, sheetPart(index), PACKED);
    await new Promise<void>((resolve, reject) => {
      sheet.once('error', reject).once('close', () => {
        if (sheet.readableEnded) resolve();
        // Of what is left of its rows another sheet would be begun, which nobody reads: it would never end.
        else reject(new Error('Nobody reads the rows of this sheet any more'));
      });
    });
  } while (!(await isEmpty(left)));
  for (const [part, xml] of Object.entries(workbookParts(sheets))) zip.addBuffer(Buffer.from(xml), part, PACKED);
  zip.end();
}

/** Rows that no sheet has taken yet. */
interface LeftRows {
  readonly source: AsyncIterator<readonly Row[]>;
  batch: readonly Row[];
  at: number;
  isDone: boolean;
}

async function isEmpty(left: LeftRows): Promise<boolean> {
  while (!left.isDone && left.at >= left.batch.length) {
    const next = await left.source.next();
    left.isDone = next.done === true;
    left.batch = next.done === true ? [] : next.value;
    left.at = 0;
  }
  return left.isDone;
}

const WIDTHS: Readonly<Partial<Record<ExportColumn['kind'], number>>> = {
  boolean: 8,
  integer: 12,
  bigint: 16,
  float: 12,
  dateTime: 20,
  json: 40,
};
const TEXT_WIDTH = 28;

async function* sheetXml(columns: readonly ExportColumn[], left: LeftRows, most: number): AsyncGenerator<Buffer> {
  const names = columns.map((_, index) => columnName(index));
  const widths = columns.map(
    ({ kind }, index) =>
      `<col min="${index + 1}" max="${index + 1}" width="${WIDTHS[kind] ?? TEXT_WIDTH}" customWidth="1"/>`,
  );
  const header = columns.map(({ name }, index) => textCell(`${names[index]}1`, name, STYLE.header));
  let text =
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">' +
    '<sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>' +
    `${widths.length === 0 ? '' : `<cols>${widths.join('')}</cols>`}<sheetData><row r="1">${header.join('')}</row>`;
  for (let number = 2; number <= most && !(await isEmpty(left)); number += 1) {
    const row = left.batch[left.at] ?? [];
    left.at += 1;
    text += rowXml(columns, names, row, number);
    if (text.length < CHUNK_CHARACTERS) continue;
    yield Buffer.from(text);
    text = '';
  }
  yield Buffer.from(`${text}</sheetData></worksheet>`);
}

function rowXml(columns: readonly ExportColumn[], names: readonly string[], row: Row, number: number): string {
  let xml = `<row r="${number}">`;
  let beyond = '';
  let next = columns.length;
  for (let index = 0; index < columns.length; index += 1) {
    const column = columns[index];
    const value = row[index] ?? null;
    if (column === undefined) continue;
    if (value === null || value.length <= MOST_CHARACTERS) {
      xml += cellXml(`${names[index]}${number}`, column.kind, value);
      continue;
    }
    const mark = continuedMark(column.name);
    const [first = '', ...others] = pieces(value, MOST_CHARACTERS - mark.length);
    xml += textCell(`${names[index]}${number}`, first);
    for (const piece of others) {
      beyond += textCell(`${columnName(next)}${number}`, mark + piece, 0);
      next += 1;
    }
  }
  return `${xml}${beyond}</row>`;
}

/** The text cut into pieces of at most `most` units, none between the halves of a character. */
function pieces(text: string, most: number): string[] {
  const cut: string[] = [];
  for (let at = 0; at < text.length; ) {
    let end = Math.min(at + most, text.length);
    if (end < text.length && /[\ud800-\udbff]/.test(text.charAt(end - 1))) end -= 1;
    cut.push(text.slice(at, end));
    at = end;
  }
  return cut;
}
