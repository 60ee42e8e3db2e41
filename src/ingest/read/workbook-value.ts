/** What a cell of a workbook says: its number formats decide whether a number is a date, a time or a number. */
import type { JsonValue } from '../../kernel/json.ts';
import { numberValue } from './json-parse.ts';

export type NumberFormat = 'number' | 'date' | 'time';

const DAY_MS = 86_400_000;
const DAY_SECONDS = 86_400;
/** Day 0 of the usual calendar of workbooks, and how many days later that of old Macintosh ones begins. */
const EPOCH = Date.UTC(1899, 11, 30);
const DAYS_TO_1904 = 1462;
/** The calendar has a 29 February 1900, which never was: the days before it are one off. */
const FALSE_LEAP_DAY = 60;
/** 31 December 9999 */
const LAST_DAY = 2_958_465;

const isBetween = (id: number, low: number, high: number): boolean => id >= low && id <= high;

/** The format of a built-in number format, by its id in the standard. */
export function builtInFormat(id: number): NumberFormat {
  if (isBetween(id, 14, 17) || id === 22 || isBetween(id, 27, 31) || id === 36 || isBetween(id, 50, 58)) return 'date';
  return isBetween(id, 18, 21) || isBetween(id, 32, 35) || isBetween(id, 45, 47) ? 'time' : 'number';
}

/** The format that a code such as `yyyy-mm-dd` or `[h]:mm` stands for. */
export function customFormat(code: string): NumberFormat {
  const letters = code
    .replace(/"[^"]*"|\\.|_./g, '')
    .replace(/\[(?!h+\]|m+\]|s+\])[^\]]*\]/gi, '')
    .toLowerCase();
  if (/[dy]/.test(letters)) return 'date';
  if (/[hs]/.test(letters)) return 'time';
  return /m/.test(letters) && !/[0#?]/.test(letters) ? 'date' : 'number';
}

/** A number of a cell: `YYYY-MM-DD`, with `THH:MM:SS` where it has a time of day; `H:MM:SS` for times; else the number. */
export function numberInFormat(text: string, format: NumberFormat, is1904: boolean): JsonValue {
  const serial = Number(text);
  if (format === 'number' || !Number.isFinite(serial) || serial < 0) return numberValue(text);
  if (format === 'time' || serial < 1) return clock(serial);
  const shifted = is1904 ? serial + DAYS_TO_1904 : serial < FALSE_LEAP_DAY ? serial + 1 : serial;
  if (shifted > LAST_DAY + 1) return numberValue(text);
  // A double holds a moment of this century to about a microsecond; the millisecond is what was meant.
  const iso = new Date(EPOCH + Math.round(shifted * DAY_MS)).toISOString();
  if (iso.endsWith('T00:00:00.000Z')) return iso.slice(0, 10);
  return iso.endsWith('.000Z') ? iso.slice(0, 19) : iso.slice(0, 23);
}

function clock(days: number): string {
  const seconds = Math.round(days * DAY_SECONDS);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${Math.floor(seconds / 3600)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}

/** The 0-based column of a cell reference: `B5` is 1. -1 where it names none. */
export function columnOf(reference: string): number {
  let column = 0;
  for (let at = 0; at < reference.length; at += 1) {
    const letter = reference.charCodeAt(at) - 64;
    if (letter < 1 || letter > 26) break;
    column = column * 26 + letter;
  }
  return column - 1;
}

/** `_x000D_` stands for a character that XML cannot hold. */
export function unescapeText(text: string): string {
  if (!text.includes('_x')) return text;
  return text.replace(/_x([0-9A-Fa-f]{4})_/g, (_whole, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
}
