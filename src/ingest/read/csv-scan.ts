/**
 * One CSV record out of a text. Written here because the reader is on the hot path of every import: the packaged parser
 * goes through each byte in script (an eighth of this one's rows per second), takes one kind of line end per file and
 * loses the rest of a file at a misplaced quote.
 */
export const QUOTE = 0x22;
export const LINE_FEED = 0x0a;
export const CARRIAGE_RETURN = 0x0d;

export interface CsvDialect {
  /** One character. */
  readonly delimiter: string;
  /** True where a lone CR ends a line. LF and CR LF always do. */
  readonly endsInCr: boolean;
}

/** Where {@link scanRecord} leaves what it found: one for a whole text, so that a record allocates only its cells. */
export interface CsvScratch {
  cells: string[];
  /** The index behind the record and its line end. */
  end: number;
  /** The index behind the record, before its line end. */
  contentEnd: number;
  /** How many lines the record takes. */
  lines: number;
  /** True for a line of nothing but delimiters: spreadsheets write their empty rows so. */
  isBlank: boolean;
  fault: string | undefined;
  /** The cells that are an empty text in quotes, by index, where there are any. */
  emptyTexts: number[] | undefined;
  /** The next quote, delimiter and line feed: each is looked up once, however many cells lie before it. */
  nextQuote: number;
  nextDelimiter: number;
  nextLineFeed: number;
}

/** A scratch for one text; another text needs another. */
export function csvScratch(): CsvScratch {
  const found = { nextQuote: -1, nextDelimiter: -1, nextLineFeed: -1 };
  return {
    cells: [],
    end: 0,
    contentEnd: 0,
    lines: 0,
    isBlank: false,
    fault: undefined,
    emptyTexts: undefined,
    ...found,
  };
}

/**
 * Reads the record that starts at `start` into `out`. False where the text ends before the record does and more text
 * may follow (`isLast` false); `out` then holds nothing of use.
 */
export function scanRecord(
  text: string,
  start: number,
  dialect: CsvDialect,
  isLast: boolean,
  out: CsvScratch,
): boolean {
  const { delimiter } = dialect;
  const delimiterCode = delimiter.charCodeAt(0);
  out.cells = [];
  out.lines = 1;
  out.fault = undefined;
  out.emptyTexts = undefined;
  if (out.nextQuote < start) out.nextQuote = indexOr(text, '"', start);
  if (!dialect.endsInCr) {
    const lineEnd = endOfLine(text, start, out);
    if (out.nextQuote >= lineEnd) {
      out.cells = text.slice(start, lineEnd).split(delimiter);
      return finish(text, start, lineEnd, isLast, out);
    }
  }
  let at = start;
  for (;;) {
    if (text.charCodeAt(at) === QUOTE) {
      at = scanQuoted(text, at, dialect, isLast, out);
      if (at < 0) return false;
    } else {
      const from = at;
      at = dialect.endsInCr ? scanToEnd(text, at, delimiterCode) : endOfCell(text, at, delimiter, out);
      out.cells.push(text.slice(from, at));
    }
    if (text.charCodeAt(at) !== delimiterCode) return finish(text, start, at, isLast, out);
    at += 1;
    if (at >= text.length && !isLast) return false;
  }
}

function indexOr(text: string, character: string, from: number): number {
  const index = text.indexOf(character, from);
  return index < 0 ? text.length : index;
}

/** The index of the line end at or behind `at`; the CR of CR LF belongs to it. */
function endOfLine(text: string, at: number, out: CsvScratch): number {
  if (out.nextLineFeed < at) out.nextLineFeed = indexOr(text, '\n', at);
  const end = out.nextLineFeed;
  return end > at && text.charCodeAt(end - 1) === CARRIAGE_RETURN ? end - 1 : end;
}

function endOfCell(text: string, at: number, delimiter: string, out: CsvScratch): number {
  if (out.nextDelimiter < at) out.nextDelimiter = indexOr(text, delimiter, at);
  return Math.min(out.nextDelimiter, endOfLine(text, at, out));
}

/** As {@link endOfCell}, where a lone CR ends a line. */
function scanToEnd(text: string, from: number, delimiter: number): number {
  let at = from;
  for (; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === delimiter || code === LINE_FEED || code === CARRIAGE_RETURN) break;
  }
  return at;
}

/** At a line end or at the end of the text. CR LF may be cut between its two characters: then more text is needed. */
function finish(text: string, start: number, at: number, isLast: boolean, out: CsvScratch): boolean {
  const isCr = text.charCodeAt(at) === CARRIAGE_RETURN;
  if (!isLast && at + (isCr ? 1 : 0) >= text.length) return false;
  out.contentEnd = at;
  out.isBlank = at - start === out.cells.length - 1;
  out.end = Math.min(text.length, at + (isCr && text.charCodeAt(at + 1) === LINE_FEED ? 2 : 1));
  return true;
}

/** Reads a quoted cell; returns the index of the delimiter or line end behind it, or -1 where more text is needed. */
function scanQuoted(text: string, open: number, dialect: CsvDialect, isLast: boolean, out: CsvScratch): number {
  let close = text.indexOf('"', open + 1);
  let isEscaped = false;
  while (close >= 0 && text.charCodeAt(close + 1) === QUOTE) {
    isEscaped = true;
    close = text.indexOf('"', close + 2);
  }
  if (!isLast && (close < 0 || close + 1 >= text.length)) return -1;
  if (close < 0) {
    out.fault = `The quote that opens in cell ${out.cells.length + 1} is never closed.`;
    out.lines += lineEnds(text, open, text.length, dialect);
    return text.length;
  }
  const cell = text.slice(open + 1, close);
  if (cell === '') {
    out.emptyTexts ??= [];
    out.emptyTexts.push(out.cells.length);
  }
  out.cells.push(isEscaped ? cell.replaceAll('""', '"') : cell);
  out.lines += lineEnds(text, open, close, dialect);
  return behindQuote(text, close + 1, dialect, out);
}

/** Text between a closing quote and the next delimiter belongs to no cell: the record is at fault, the next ones are not. */
function behindQuote(text: string, from: number, dialect: CsvDialect, out: CsvScratch): number {
  const next = text.charCodeAt(from);
  if (next === dialect.delimiter.charCodeAt(0) || next === LINE_FEED) return from;
  const at = dialect.endsInCr
    ? scanToEnd(text, from, dialect.delimiter.charCodeAt(0))
    : endOfCell(text, from, dialect.delimiter, out);
  if (at > from) out.fault ??= `Cell ${out.cells.length} has text behind its closing quote.`;
  return at;
}

function lineEnds(text: string, from: number, to: number, dialect: CsvDialect): number {
  let count = 0;
  for (let at = from; at < to; at += 1) {
    const code = text.charCodeAt(at);
    if (code === LINE_FEED) count += 1;
    else if (code === CARRIAGE_RETURN && dialect.endsInCr && text.charCodeAt(at + 1) !== LINE_FEED) count += 1;
  }
  return count;
}
