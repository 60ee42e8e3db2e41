/** One value as a cell of a workbook: what a spreadsheet can reckon and sort with, where that comes back exactly. */
import type { ExportColumn } from '../format.ts';

/** Cell styles, as {@link STYLES} of the workbook's parts lists them. */
export const STYLE = { header: 1, moment: 2, quoted: 3 } as const;

/** Excel refuses a longer text in a cell, in UTF-16 units; what a text has beyond goes into cells of its own. */
export const MOST_CHARACTERS = 32_767;

const DAY_MS = 86_400_000;
const EPOCH = Date.UTC(1899, 11, 30);
/** Before 1 March 1900 the calendars of spreadsheets are a day off, or have no days at all. */
const FIRST_DAY = Date.UTC(1900, 2, 1);
const MOMENT = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,3})?)0*Z$/;
/** A double gives back this many digits; longer numbers stay texts. */
const EXACT_NUMBER = /^-?(?:0|[1-9]\d{0,14})$/;
const RUNS = /^[=+\-@\t\r]/;
/** What XML cannot hold, what it would change (CR), and texts that look like such an escape already. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what a cell cannot hold as they are
const UNHOLDABLE = /[\x00-\x08\x0b-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)/g;

/** The cell's XML; nothing for a NULL. `reference` is as `B5`. */
export function cellXml(reference: string, kind: ExportColumn['kind'], value: string | null): string {
  if (value === null) return '';
  if (kind === 'boolean') return `<c r="${reference}" t="b"><v>${value === 'true' ? 1 : 0}</v></c>`;
  if ((kind === 'integer' || kind === 'bigint') && EXACT_NUMBER.test(value))
    return `<c r="${reference}"><v>${value}</v></c>`;
  if (kind === 'float' && Number.isFinite(Number(value))) return `<c r="${reference}"><v>${value}</v></c>`;
  if (kind === 'dateTime') {
    const serial = serialOf(value);
    if (serial !== undefined) return `<c r="${reference}" s="${STYLE.moment}"><v>${serial}</v></c>`;
  }
  return textCell(reference, value);
}

/** A text, which no spreadsheet runs: it is typed as text, and one that looks like a formula stays text when it is edited. */
export function textCell(reference: string, text: string, style: number = RUNS.test(text) ? STYLE.quoted : 0): string {
  const styled = style === 0 ? '' : ` s="${style}"`;
  return `<c r="${reference}" t="inlineStr"${styled}><is><t xml:space="preserve">${xmlText(text)}</t></is></c>`;
}

/** A moment as the number of days that spreadsheets count, where milliseconds say it all. */
function serialOf(text: string): number | undefined {
  const match = MOMENT.exec(text);
  const at = match === null ? Number.NaN : Date.parse(`${match[1]}Z`);
  return at >= FIRST_DAY ? (at - EPOCH) / DAY_MS : undefined;
}

/** Text between tags and in attributes; `_xHHHH_` stands for a character that XML cannot hold. */
export function xmlText(text: string): string {
  return text
    .replace(UNHOLDABLE, (found) => `_x${found.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}_`)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

/** `A` for 0, `Z` for 25, `AA` for 26. */
export function columnName(index: number): string {
  const last = String.fromCharCode(65 + (index % 26));
  return index < 26 ? last : columnName(Math.floor(index / 26) - 1) + last;
}
