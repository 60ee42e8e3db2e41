/** Stretches of local time: which instants they reach from and to in a time zone, and what people call them. */
import { AppError } from '../../kernel/errors.ts';
import type { Bucket } from './group-keys.ts';

/** Names of the IANA list. Offsets such as +02:00 are no zones here: the database reads their sign the other way round. */
const NAME = /^[A-Za-z][A-Za-z0-9_+-]*(\/[A-Za-z0-9_+-]+)*$/;
const LONGEST_NAME = 64;

/**
 * The zone's name; where the list writes it in other letters, as the list has it.
 * @throws AppError BAD_USER_INPUT for what names no zone
 */
export function readTimeZone(name: string | null | undefined): string {
  if (name === undefined || name === null) return 'UTC';
  const listed =
    name.length <= LONGEST_NAME && NAME.test(name) ? formatOf(name)?.resolvedOptions().timeZone : undefined;
  // Zones of several names are not renamed: people look for the name that they gave.
  if (listed !== undefined) return listed.toLowerCase() === name.toLowerCase() ? listed : name;
  throw new AppError('BAD_USER_INPUT', 'There is no time zone of this name', {
    path: 'timeZone',
    hint: 'Use a name of the IANA list, such as Europe/Berlin or UTC.',
  });
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** Formats are dear to make. Those kept are no more than there are zones. */
function formatOf(timeZone: string): Intl.DateTimeFormat | undefined {
  const key = timeZone.toLowerCase();
  const known = formats.get(key);
  if (known !== undefined) return known;
  try {
    const made = new Intl.DateTimeFormat('en-US', { ...PARTS, timeZone });
    formats.set(key, made);
    return made;
  } catch {
    return undefined;
  }
}

const PARTS = {
  calendar: 'gregory',
  numberingSystem: 'latn',
  hourCycle: 'h23',
  era: 'short',
  year: 'numeric',
  month: 'numeric',
  day: 'numeric',
  hour: 'numeric',
  minute: 'numeric',
  second: 'numeric',
} as const;

const DAY = 86_400_000;

/**
 * A stretch of local time. Local times are written as if they were of UTC: the first day of the stretch is `first`.
 */
export interface Stretch {
  readonly bucket: Bucket;
  readonly timeZone: string;
  readonly first: Date;
}

/** The instant at which it begins. */
export const startOf = ({ first, timeZone }: Stretch): Date => new Date(instantOf(first.getTime(), timeZone));

/** The instant at which the next one begins. */
export const endOf = ({ first, bucket, timeZone }: Stretch): Date =>
  new Date(instantOf(nextDay(first, bucket).getTime(), timeZone));

const MONTHS: Partial<Record<Bucket, number>> = { month: 1, quarter: 3, year: 12 };

function nextDay(first: Date, bucket: Bucket): Date {
  const months = MONTHS[bucket];
  const next = new Date(first);
  if (months === undefined) next.setUTCDate(next.getUTCDate() + (bucket === 'week' ? 7 : 1));
  else next.setUTCMonth(next.getUTCMonth() + months);
  return next;
}

/** The first instant whose local time is `local` or later: where clocks go forward at midnight, the day begins at one. */
function instantOf(local: number, timeZone: string): number {
  const candidates = [local - offsetAt(local - DAY, timeZone), local - offsetAt(local + DAY, timeZone)];
  const reached = candidates.filter((instant) => instant + offsetAt(instant, timeZone) >= local);
  return reached.length === 0 ? local : Math.min(...reached);
}

/** By how many milliseconds clocks are ahead of UTC. */
function offsetAt(instant: number, timeZone: string): number {
  const parts = new Map(
    formatOf(timeZone)
      ?.formatToParts(instant)
      .map(({ type, value }) => [type, value]),
  );
  const read = (type: Intl.DateTimeFormatPartTypes): number => Number(parts.get(type) ?? 0);
  const year = parts.get('era') === 'BC' ? 1 - read('year') : read('year');
  const local = new Date(Date.UTC(2000, read('month') - 1, read('day'), read('hour'), read('minute'), read('second')));
  // Set apart: two digits of a year would be of the last century.
  local.setUTCFullYear(year, read('month') - 1, read('day'));
  return local.getTime() - Math.floor(instant / 1000) * 1000;
}

/** What people call it: 2025-11-20, 2025-W47, 2025-11, 2025-Q4 or 2025. */
export function labelOf({ first, bucket }: Stretch): string {
  const [date = ''] = first.toISOString().split('T');
  const [year, month] = [date.slice(0, -6), date.slice(0, -3)];
  switch (bucket) {
    case 'day':
      return date;
    case 'week':
      return weekLabel(first);
    case 'month':
      return month;
    case 'quarter':
      return `${year}-Q${Math.floor(first.getUTCMonth() / 3) + 1}`;
    case 'year':
      return year;
  }
}

/** Weeks begin on Monday and are of the year in which their Thursday lies (ISO 8601). */
function weekLabel(monday: Date): string {
  const thursday = new Date(monday.getTime() + 3 * DAY);
  const year = thursday.getUTCFullYear();
  const newYear = new Date(0);
  newYear.setUTCFullYear(year, 0, 1);
  const week = Math.floor((thursday.getTime() - newYear.getTime()) / (7 * DAY)) + 1;
  return `${String(year).padStart(4, '0')}-W${String(week).padStart(2, '0')}`;
}
