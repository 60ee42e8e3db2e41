/** When a schedule is due: by cron in a time zone, every so often, or only when somebody asks. */
import { Cron } from 'croner';
import { AppError } from '../../kernel/errors.ts';

export const FREQUENCIES = ['cron', 'interval', 'manual'] as const;
export type Frequency = (typeof FREQUENCIES)[number];

/** As the columns of `scheduled_syncs` hold it. */
export interface Timing {
  readonly frequency: Frequency;
  /** Five parts: minute, hour, day of month, month, day of week. */
  readonly cron: string | null;
  /** By the names of the time zone database, such as Europe/Vienna. */
  readonly time_zone: string;
  readonly interval_seconds: number | null;
}

/** What somebody asks for; what is left out is as in {@link Timing} of a schedule that runs only when asked. */
export interface AskedTiming {
  readonly cron?: string | null | undefined;
  readonly timeZone?: string | null | undefined;
  readonly intervalSeconds?: number | null | undefined;
}

/** Seconds. More often than this a source is asked again before it has answered. */
const SHORTEST = 60;
const LONGEST = 366 * 86_400;
const UTC = 'UTC';

/**
 * A timing that can be kept: cron, or an interval, or neither, which means when somebody asks.
 * @throws AppError BAD_USER_INPUT
 */
export function checkedTiming({ cron, timeZone, intervalSeconds }: AskedTiming): Timing {
  if (cron != null && intervalSeconds != null) throw refused('cron', 'and an interval cannot both say when');
  const zone = checkedZone(timeZone ?? UTC);
  if (intervalSeconds != null) {
    if (!Number.isSafeInteger(intervalSeconds) || intervalSeconds < SHORTEST || intervalSeconds > LONGEST)
      throw refused('intervalSeconds', `is a whole number of seconds from ${SHORTEST} to ${LONGEST}`);
    return { frequency: 'interval', cron: null, time_zone: zone, interval_seconds: intervalSeconds };
  }
  if (cron == null) return { frequency: 'manual', cron: null, time_zone: zone, interval_seconds: null };
  const pattern = cron.trim().replaceAll(/\s+/g, ' ');
  const timing: Timing = { frequency: 'cron', cron: pattern, time_zone: zone, interval_seconds: null };
  if (nextRun(timing, new Date()) === null) throw refused('cron', 'names no time that ever comes');
  return timing;
}

/**
 * The first time after `now`; null of a schedule that runs only when asked. An interval counts from `since`, when it was due
 * last, so that it keeps its beat whenever it was looked at. However many times were missed, the next one is one.
 * @throws AppError BAD_USER_INPUT for a cron that cannot be read
 */
export function nextRun(timing: Timing, now: Date, since: Date = now): Date | null {
  const { frequency, cron, time_zone: timezone, interval_seconds: seconds } = timing;
  if (frequency === 'interval' && seconds !== null) {
    const every = seconds * 1_000;
    const turns = Math.max(1, Math.floor((now.getTime() - since.getTime()) / every) + 1);
    return new Date(since.getTime() + turns * every);
  }
  if (frequency !== 'cron' || cron === null) return null;
  return readCron(cron, timezone).nextRun(now);
}

function readCron(pattern: string, timezone: string): Cron {
  try {
    return new Cron(pattern, { timezone, paused: true, mode: '5-part' });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message.replace(/^CronPattern: /, '') : String(cause);
    throw refused('cron', `cannot be read: ${reason}`, cause);
  }
}

function checkedZone(zone: string): string {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone;
  } catch (cause) {
    throw refused('timeZone', `is no time zone: ${JSON.stringify(zone.slice(0, 50))}`, cause);
  }
}

const refused = (path: string, words: string, cause?: unknown): AppError =>
  new AppError('BAD_USER_INPUT', `\`${path}\` ${words}`, {
    path,
    cause,
    hint: 'Cron has five parts: minute, hour, day of month, month and day of week, such as "0 3 * * *" for three at night.',
  });
