/**
 * Transcripts as people write them in Markdown, in five dialects: `Key: value`, `- **Key**: value`, `**Key:** value`, the
 * value on the next line, and a bare address first. Sections are headings (`## Description`) or numbered lines
 * (`3. Word-for-Word Transcription`).
 */

import { isPlaceholder } from '../../ingest/fields/placeholder.ts';
import { emptyObject, type JsonValue } from '../../kernel/json.ts';
import { youtubeIdInAddress } from '../youtube.ts';
import { blockName, isKnownBlock, spokenRank, type TranscriptDocument, type ValueRole, valueRole } from './document.ts';
import { type Chapter, type Segment, segmentsInText } from './segments.ts';

const HEADING = /^ {0,3}(#{1,6})[ \t]+(\S[\s\S]{0,999})$/;
const NUMBERED = /^(\d{1,2})\.\s+(\S.{0,78}[^\s.,;:?!])\s*$/;
/** The name is short and the spaces few, so that a line of any length is passed over at once. */
const LABEL = /^(?:[-*+][ \t]{1,4})?(\*\*|__)?([^:*\n]{1,60}?)(?:\*\*|__)?[ \t]{0,4}:(?:\*\*|__)?(?:\s+([\s\S]*))?$/;
const TIMESTAMPED = /^\s*(?:#{1,6}\s+)?(?:[-*]\s+)?(?:\*\*)?\[?\d{1,3}:\d{2}/;
const RULE = /^\s*(?:-{3,}|\*{3,}|_{3,})\s*$/;
/** A first heading that names the file or the form, not the video. */
const NO_TITLE = /transcri|template|metadata|^video[_ ]?\d+/i;
/** A heading that opens a document whose other sections are numbered: only then is `4. Next` a section. */
const NUMBERED_DOCUMENT = /section|metadata/i;
/** The level of a block that a label opened: any heading closes it. */
const LABELLED = 7;
/** Under this name stands what comes before any heading and is no value. */
const PREAMBLE = 'preamble';

/** Characters: a file of fewer, with nothing that says what they are, is somebody's note that there is no transcript yet. */
const SHORTEST_SPEECH = 200;

interface Said {
  readonly block: Block;
  readonly segments: readonly Segment[];
  readonly chapters: readonly Chapter[];
}

interface Block {
  name: string;
  /** 1 to 6 of a heading, LABELLED of a label; 0 before the first of either. */
  level: number;
  lines: string[];
}

/** Reads one Markdown transcript, front matter removed. */
export function readMarkdownTranscript(text: string): TranscriptDocument {
  const scan = scanBlocks(text.split(/\r\n|\r|\n/));
  const spoken = scan.blocks
    .map((block) => ({ block, rank: spokenRank(block.name) ?? -1 }))
    .filter(({ rank }) => rank >= 0)
    .sort((a, b) => a.rank - b.rank)
    .map(({ block }) => ({ block, ...segmentsInText(block.lines) }))
    .find(({ block, timed }) => isSpoken(block, timed));
  const bare = spoken === undefined ? (timedOnly(scan.blocks) ?? onlySpeech(scan)) : undefined;
  const said = spoken ?? bare;
  const rest = emptyObject();
  for (const block of scan.blocks) if (block !== said?.block) keep(rest, block);
  if (said !== undefined && said.chapters.length > 0) rest['chapters'] = said.chapters.map(chapter);
  for (const [name, value] of scan.labels) if (rest[name] === undefined) rest[name] = value;
  return { values: scan.values, segments: said?.segments ?? [], rest };
}

function chapter({ start_seconds, title }: Chapter): JsonValue {
  return { start_seconds, title };
}

/** "No subtitles exist" stands where subtitles would: a block of a few untimed words under that name is not speech. */
function isSpoken(block: Block, timed: boolean): boolean {
  const text = block.lines.join('\n').trim();
  if (text === '' || isPlaceholder(text)) return false;
  return timed || !/subtitle/i.test(block.name);
}

/** A file without any section: timed lines in brackets are what was said. A list of chapters has no brackets. */
function timedOnly(blocks: readonly Block[]): Said | undefined {
  for (const block of blocks) {
    if (block.level === LABELLED || !block.lines.some((line) => /^\s*(?:\*\*)?\[\d{1,3}:\d{2}/.test(line))) continue;
    const first = block.lines.findIndex((line) => TIMESTAMPED.test(line));
    const { segments, chapters } = segmentsInText(block.lines.slice(first));
    return { block, segments, chapters };
  }
  return undefined;
}

/** A file that names nothing and has no sections is what was said, after its address if it has one. */
function onlySpeech({ values, labels, blocks }: Scan): Said | undefined {
  const [block, ...others] = blocks;
  const named = Object.keys(values).some((role) => role !== 'address') || labels.size > 0;
  if (block === undefined || others.length > 0 || named) return undefined;
  if (block.lines.join('\n').trim().length < SHORTEST_SPEECH) return undefined;
  const { segments, chapters } = segmentsInText(block.lines);
  return { block, segments, chapters };
}

function keep(rest: Record<string, JsonValue>, block: Block): void {
  const text = block.lines.join('\n').trim();
  if (text === '') return;
  const name = blockName(block.name);
  const before = rest[name];
  rest[name] = typeof before === 'string' ? `${before}\n${text}` : text;
}

interface Scan {
  readonly values: Partial<Record<ValueRole, string>>;
  readonly labels: Map<string, string>;
  readonly blocks: Block[];
}

function scanBlocks(lines: readonly string[]): Scan {
  const scan: Scan = { values: {}, labels: new Map(), blocks: [newBlock(PREAMBLE, 0)] };
  let firstHeading: string | undefined;
  let number = 0;
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index] ?? '';
    const here = scan.blocks.at(-1) ?? newBlock(PREAMBLE, 0);
    const speaking = spokenRank(here.name) !== undefined;
    const section = sectionOf(line, number);
    // Headings below the transcript's own (and timed ones) are part of it.
    if (section !== undefined && !(speaking && (section.level > here.level || TIMESTAMPED.test(line)))) {
      number = section.number ?? number;
      if (section.level === 1) firstHeading ??= section.title;
      scan.blocks.push(newBlock(section.title, section.level));
    } else if (speaking && !(here.level === LABELLED && labelEnds(line))) {
      if (!RULE.test(line)) here.lines.push(line);
    } else index += takeLine(scan, here, line, lines[index + 1] ?? '');
  }
  if (firstHeading !== undefined && !NO_TITLE.test(firstHeading)) scan.values.title ??= firstHeading;
  return scan;
}

function newBlock(name: string, level: number): Block {
  return { name, level, lines: [] };
}

/** One line that is neither a heading nor speech. Returns how many lines after it were its value. */
function takeLine(scan: Scan, here: Block, line: string, next: string): number {
  const label = LABEL.exec(line.trimStart());
  const name = label?.[2]?.trim() ?? '';
  const beside = (label?.[3] ?? '').trim();
  const role = label === null ? undefined : valueRole(name);
  if (role !== undefined) {
    const below = beside === '' && isPlainLine(next) ? next.trim() : '';
    const value = beside === '' ? below : beside;
    if (value !== '' && !isPlaceholder(value)) takeValue(scan, here, role, name, value);
    return below === '' ? 0 : 1;
  }
  if (label !== null && isKnownBlock(name)) {
    const block = newBlock(name, LABELLED);
    if (beside !== '') block.lines.push(beside);
    scan.blocks.push(block);
  } else if (label?.[1] !== undefined && here.level < LABELLED && beside !== '') {
    if (!scan.labels.has(name)) scan.labels.set(name, beside);
  } else if (here.name === PREAMBLE && /^\S+$/.test(line.trim()) && youtubeIdInAddress(line) !== null) {
    takeValue(scan, here, 'address', 'Video URL', line.trim());
  } else if (!RULE.test(line)) here.lines.push(line);
  return 0;
}

/** The first value of a role is the video's. What differs from it later is kept where it stands: it may speak of another. */
function takeValue({ values, labels }: Scan, here: Block, role: ValueRole, name: string, value: string): void {
  const youtubeId = youtubeIdInAddress(value);
  // A link in a description leads to anything; only one to a video can be this video's.
  const fits = role !== 'address' || here.level < LABELLED || youtubeId !== null;
  const held = values[role];
  if (held === undefined && fits) values[role] = value;
  else if (held === value || (role === 'address' && held !== undefined && youtubeIdInAddress(held) === youtubeId))
    return;
  else if (here.level === LABELLED) here.lines.push(`${name}: ${value}`);
  else if (!labels.has(name)) labels.set(name, value);
}

function sectionOf(line: string, number: number): { title: string; level: number; number?: number } | undefined {
  const heading = HEADING.exec(line);
  if (heading !== null)
    return { title: (heading[2] ?? '').trimEnd().replace(/ #+$/, ''), level: (heading[1] ?? '#').length };
  const numbered = NUMBERED.exec(line);
  const next = Number(numbered?.[1] ?? 0);
  const title = numbered?.[2] ?? '';
  if (numbered === null || next !== number + 1 || (number === 0 && !NUMBERED_DOCUMENT.test(title))) return undefined;
  return { title, level: 2, number: next };
}

/** A label ends a transcript that itself began with a label (`Video Subtitles:` before `Video content:`). */
function labelEnds(line: string): boolean {
  const name = LABEL.exec(line.trimStart())?.[2];
  return name !== undefined && (isKnownBlock(name) || valueRole(name) !== undefined);
}

/** Whether a line can be the value of the label above it: a title may hold a colon, a length is a time. */
function isPlainLine(line: string): boolean {
  return line.trim() !== '' && !HEADING.test(line) && !/^\s*\[\d/.test(line) && !labelEnds(line);
}
