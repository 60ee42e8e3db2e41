/**
 * A JSON document from its first bracket to its last, a window at a time: values on the record path are handed out, the
 * others passed over. Only the brackets around the records are remembered, so that memory does not grow with the file.
 */
import { type Extent, extentFrom, followValue } from './json-extent.ts';
import { MAX_DEPTH, parseJson } from './json-parse.ts';
import type { PathStep } from './json-path.ts';

/** One value at the record path, as text. */
export interface FoundValue {
  readonly text: string;
  /** Index in the window. */
  readonly start: number;
  readonly line: number;
  /** How many brackets are around it. */
  readonly depth: number;
}

/** Why the document cannot be read on. */
export interface WalkStop {
  readonly reason: string;
  readonly line: number;
  readonly isTooDeep: boolean;
}

interface Frame {
  readonly isArray: boolean;
  /** How many steps of the path lead here. */
  readonly level: number;
  index: number;
  /** Keys seen, so that a second one cannot silently replace the first. */
  readonly keys: Set<string>;
}

type Due = 'value' | 'value or end' | 'key' | 'key or end' | 'colon' | 'comma' | 'nothing';

export interface Walk {
  readonly steps: readonly PathStep[];
  readonly frames: Frame[];
  due: Due;
  /** Of the value that is due: the steps that lead to it, or -1 where it is none of the path's. */
  level: number;
  line: number;
  /** A value whose end has not come yet. */
  open: { extent: Extent; wasCut: boolean; line: number } | undefined;
  /** Whether the place of the records was found, be it empty. */
  isReached: boolean;
}

export function startWalk(steps: readonly PathStep[]): Walk {
  return { steps, frames: [], due: 'value', level: 0, line: 1, open: undefined, isReached: false };
}

/** Whether the records are a list's: one that cannot be kept does not keep the others. */
export const isOneOfMany = ({ steps }: Walk): boolean => steps.includes('*');

/**
 * Walks on through `text`, whose first character is where the last call stopped. Returns the index from which text is
 * still needed, or why the walk cannot go on.
 */
export function walkOn(
  walk: Walk,
  text: string,
  isLast: boolean,
  found: (value: FoundValue) => WalkStop | undefined,
): number | WalkStop {
  let at = 0;
  for (;;) {
    if (walk.open === undefined) {
      at = skipSpace(walk, text, at);
      if (at >= text.length) return at;
    }
    const code = text.charCodeAt(at);
    if (walk.due === 'colon') {
      if (code !== 0x3a) return stop(walk, '“:” is due');
      walk.due = 'value';
      at += 1;
    } else if (walk.due === 'comma') {
      const frame = walk.frames.at(-1);
      if (frame === undefined) return stop(walk, 'there is text behind the end of the document');
      if (code === (frame.isArray ? 0x5d : 0x7d)) closeFrame(walk);
      else if (code === 0x2c) afterComma(walk, frame);
      else return stop(walk, '“,” or a closing bracket is due');
      at += 1;
    } else if ((walk.due === 'key or end' && code === 0x7d) || (walk.due === 'value or end' && code === 0x5d)) {
      closeFrame(walk);
      at += 1;
    } else if (walk.due === 'key' || walk.due === 'key or end') {
      const next = takeKey(walk, text, at);
      if (typeof next !== 'number') return next;
      if (next < 0) return at;
      at = next;
    } else if (walk.open === undefined && leadsOn(walk, code)) {
      if (walk.frames.length >= MAX_DEPTH) return stop(walk, tooDeep(), true);
      openFrame(walk, code === 0x5b);
      at += 1;
    } else {
      const next = takeValue(walk, text, at, isLast, found);
      if (typeof next !== 'number') return next;
      if (next < 0) return walk.open === undefined || walk.open.wasCut ? text.length : at;
      at = next;
    }
  }
}

/** Whether the value that starts with this character is a container that the path goes through. */
function leadsOn(walk: Walk, code: number): boolean {
  const step = walk.level < 0 ? undefined : walk.steps[walk.level];
  if (step === undefined) return false;
  return code === 0x5b ? step === '*' || 'index' in step : code === 0x7b && step !== '*' && 'name' in step;
}

function openFrame(walk: Walk, isArray: boolean): void {
  const step = walk.steps[walk.level];
  if (step === '*') walk.isReached = true;
  walk.frames.push({ isArray, level: walk.level, index: 0, keys: new Set() });
  walk.due = isArray ? 'value or end' : 'key or end';
  if (isArray) walk.level = levelOfElement(walk.steps, walk.level, 0);
}

function afterComma(walk: Walk, frame: Frame): void {
  frame.index += 1;
  walk.due = frame.isArray ? 'value' : 'key';
  if (frame.isArray) walk.level = levelOfElement(walk.steps, frame.level, frame.index);
}

function levelOfElement(steps: readonly PathStep[], level: number, index: number): number {
  const step = steps[level];
  const isOnPath = step === '*' || (step !== undefined && 'index' in step && step.index === index);
  return isOnPath ? level + 1 : -1;
}

function closeFrame(walk: Walk): void {
  walk.frames.pop();
  walk.due = 'comma';
}

/** Returns the index behind the key, -1 where more text is needed. */
function takeKey(walk: Walk, text: string, at: number): number | WalkStop {
  if (text.charCodeAt(at) !== 0x22) return stop(walk, 'a key in quotes is due');
  const extent = extentFrom(at);
  if (!followValue(text, extent)) return -1;
  const parsed = parseJson(text.slice(at, extent.at));
  if (parsed.is !== 'value' || typeof parsed.value !== 'string') return stop(walk, 'a key cannot be read');
  const key = parsed.value;
  const frame = walk.frames.at(-1);
  if (frame?.keys.has(key)) return stop(walk, `the key “${key}” is given twice`);
  frame?.keys.add(key);
  const step = frame === undefined ? undefined : walk.steps[frame.level];
  const isOnPath = step !== undefined && step !== '*' && 'name' in step && step.name === key;
  walk.level = isOnPath && frame !== undefined ? frame.level + 1 : -1;
  walk.due = 'colon';
  return extent.at;
}

/** Follows a value to its end and hands it out if it is a record. Returns the index behind it, -1 where it goes on. */
function takeValue(
  walk: Walk,
  text: string,
  at: number,
  isLast: boolean,
  found: (value: FoundValue) => WalkStop | undefined,
): number | WalkStop {
  walk.open ??= { extent: extentFrom(at), wasCut: false, line: walk.line };
  const { extent, line } = walk.open;
  const isRecord = walk.level === walk.steps.length;
  const isWhole = followValue(text, extent) || (isLast && isScalarAtEnd(text, extent));
  // One of many costs nobody but itself: it is followed to its end, by a counter and not by the stack.
  if (walk.frames.length + extent.deepest > MAX_DEPTH && !(isRecord && isOneOfMany(walk)))
    return stop(walk, tooDeep(), true);
  if (!isWhole) {
    // The next window starts at the record, or, of a value that is passed over, behind what was seen of it.
    walk.open.wasCut = !isRecord;
    if (isRecord) extent.at -= at;
    else extent.at -= text.length;
    return -1;
  }
  const { wasCut } = walk.open;
  walk.open = undefined;
  walk.line = line + extent.lines;
  walk.due = 'comma';
  if (wasCut) return extent.at;
  const value = { text: text.slice(at, extent.at), start: at, line, depth: walk.frames.length };
  const problem = isRecord ? found(value) : checkOnly(value);
  if (isRecord && !walk.steps.includes('*')) walk.isReached = true;
  return problem ?? extent.at;
}

function isScalarAtEnd(text: string, extent: Extent): boolean {
  return extent.depth === 0 && !extent.isInString && extent.isScalar && extent.at >= text.length;
}

/** What is passed over must be JSON too, or the file is damaged and what was read of it may be as well. */
function checkOnly(value: FoundValue): WalkStop | undefined {
  const parsed = parseJson(value.text, value.depth);
  if (parsed.is === 'value' || parsed.is === 'fault') return undefined;
  return stopIn(value, parsed.reason, parsed.at, parsed.is === 'too deep');
}

/** A stop at an index within a value. */
export function stopIn(value: FoundValue, reason: string, at: number, isTooDeep: boolean): WalkStop {
  return { reason, line: value.line + countLines(value.text, at), isTooDeep };
}

function countLines(text: string, to: number): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at >= 0 && at < to; at = text.indexOf('\n', at + 1)) count += 1;
  return count;
}

function skipSpace(walk: Walk, text: string, from: number): number {
  let at = from;
  for (; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 0x0a) walk.line += 1;
    else if (code !== 0x20 && code !== 0x0d && code !== 0x09) break;
  }
  return at;
}

function tooDeep(): string {
  return `it is nested deeper than ${MAX_DEPTH} levels`;
}

function stop(walk: Walk, reason: string, isTooDeep = false): WalkStop {
  return { reason, line: walk.line + (walk.open?.extent.lines ?? 0), isTooDeep };
}
