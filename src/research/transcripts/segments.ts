/** What is said from when to when: read from lines of text, or from the captions of a JSON file. */
import type { JsonValue } from '../../kernel/json.ts';
import { isJsonObject } from '../../kernel/json.ts';
import { valueNamed } from '../record.ts';

export interface Segment {
  readonly start_seconds: number | null;
  readonly end_seconds: number | null;
  readonly speaker: string | null;
  /** Never empty. */
  readonly text: string;
}

/** A title that stands beside a time and is not spoken: `### [00:41] - Pricing`. */
export interface Chapter {
  readonly start_seconds: number;
  readonly title: string;
}

/** Characters: what one search vector takes whole. A longer paragraph is cut, so that all of it can be found. */
const LONGEST = 100_000;
const LONGEST_SPEAKER = 100;

const TIME = String.raw`\d{1,3}:\d{2}(?::\d{2})?(?:[.,]\d{1,3})?`;
/** `[00:26] text`, `### [00:26] - title`, `**[00:26]** text`, `[00:26 - 00:31] text`, `0:26 - text`. */
const TIMED = new RegExp(
  String.raw`^\s*(#{1,6}\s+)?(?:[-*]\s+)?(?:\*\*)?([[(]?)(${TIME})(?:\s*(?:-|–|—|→|-->)\s*(${TIME}))?([\])]?)(?:\*\*)?(?=\s|$|:)\s*(?::\s+)?(?:[-–—]\s+)?([\s\S]*)$`,
);
const BOLD_SPEAKER = /^\*\*([^*]{1,100}?)(?:\*\*\s*:|:\s*\*\*)\s*(.*)$/s;
const PLAIN_SPEAKER =
  /^((?:Speaker|Host|Guest|Interviewer|Interviewee|Narrator)(?:\s+\d{1,2})?(?:\s*\([^)]{1,80}\))?):\s+(.*)$/is;

interface Open {
  start: number | null;
  end: number | null;
  lines: string[];
}

/** Seconds of `0:26`, `14:31` (minutes and seconds), `01:02:03` or `00:26.5`; null where it is no time. */
export function secondsOf(time: string): number | null {
  const parts = time.trim().replace(',', '.').split(':');
  if (parts.length < 2 || parts.length > 3 || parts.some((part) => !/^\d{1,3}(?:\.\d{1,3})?$/.test(part))) return null;
  return parts.reduce((total, part) => total * 60 + Number(part), 0);
}

/** The segments of a spoken text. Without times each paragraph is one; chapters are the titles beside times. */
export function segmentsInText(lines: readonly string[]): { segments: Segment[]; chapters: Chapter[]; timed: boolean } {
  const chapters: Chapter[] = [];
  const open: Open[] = [];
  let timed = false;
  let heading = false;
  for (const line of lines) {
    const match = TIMED.exec(line);
    const start = match?.[3] === undefined ? null : secondsOf(match[3]);
    if (match !== null && start !== null && closes(match[2] ?? '', match[5] ?? '')) {
      timed = true;
      heading = match[1] !== undefined;
      const said = (match[6] ?? '').trim();
      if (heading && said !== '') chapters.push({ start_seconds: start, title: said });
      open.push({ start, end: match[4] === undefined ? null : secondsOf(match[4]), lines: heading ? [] : [said] });
      continue;
    }
    const last = open.at(-1);
    const blank = line.trim() === '';
    if (last === undefined || (blank && !timed))
      open.push({ start: null, end: null, lines: blank ? [] : [line.trim()] });
    else if (!blank) last.lines.push(line.trim());
  }
  return {
    segments: finish(open.map(({ start, end, lines }) => ({ start, end, speaker: null, text: lines.join('\n') }))),
    chapters,
    timed,
  };
}

/** The segments of captions: `{ start, end, text, speaker }`, `{ timestamp, line }`, or `"[00:00] text"`. */
export function segmentsInCaptions(items: readonly JsonValue[]): Segment[] {
  const found: { start: number | null; end: number | null; speaker: string | null; text: string }[] = [];
  for (const item of items) {
    if (typeof item === 'string') {
      for (const { start_seconds, end_seconds, speaker, text } of segmentsInText(item.split(/\r\n|\r|\n/)).segments)
        found.push({ start: start_seconds, end: end_seconds, speaker, text });
    } else if (isJsonObject(item)) {
      const start = timeOf(valueNamed(item, 'start', 'start_seconds', 'start_time', 'timestamp', 'time'));
      const length = timeOf(valueNamed(item, 'duration', 'dur'));
      const end = timeOf(valueNamed(item, 'end', 'end_seconds', 'end_time'));
      const speaker = valueNamed(item, 'speaker', 'speaker_name');
      found.push({
        start,
        end: end ?? (start === null || length === null ? null : start + length),
        speaker: typeof speaker === 'string' ? speaker.trim() : null,
        text: captionText(item) ?? '',
      });
    }
  }
  return finish(found);
}

/** What a caption says, or undefined where the value is no caption. */
export function captionText(item: JsonValue): string | undefined {
  if (!isJsonObject(item)) return undefined;
  const text = valueNamed(item, 'text', 'line', 'content', 'caption', 'subtitle');
  return typeof text === 'string' ? text : undefined;
}

function timeOf(value: JsonValue | undefined): number | null {
  if (typeof value === 'number') return Number.isFinite(value) && value >= 0 ? value : null;
  if (typeof value !== 'string') return null;
  const text = value.trim().replace(/^\[(.*)\]$/, '$1');
  return /^\d{1,9}(?:\.\d+)?$/.test(text) ? Number(text) : secondsOf(text);
}

function closes(opening: string, closing: string): boolean {
  return (opening === '[' ? ']' : opening === '(' ? ')' : '') === closing;
}

/** Drops what says nothing, names the speakers, ends each segment where the next starts, cuts what is too long. */
function finish(
  found: { start: number | null; end: number | null; speaker: string | null; text: string }[],
): Segment[] {
  const spoken = found.filter(({ text }) => text.trim() !== '');
  return spoken.flatMap(({ start, end, speaker, text }, index) => {
    const next = spoken[index + 1]?.start ?? null;
    const said = speaker === null || speaker === '' ? withSpeaker(text.trim()) : { speaker, text: text.trim() };
    if (said.text === '') return [];
    const until = end ?? (start !== null && next !== null && next >= start ? next : null);
    return cut(said.text).map((piece) => ({
      start_seconds: start,
      end_seconds: until,
      speaker: said.speaker === null ? null : said.speaker.slice(0, LONGEST_SPEAKER),
      text: piece,
    }));
  });
}

/** `**Speaker (Ana)**: text` is Ana's. */
function withSpeaker(text: string): { speaker: string | null; text: string } {
  const match = BOLD_SPEAKER.exec(text) ?? PLAIN_SPEAKER.exec(text);
  const label = match?.[1]?.trim();
  if (match === null || label === undefined || label === '') return { speaker: null, text };
  return { speaker: /\(([^)]+)\)\s*$/.exec(label)?.[1]?.trim() ?? label, text: (match[2] ?? '').trim() };
}

function cut(text: string): string[] {
  const pieces: string[] = [];
  let rest = text;
  while (rest.length > LONGEST) {
    const space = rest.lastIndexOf(' ', LONGEST);
    // Without a space near the end the cut must still not fall inside a character of two units.
    const hard = /[\uD800-\uDBFF]/.test(rest.charAt(LONGEST - 1)) ? LONGEST - 1 : LONGEST;
    const at = space > LONGEST / 2 ? space : hard;
    pieces.push(rest.slice(0, at).trim());
    rest = rest.slice(at).trim();
  }
  return [...pieces, rest].filter((piece) => piece !== '');
}
