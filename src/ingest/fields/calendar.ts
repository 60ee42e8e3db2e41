/** Days as people write them. No text is guessed at: what could be two days is neither. */

export interface Day {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

/** What a text says about a day. */
export type DayReading =
  | { readonly is: 'day'; readonly day: Day }
  /** A year, or a month of a year, alone. */
  | { readonly is: 'partial'; readonly year: number; readonly month: number | null }
  | { readonly is: 'none'; readonly reason: string };

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const FULL_MONTHS = [
  'january',
  'february',
  'march',
  'april',
  'may',
  'june',
  'july',
  'august',
  'september',
  'october',
  'november',
  'december',
];
const YEAR_FIRST = /^(\d{4})[/.](\d{1,2})[/.](\d{1,2})$/;
const ISO_LOOSE = /^(\d{4})-(\d{1,2})-(\d{1,2})$/;
const DOTTED = /^(\d{1,2})\.(\d{1,2})\.(\d{4})$/;
const SLASHED = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/;
const MONTH_FIRST = /^([A-Za-z]{3,9})\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})$/;
const DAY_FIRST = /^(\d{1,2})(?:st|nd|rd|th)? ([A-Za-z]{3,9})\.?,? (\d{4})$/;
const MONTH_ONLY = /^([A-Za-z]{3,9})\.?,? (\d{4})$/;
const ISO_MONTH = /^(\d{4})-(\d{2})$/;
const YEAR_ONLY = /^\d{4}$/;

/** Reads ISO, `November 12, 2025`, `12 Nov 2025`, `12.11.2025` (the day first), `2025/11/12`, and years alone. */
export function readDay(text: string): DayReading {
  if (YEAR_ONLY.test(text)) return partial(Number(text), null);
  const ordered = ISO_LOOSE.exec(text) ?? YEAR_FIRST.exec(text);
  if (ordered !== null) return dayOf(Number(ordered[1]), Number(ordered[2]), Number(ordered[3]));
  const dotted = DOTTED.exec(text);
  if (dotted !== null) return dayOf(Number(dotted[3]), Number(dotted[2]), Number(dotted[1]));
  const slashed = SLASHED.exec(text);
  if (slashed !== null) return slashedDay(Number(slashed[1]), Number(slashed[2]), Number(slashed[3]));
  const monthFirst = MONTH_FIRST.exec(text);
  if (monthFirst !== null) return dayOf(Number(monthFirst[3]), monthOf(monthFirst[1]), Number(monthFirst[2]));
  const dayFirst = DAY_FIRST.exec(text);
  if (dayFirst !== null) return dayOf(Number(dayFirst[3]), monthOf(dayFirst[2]), Number(dayFirst[1]));
  const monthOnly = MONTH_ONLY.exec(text);
  if (monthOnly !== null) return partial(Number(monthOnly[2]), monthOf(monthOnly[1]));
  const isoMonth = ISO_MONTH.exec(text);
  if (isoMonth !== null) return partial(Number(isoMonth[1]), Number(isoMonth[2]));
  return { is: 'none', reason: 'This is no date. Dates are written like 2025-11-30 or November 30, 2025.' };
}

function slashedDay(first: number, second: number, year: number): DayReading {
  if (first === second || first > 12) return dayOf(year, second, first);
  if (second > 12) return dayOf(year, first, second);
  const reason = 'This date has two readings, the day or the month first. Write it like 2025-11-30.';
  return { is: 'none', reason };
}

function dayOf(year: number, month: number, day: number): DayReading {
  if (isDay(year, month, day)) return { is: 'day', day: { year, month, day } };
  return { is: 'none', reason: 'There is no such day in the calendar.' };
}

function partial(year: number, month: number | null): DayReading {
  if (year >= 1 && (month === null || (month >= 1 && month <= 12))) return { is: 'partial', year, month };
  return { is: 'none', reason: 'There is no such month in the calendar.' };
}

/** 1 to 12, or 0 for a word that is no month. `Sept` is one. */
function monthOf(word = ''): number {
  const name = word.toLowerCase();
  const short = MONTHS.indexOf(name === 'sept' ? 'sep' : name);
  return (short >= 0 ? short : FULL_MONTHS.indexOf(name)) + 1;
}

/** Whether the day exists, in the years 1 to 9999. */
export function isDay(year: number, month: number, day: number): boolean {
  return year >= 1 && year <= 9999 && month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month);
}

function daysIn(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** `YYYY-MM-DD` */
export function dayText({ year, month, day }: Day): string {
  return `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
}

/** Whether a text is an existing day as `YYYY-MM-DD`: the usual case, decided without a regular expression. */
export function isIsoDay(text: string): boolean {
  if (text.length !== 10 || text.charCodeAt(4) !== 45 || text.charCodeAt(7) !== 45) return false;
  return isDay(digits(text, 0, 4), digits(text, 5, 7), digits(text, 8, 10));
}

/** The number that the digits `from`..`to` make, or NaN. */
function digits(text: string, from: number, to: number): number {
  let number = 0;
  for (let at = from; at < to; at += 1) {
    const digit = text.charCodeAt(at) - 48;
    if (digit < 0 || digit > 9) return Number.NaN;
    number = number * 10 + digit;
  }
  return number;
}
