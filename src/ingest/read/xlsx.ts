/** Workbooks: one sheet is a table, its first row that holds anything the header. */
import { AppError } from '../../kernel/errors.ts';
import type { JsonValue } from '../../kernel/json.ts';
import { textFault } from '../../kernel/text-fault.ts';
import type { RawRecord } from '../dataset.ts';
import { BATCH_RECORDS, type Reader, type ReadOptions } from './reader.ts';
import { continuedMark, sheetName } from './sheet-name.ts';
import { type SheetRow, sheetRows } from './sheet-rows.ts';
import type { SpooledFile } from './source.ts';
import { checkColumns, rowBuilder } from './table.ts';
import { parsePieces, readWorkbook, type Workbook } from './workbook.ts';
import { openZip } from './zip-archive.ts';

export const xlsxReader: Reader = { format: 'xlsx', isText: false, read: readXlsx };

async function* readXlsx(file: SpooledFile, options: ReadOptions): AsyncGenerator<readonly RawRecord[]> {
  if (file.size === 0)
    throw new AppError('FILE_EMPTY', `${file.facts.path} is empty.`, { hint: 'Nothing was taken from it.' });
  const zip = await openZip(file);
  try {
    const workbook = await readWorkbook(file, zip);
    const rows: SheetRow[] = [];
    let toRecord: ((row: SheetRow) => RawRecord) | undefined;
    let batch: RawRecord[] = [];
    let header: readonly string[] | undefined;
    for (const part of partsOf(file, workbook, options.sheet)) {
      const handler = sheetRows(workbook, (row) => rows.push(row), options.exported);
      let isHead = true;
      for await (const _ of parsePieces(file, zip, part, handler)) {
        for (const row of rows.splice(0)) {
          if (toRecord === undefined) {
            header = namesIn(row);
            toRecord = recordBuilder(file, header, row.fault);
          } else if (!isHead || namesIn(row).join('\n') !== header?.join('\n')) batch.push(toRecord(row));
          isHead = false;
        }
        if (batch.length < BATCH_RECORDS) continue;
        yield batch;
        batch = [];
      }
    }
    if (toRecord === undefined) {
      const hint = 'A table needs a header row.';
      throw new AppError('FILE_EMPTY', `The sheet of ${file.facts.path} holds nothing.`, { hint });
    }
    options.onBytes?.(file.size);
    if (batch.length > 0) yield batch;
  } finally {
    zip.close();
  }
}

/** The sheet, and those that go on with its table where one could not hold it. */
function* partsOf(file: SpooledFile, workbook: Workbook, sheet: string | undefined): Generator<string> {
  const name = sheet ?? [...workbook.sheets.keys()][0] ?? '';
  const part = workbook.sheets.get(name);
  if (part === undefined) throw noSheet(file, workbook, sheet);
  for (let index = 0, next: string | undefined = part; next !== undefined; ) {
    yield next;
    index += 1;
    next = workbook.sheets.get(sheetName(name, index));
  }
}

function noSheet(file: SpooledFile, workbook: Workbook, sheet: string | undefined): AppError {
  const names = [...workbook.sheets.keys()].map((name) => `“${name}”`).join(', ');
  const named = sheet === undefined ? '' : `“${sheet}” `;
  return new AppError('FILE_MALFORMED', `${file.facts.path} has no sheet ${named}to read.`, {
    hint: `It has ${names === '' ? 'none' : names}. Rename the sheet, or name another one in the dataset.`,
  });
}

function namesIn({ cells }: SheetRow): readonly string[] {
  const width = Math.max(...cells.keys()) + 1;
  return Array.from({ length: width }, (_, column) => String(cells.get(column) ?? '').trim());
}

function recordBuilder(
  file: SpooledFile,
  names: readonly string[],
  headerFault: string | undefined,
): (row: SheetRow) => RawRecord {
  checkColumns(file, names, headerFault);
  const width = names.length;
  const build = rowBuilder(names);
  return (row) => {
    const cells: JsonValue[] = names.map((_, column) => row.cells.get(column) ?? null);
    const beyond = [...row.cells.keys()].find((column) => column >= width && !isContinued(names, cells, row, column));
    const unstorable = cells.map((cell) => (typeof cell === 'string' ? textFault(cell) : undefined)).find(Boolean);
    const fault = row.fault ?? (beyond === undefined ? unstorable : `Column ${beyond + 1} has a value but no name.`);
    const raw = { text: JSON.stringify(beyond === undefined ? build(cells) : [...row.cells.values()]) };
    if (fault !== undefined) return { line: row.number, value: null, raw, fault };
    return { line: row.number, value: build(cells), raw };
  };
}

/** A text too long for one cell goes on behind the last column: joins the cell's text to its column's, if it is such. */
function isContinued(names: readonly string[], cells: JsonValue[], row: SheetRow, column: number): boolean {
  const text = row.cells.get(column);
  if (typeof text !== 'string') return false;
  const index = names.findIndex((name) => text.startsWith(continuedMark(name)));
  const first = cells[index];
  if (typeof first !== 'string') return false;
  cells[index] = first + text.slice(continuedMark(names[index] ?? '').length);
  return true;
}
