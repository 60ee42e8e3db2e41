/** Moments. */
import { isIsoDay } from './calendar.ts';
import { cleanText } from './clean.ts';
import { looseDay } from './date.ts';
import type { Field, FieldOptions, FieldSink } from './field.ts';

const ISO =
  /^(\d{4}-\d{2}-\d{2})[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,12}))?)? ?(Z|z|UTC|[+-]\d{2}:?\d{2}|[+-]\d{2})?$/;
/** The smallest unit that PostgreSQL keeps is the microsecond. */
const FRACTION_DIGITS = 6;

/**
 * A moment as ISO 8601 in UTC, to the microsecond (`2025-11-12T10:00:00.000Z`). A time without an offset is taken as
 * UTC and keeps its raw text; a day alone is its first moment. The rest is as for dates.
 */
export function timestamp(options: FieldOptions = {}): Field {
  return {
    ...options,
    kind: 'timestamp',
    type: 'timestamp',
    parse: (value, sink) => {
      const text = cleanText(value, sink);
      if (text === null) return null;
      if (isIsoDay(text)) return `${text}T00:00:00.000Z`;
      const match = ISO.exec(text);
      if (match !== null) return moment(match, text, sink);
      const day = looseDay(text, sink);
      return day === null ? null : `${day}T00:00:00.000Z`;
    },
  };
}

function moment(match: RegExpExecArray, text: string, sink: FieldSink): string | null {
  const [, day = '', hour = '', minute = '', second = '00', fraction = '', offset] = match;
  if (!isIsoDay(day)) return sink.fault('INVALID_VALUE', 'There is no such day in the calendar.');
  const minutes = offsetMinutes(offset ?? 'Z');
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59 || minutes === undefined) {
    return sink.fault('INVALID_VALUE', 'There is no such time of day.');
  }
  if (offset === undefined || fraction.length > FRACTION_DIGITS) sink.keepRaw(text);
  const kept = fraction.slice(0, FRACTION_DIGITS).replace(/0+$/, '').padEnd(3, '0');
  // The usual case, and several times as fast as a Date.
  if (minutes === 0) return `${day}T${hour}:${minute}:${second}.${kept}Z`;
  const utc = new Date(Date.parse(`${day}T${hour}:${minute}:${second}Z`) - minutes * 60_000).toISOString();
  // An offset can carry a moment over the ends of the calendar that dates are kept in.
  if (!isIsoDay(utc.slice(0, 10))) return sink.fault('OUT_OF_RANGE', 'This moment is not within the years 1 to 9999.');
  return `${utc.slice(0, 19)}.${kept}Z`;
}

function offsetMinutes(offset: string): number | undefined {
  if (offset === 'Z' || offset === 'z' || offset === 'UTC') return 0;
  const hours = Number(offset.slice(1, 3));
  const minutes = Number(offset.slice(3).replace(':', '') || '0');
  if (hours > 15 || minutes > 59) return undefined;
  return (offset.startsWith('-') ? -1 : 1) * (hours * 60 + minutes);
}
