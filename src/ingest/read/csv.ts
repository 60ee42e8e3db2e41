/** CSV of any dialect, a batch of records at a time. */
import { AppError } from '../../kernel/errors.ts';
import type { MutableJsonObject } from '../../kernel/json.ts';
import type { RawRecord } from '../dataset.ts';
import { detectDialect } from './csv-dialect.ts';
import { type CsvDialect, type CsvScratch, csvScratch, scanRecord } from './csv-scan.ts';
import { BATCH_CHARACTERS, BATCH_RECORDS, type Reader, type ReadOptions } from './reader.ts';
import type { SpooledFile } from './source.ts';
import { readWindows } from './text.ts';
import { textFault } from './text-fault.ts';

/** PostgreSQL takes 1600 columns at most, people a few dozen: beyond this the file is no table of records. */
const MAX_COLUMNS = 512;

export const csvReader: Reader = { format: 'csv', isText: true, read: readCsv };

async function* readCsv(file: SpooledFile, options: ReadOptions): AsyncGenerator<readonly RawRecord[]> {
  // A line end is ASCII: one character of it takes as many bytes as any other.
  const width = options.encoding.startsWith('utf-16') ? 2 : 1;
  let dialect: CsvDialect | undefined;
  let row: RowBuilder | undefined;
  let line = 1;
  let batch: RawRecord[] = [];
  let batchCharacters = 0;

  for await (const window of readWindows(file, options.encoding, options.onBytes)) {
    const { text } = window;
    const scratch = csvScratch();
    const isSuspect = textFault(text) !== undefined;
    let at = 0;
    let offset = window.offset;
    if (dialect === undefined) {
      const found = detectDialect(text, window.isLast);
      if (found === undefined) {
        window.keepFrom(0);
        continue;
      }
      dialect = found.dialect;
      offset += found.skip * width;
      line += found.skip > 0 ? 1 : 0;
      at = found.skip;
    }
    while (at < text.length && scanRecord(text, at, dialect, window.isLast, scratch)) {
      const length = window.bytes(at, scratch.contentEnd);
      if (row === undefined && !scratch.isBlank) row = rowBuilder(headerOf(file, scratch));
      else if (row !== undefined && !scratch.isBlank) {
        const unstorable = isSuspect ? textFault(text.slice(at, scratch.contentEnd)) : undefined;
        const fault = scratch.fault ?? row.fault(scratch.cells) ?? unstorable;
        const raw = { offset, length };
        batch.push(
          fault === undefined ? { line, value: row.build(scratch.cells), raw } : { line, value: null, raw, fault },
        );
        batchCharacters += scratch.end - at;
        if (batch.length >= BATCH_RECORDS || batchCharacters >= BATCH_CHARACTERS) {
          yield batch;
          batch = [];
          batchCharacters = 0;
        }
      }
      offset += length + (scratch.end - scratch.contentEnd) * width;
      line += scratch.lines;
      at = scratch.end;
    }
    window.keepFrom(at);
  }
  if (row === undefined) {
    const hint = 'A table needs a header line.';
    throw new AppError('FILE_EMPTY', `${file.facts.path} holds only blank lines.`, { hint });
  }
  if (batch.length > 0) yield batch;
}

/** The column names, or HEADER_INVALID before any record is yielded. */
function headerOf(file: SpooledFile, { cells, fault }: CsvScratch): readonly string[] {
  const names = cells.map((cell) => cell.trim());
  const refuse = (reason: string, hint: string) =>
    new AppError('HEADER_INVALID', `The header of ${file.facts.path} ${reason}.`, { hint });
  if (fault !== undefined || textFault(cells.join('\n')) !== undefined) {
    throw refuse('cannot be read', fault ?? 'It holds a NUL or half a character.');
  }
  if (names.length > MAX_COLUMNS) {
    throw refuse(`has ${names.length} columns; ${MAX_COLUMNS} are the most`, 'Check the delimiter and the line ends.');
  }
  const empty = names.indexOf('');
  if (empty >= 0) throw refuse(`names no column ${empty + 1}`, 'Give every column a name, or remove the column.');
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw refuse(`names the column “${twice}” twice`, 'Rename or remove one of the two.');
  return names;
}

interface RowBuilder {
  /** Why these cells are no row of this table. */
  fault(cells: readonly string[]): string | undefined;
  build(cells: readonly string[]): MutableJsonObject;
}

function rowBuilder(names: readonly string[]): RowBuilder {
  // An object made by a constructor keeps the engine's fast shape, which one from Object.create(null) never gets; its
  // prototype is empty and has none itself, so that `__proto__` is a column like any other.
  function Row(): void {}
  Row.prototype = Object.create(null);
  const create = (): MutableJsonObject => Reflect.construct(Row, []);
  return {
    fault(cells) {
      if (cells.length === names.length) return undefined;
      return `The record has ${cells.length} cells; the header has ${names.length} columns.`;
    },
    build(cells) {
      const row = create();
      for (let i = 0; i < names.length; i += 1) row[names[i] ?? ''] = cells[i] ?? '';
      return row;
    },
  };
}
