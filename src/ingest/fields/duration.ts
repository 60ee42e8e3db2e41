/** Lengths of time, in seconds. */
import { cleanText } from './clean.ts';
import type { Field, FieldOptions, FieldSink } from './field.ts';

const INT4_MAX = 2_147_483_647;
const CLOCK = /^(?:(\d{1,6}):)?(\d{1,6}):(\d{2})(?:[.,](\d{1,9}))?$/;
const PLAIN = /^(\d{1,12})(?:\.(\d{1,9}))?$/;
const WORDS =
  /^(?:(\d{1,6}) ?(?:h|hr|hrs|hours?)\.?)? ?(?:(\d{1,6}) ?(?:m|mins?|minutes?)\.?)? ?(?:(\d{1,9}) ?(?:s|secs?|seconds?)\.?)?$/i;
const ISO = /^P(?:(\d{1,5})D)?(?:T(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:(\d{1,9})(?:[.,](\d{1,9}))?S)?)?$/i;

/**
 * A length of time in whole seconds, as a number: `00:10:32`, `14:31` and `34:24` (minutes and seconds), `~25:00`,
 * `~13 min`, `1h 5m`, `350`, `PT5M`. An approximate one, or one with parts of a second, keeps its raw text.
 */
export function duration(options: FieldOptions = {}): Field {
  return {
    ...options,
    kind: 'duration',
    type: 'duration (seconds)',
    parse: (value, sink) => {
      if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= INT4_MAX) return value;
      const text = cleanText(value, sink);
      if (text === null) return null;
      const isApproximate = /^(?:~|≈|about |approx)/i.test(text);
      const bare = isApproximate ? text.replace(/^(?:~|≈|about |approx\.? )\s*/i, '') : text;
      const seconds = secondsOf(bare);
      if (seconds === undefined) return sink.fault('INVALID_VALUE', 'This is no duration. Write it like 00:10:32.');
      return whole(seconds, isApproximate, text, sink);
    },
  };
}

function whole(seconds: number, isApproximate: boolean, text: string, sink: FieldSink): number | null {
  if (seconds > INT4_MAX) return sink.fault('OUT_OF_RANGE', `A duration has at most ${INT4_MAX} seconds.`);
  const rounded = Math.round(seconds);
  if (isApproximate || rounded !== seconds) sink.keepRaw(text);
  return rounded;
}

/** Seconds, with their fraction; undefined where the text is no length of time. Also reads the marks of transcripts. */
export function secondsOf(text: string): number | undefined {
  const plainClock = digitsAndColons(text);
  if (plainClock >= 0) return plainClock;
  const clock = CLOCK.exec(text);
  if (clock !== null) {
    const [, hours, minutes, seconds, fraction = '0'] = clock;
    if (Number(seconds) > 59 || (hours !== undefined && Number(minutes) > 59)) return undefined;
    return sum(0, hours, minutes, seconds, fraction);
  }
  const plain = PLAIN.exec(text);
  if (plain !== null) return sum(0, '0', '0', plain[1], plain[2]);
  const words = /\d/.test(text) ? WORDS.exec(text) : null;
  if (words !== null) return sum(0, words[1], words[2], words[3]);
  const iso = /\d/.test(text) ? ISO.exec(text) : null;
  return iso === null ? undefined : sum(Number(iso[1] ?? 0), iso[2], iso[3], iso[4], iso[5]);
}

/** `14:31` and `00:10:32`, the usual case, without a regular expression; -1 for anything else. */
function digitsAndColons(text: string): number {
  if (text.length > 8) return -1;
  let total = 0;
  let part = 0;
  let digits = 0;
  let colons = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 0x3a) {
      if (digits === 0 || (colons > 0 && part > 59)) return -1;
      total = (total + part) * 60;
      part = 0;
      digits = 0;
      colons += 1;
    } else if (code >= 0x30 && code <= 0x39) {
      part = part * 10 + code - 0x30;
      digits += 1;
    } else return -1;
  }
  return (colons === 1 || colons === 2) && digits === 2 && part < 60 ? total + part : -1;
}

function sum(days: number, hours = '0', minutes = '0', seconds = '0', fraction = '0'): number {
  return days * 86_400 + Number(hours) * 3600 + Number(minutes) * 60 + Number(`${seconds}.${fraction}`);
}
