/** CSV of any dialect, a batch of records at a time. */
import { AppError } from '../../kernel/errors.ts';
import { unescapeFormula } from '../../kernel/formula-cell.ts';
import type { JsonValue } from '../../kernel/json.ts';
import { textFault } from '../../kernel/text-fault.ts';
import type { RawRecord } from '../dataset.ts';
import { detectDialect } from './csv-dialect.ts';
import { type CsvDialect, type CsvScratch, csvScratch, scanRecord } from './csv-scan.ts';
import { BATCH_CHARACTERS, BATCH_RECORDS, type Reader, type ReadOptions } from './reader.ts';
import type { SpooledFile } from './source.ts';
import { checkColumns, rowBuilder } from './table.ts';
import { readWindows } from './text.ts';

export const csvReader: Reader = { format: 'csv', isText: true, read: readCsv };

async function* readCsv(file: SpooledFile, options: ReadOptions): AsyncGenerator<readonly RawRecord[]> {
  // A line end is ASCII: one character of it takes as many bytes as any other.
  const width = options.encoding.startsWith('utf-16') ? 2 : 1;
  let dialect: CsvDialect | undefined;
  let names: readonly string[] | undefined;
  let build = rowBuilder([]);
  const cellsOf = options.exported === true ? exportedCells : ({ cells }: CsvScratch) => cells;
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
      if (names === undefined && !scratch.isBlank) {
        names = headerOf(file, scratch);
        build = rowBuilder(names);
      } else if (names !== undefined && !scratch.isBlank) {
        const unstorable = isSuspect ? textFault(text.slice(at, scratch.contentEnd)) : undefined;
        const fault = scratch.fault ?? raggedness(scratch.cells, names) ?? unstorable;
        const raw = { offset, length };
        batch.push(
          fault === undefined ? { line, value: build(cellsOf(scratch)), raw } : { line, value: null, raw, fault },
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
  if (names === undefined) {
    const hint = 'A table needs a header line.';
    throw new AppError('FILE_EMPTY', `${file.facts.path} holds only blank lines.`, { hint });
  }
  if (batch.length > 0) yield batch;
}

/** The column names, or HEADER_INVALID before any record is yielded. */
function headerOf(file: SpooledFile, { cells, fault }: CsvScratch): readonly string[] {
  const names = cells.map((cell) => cell.trim());
  checkColumns(file, names, fault);
  return names;
}

/** Cells as an export means them: nothing is no empty text, and an escaped text is what was escaped. */
function exportedCells({ cells, emptyTexts }: CsvScratch): JsonValue[] {
  return cells.map((cell, index) => {
    if (cell === '') return emptyTexts?.includes(index) === true ? '' : null;
    return cell.startsWith("'") ? unescapeFormula(cell) : cell;
  });
}

function raggedness(cells: readonly string[], names: readonly string[]): string | undefined {
  if (cells.length === names.length) return undefined;
  return `The record has ${cells.length} cells; the header has ${names.length} columns.`;
}
