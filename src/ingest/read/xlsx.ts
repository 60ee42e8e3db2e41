/** Workbooks: one sheet is a table, its first row that holds anything the header. */
import { AppError } from '../../kernel/errors.ts';
import type { JsonValue } from '../../kernel/json.ts';
import { textFault } from '../../kernel/text-fault.ts';
import type { RawRecord } from '../dataset.ts';
import { BATCH_RECORDS, type Reader, type ReadOptions } from './reader.ts';
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
    const handler = sheetRows(workbook, (row) => rows.push(row));
    for await (const _ of parsePieces(file, zip, partOf(file, workbook, options.sheet), handler)) {
      for (const row of rows.splice(0)) {
        if (toRecord === undefined) toRecord = recordBuilder(file, row);
        else batch.push(toRecord(row));
      }
      if (batch.length < BATCH_RECORDS) continue;
      yield batch;
      batch = [];
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

function partOf(file: SpooledFile, workbook: Workbook, sheet: string | undefined): string {
  const [first] = workbook.sheets.values();
  const part = sheet === undefined ? first : workbook.sheets.get(sheet);
  if (part !== undefined) return part;
  const names = [...workbook.sheets.keys()].map((name) => `“${name}”`).join(', ');
  throw new AppError(
    'FILE_MALFORMED',
    `${file.facts.path} has no sheet ${sheet === undefined ? '' : `“${sheet}” `}to read.`,
    {
      hint: `It has ${names === '' ? 'none' : names}. Rename the sheet, or name another one in the dataset.`,
    },
  );
}

function recordBuilder(file: SpooledFile, header: SheetRow): (row: SheetRow) => RawRecord {
  const width = Math.max(...header.cells.keys()) + 1;
  const names = Array.from({ length: width }, (_, column) => String(header.cells.get(column) ?? '').trim());
  checkColumns(file, names, header.fault);
  const build = rowBuilder(names);
  return (row) => {
    const cells: JsonValue[] = names.map((_, column) => row.cells.get(column) ?? null);
    const beyond = [...row.cells.keys()].find((column) => column >= width);
    const unstorable = cells.map((cell) => (typeof cell === 'string' ? textFault(cell) : undefined)).find(Boolean);
    const fault = row.fault ?? (beyond === undefined ? unstorable : `Column ${beyond + 1} has a value but no name.`);
    const raw = { text: JSON.stringify(beyond === undefined ? build(cells) : [...row.cells.values()]) };
    if (fault !== undefined) return { line: row.number, value: null, raw, fault };
    return { line: row.number, value: build(cells), raw };
  };
}
