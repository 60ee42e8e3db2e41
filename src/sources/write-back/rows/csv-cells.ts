/** The cells of one CSV record as they are written, so that one can be replaced and the others stay byte for byte. */

export interface CellSpan {
  /** Indexes into the record's text, quotes included. */
  readonly start: number;
  readonly end: number;
}

const QUOTE = '"';

/** @param text one record that could be read, without its line end */
export function cellSpans(text: string, delimiter: string): CellSpan[] {
  const spans: CellSpan[] = [];
  for (let start = 0; ; ) {
    const end = text[start] === QUOTE ? behindQuotes(text, start) : indexOr(text, delimiter, start);
    spans.push({ start, end });
    if (end >= text.length) return spans;
    start = end + delimiter.length;
  }
}

/** The value as a cell: in quotes where the one before was, or where it would be read as another value without. */
export function writeCell(before: string, value: string, delimiter: string): string {
  const isQuoted = before.startsWith(QUOTE);
  const needsQuotes = value.includes(delimiter) || /["\r\n]|^\s|\s$/.test(value);
  return isQuoted || needsQuotes ? `"${value.replaceAll(QUOTE, '""')}"` : value;
}

function behindQuotes(text: string, open: number): number {
  let close = text.indexOf(QUOTE, open + 1);
  while (close >= 0 && text[close + 1] === QUOTE) close = text.indexOf(QUOTE, close + 2);
  return close < 0 ? text.length : close + 1;
}

function indexOr(text: string, wanted: string, from: number): number {
  const at = text.indexOf(wanted, from);
  return at < 0 ? text.length : at;
}
