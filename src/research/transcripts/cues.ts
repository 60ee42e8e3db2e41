/** What is said, as lines on a screen from one moment to the next: what subtitle files are made of. */

export interface Segment {
  readonly start_seconds: number | null;
  readonly end_seconds: number | null;
  readonly speaker: string | null;
  readonly text: string;
}

export interface Line {
  readonly speaker: string | undefined;
  /** Never empty, and without line breaks. */
  readonly text: string;
}

export interface Cue {
  /** Milliseconds. */
  readonly start: number;
  /** Later than the start. */
  readonly end: number;
  readonly lines: readonly Line[];
}

/** Milliseconds for which the last line stays where nothing says when it ends. */
const LAST_LINE = 3_000;

/**
 * The segments as cues in the order of time; none where no segment says when it begins. What says nothing of its own time
 * stands under the segment before it, and before the first at the very start; what has no end lasts until the next begins,
 * the last one until the video ends (`duration`, in seconds).
 */
export function cuesOf(segments: readonly Segment[], duration: number | null): Cue[] {
  const timed: { start: number; end: number | undefined; lines: Line[] }[] = [];
  if (!segments.some(({ start_seconds }) => start_seconds !== null)) return [];
  for (const segment of segments) {
    const lines = linesOf(segment);
    if (lines.length === 0) continue;
    const last = timed.at(-1);
    if (segment.start_seconds === null && last !== undefined) last.lines.push(...lines);
    else timed.push({ start: milliseconds(segment.start_seconds) ?? 0, end: milliseconds(segment.end_seconds), lines });
  }
  timed.sort((one, other) => one.start - other.start);
  const whole = milliseconds(duration);
  return timed.map(({ start, end, lines }, index) => {
    if (end !== undefined && end > start) return { start, end, lines };
    // Of several that begin at once none ends there.
    const next = timed.slice(index + 1).find((later) => later.start > start)?.start ?? whole;
    return { start, end: next !== undefined && next > start ? next : start + LAST_LINE, lines };
  });
}

/** A blank line would end the cue: the rest of the text would be read as something else. */
function linesOf({ speaker, text }: Segment): Line[] {
  const name = oneLine(speaker ?? '');
  return text
    .split(/\r\n|[\r\n\u0085\u2028\u2029\v\f]/)
    .map(oneLine)
    .filter((line) => line !== '')
    .map((line) => ({ speaker: name === '' ? undefined : name, text: line }));
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is taken out
const oneLine = (text: string): string => text.replaceAll(/[\u0000-\u001F\u007F-\u009F\u2028\u2029]+/g, ' ').trim();

function milliseconds(seconds: number | null): number | undefined {
  return seconds === null || !Number.isFinite(seconds) ? undefined : Math.max(0, Math.round(seconds * 1_000));
}

/** `01:02:03.004`, with `separator` before the milliseconds; more than 99 hours have more digits. */
export function clockOf(milliseconds: number, separator: '.' | ','): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  const seconds = Math.floor(milliseconds / 1_000);
  const rest = String(milliseconds % 1_000).padStart(3, '0');
  return `${two(Math.floor(seconds / 3_600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}${separator}${rest}`;
}
