/** The rows of one sheet, as its XML streams by. */
import type { JsonValue } from '../../kernel/json.ts';
import type { Workbook } from './workbook.ts';
import { columnOf, numberInFormat, unescapeText } from './workbook-value.ts';
import type { XmlHandler } from './xml.ts';

export interface SheetRow {
  /** 1-based, as the spreadsheet program numbers it. */
  readonly number: number;
  /** Cells that hold something, by 0-based column. */
  readonly cells: ReadonlyMap<number, JsonValue>;
  readonly fault: string | undefined;
}

/**
 * A handler that calls `found` with each row that has a cell with something in it; in an export an empty text is something.
 */
export function sheetRows(workbook: Workbook, found: (row: SheetRow) => void, exported = false): XmlHandler {
  let number = 0;
  let column = -1;
  let cells = new Map<number, JsonValue>();
  let fault: string | undefined;
  let cell = { type: 'n', style: 0, reference: '' };
  let value = '';
  let isValue = false;
  let isPhonetic = false;

  function closeCell(): void {
    if (value === '' && !(exported && cell.type === 'inlineStr')) return;
    if (cell.type === 'e') fault ??= `Cell ${cell.reference} holds the error ${value}.`;
    cells.set(column, cellValue(workbook, cell.type, cell.style, value));
  }

  return {
    open: (name, attribute) => {
      if (name === 'row') {
        number = Number(attribute('r') ?? number + 1);
        column = -1;
        cells = new Map();
        fault = undefined;
      } else if (name === 'c') {
        const reference = attribute('r');
        column = reference === undefined ? column + 1 : columnOf(reference);
        cell = { type: attribute('t') ?? 'n', style: Number(attribute('s') ?? 0), reference: reference ?? '' };
        value = '';
      } else if (name === 'rPh') isPhonetic = true;
      isValue = (name === 'v' || name === 't') && !isPhonetic;
    },
    text: (text) => {
      if (isValue) value += text;
    },
    close: (name) => {
      isValue = false;
      if (name === 'rPh') isPhonetic = false;
      else if (name === 'c') closeCell();
      else if (name === 'row' && (cells.size > 0 || fault !== undefined)) found({ number, cells, fault });
    },
  };
}

function cellValue(workbook: Workbook, type: string, style: number, value: string): JsonValue {
  if (type === 's') return workbook.texts[Number(value)] ?? null;
  if (type === 'b') return value === '1' || value === 'true';
  if (type === 'inlineStr' || type === 'str') return unescapeText(value);
  if (type === 'd' || type === 'e') return value;
  return numberInFormat(value, workbook.formats[style] ?? 'number', workbook.is1904);
}
