/** Days. */
import { dayText, isIsoDay, readDay } from './calendar.ts';
import { cleanText } from './clean.ts';
import type { Field, FieldOptions, FieldSink } from './field.ts';

const TIME_BEHIND = /^(\d{4}-\d{2}-\d{2})[T ]\d{2}:\d{2}/;

/**
 * A day as `YYYY-MM-DD`. A time of day behind it is left out and the raw text kept; a year or month alone is null with a
 * note; a day that does not exist, or that could be two days (`01/02/2025`), is INVALID_VALUE.
 */
export function date(options: FieldOptions = {}): Field {
  return {
    ...options,
    kind: 'date',
    type: 'date',
    parse: (value, sink) => {
      const text = cleanText(value, sink);
      if (text === null || isIsoDay(text)) return text;
      const day = TIME_BEHIND.exec(text)?.[1];
      if (day === undefined) return looseDay(text, sink);
      if (!isIsoDay(day)) return sink.fault('INVALID_VALUE', 'There is no such day in the calendar.');
      sink.keepRaw(text);
      return day;
    },
  };
}

/** A day written in another way than ISO; null with a note where the text names only a year or month. */
export function looseDay(text: string, sink: FieldSink): string | null {
  const reading = readDay(text);
  if (reading.is === 'none') return sink.fault('INVALID_VALUE', reading.reason);
  if (reading.is === 'day') return dayText(reading.day);
  sink.keepRaw(text);
  const { year, month } = reading;
  sink.note(month === null ? { year, raw: text } : { year, month, raw: text });
  return null;
}
