/** JSON documents: the values at a record path, streamed, so that a file larger than memory passes. */
import { AppError } from '../../kernel/errors.ts';
import type { RawRecord } from '../dataset.ts';
import { parseJson } from './json-parse.ts';
import { parsePath } from './json-path.ts';
import { type FoundValue, isOneOfMany, startWalk, stopIn, type Walk, type WalkStop, walkOn } from './json-walk.ts';
import type { Reader, ReadOptions } from './reader.ts';
import type { SpooledFile } from './source.ts';
import { readWindows, type TextWindow } from './text.ts';

export const jsonReader: Reader = { format: 'json', isText: true, read: readJson };

async function* readJson(file: SpooledFile, options: ReadOptions): AsyncGenerator<readonly RawRecord[]> {
  const place = options.numbered === true ? { last: 0 } : undefined;
  let walk: Walk | undefined = options.records === undefined ? undefined : startWalk(parsePath(options.records));
  for await (const window of readWindows(file, options.encoding, options.onBytes)) {
    walk ??= startOfDocument(window.text);
    if (walk === undefined) {
      if (window.isLast) throw new AppError('FILE_EMPTY', `${file.facts.path} holds only spaces.`);
      window.keepFrom(0);
      continue;
    }
    const batch: RawRecord[] = [];
    const collect = collector(window, batch, walk, place, options.exported);
    const end = walkOn(walk, window.text, window.isLast, collect);
    if (typeof end !== 'number') throw malformed(file, end);
    if (window.isLast) checkEnd(file, walk, options.records);
    window.keepFrom(end);
    if (batch.length > 0) yield batch;
  }
}

/** Without a path, a list is one record per element, and anything else is one record. */
function startOfDocument(text: string): Walk | undefined {
  const first = /[^ \t\r\n]/.exec(text)?.[0];
  if (first === undefined) return undefined;
  return startWalk(first === '[' ? ['*'] : []);
}

function collector(
  window: TextWindow,
  batch: RawRecord[],
  walk: Walk,
  place: { last: number } | undefined,
  exported = false,
): (value: FoundValue) => WalkStop | undefined {
  let offset = window.offset;
  let counted = 0;
  return (value) => {
    offset += window.bytes(counted, value.start);
    const length = window.bytes(value.start, value.start + value.text.length);
    const raw = { offset, length };
    offset += length;
    counted = value.start + value.text.length;
    const parsed = parseJson(value.text, value.depth, exported);
    if (place !== undefined) place.last += 1;
    const line = place?.last ?? value.line;
    if (parsed.is === 'value') batch.push({ line, value: parsed.value, raw });
    else if (parsed.is === 'fault' || (parsed.is === 'too deep' && isOneOfMany(walk)))
      batch.push({ line, value: null, raw, fault: parsed.reason });
    else return stopIn(value, parsed.reason, parsed.at, parsed.is === 'too deep');
    return undefined;
  };
}

function checkEnd(file: SpooledFile, walk: Walk, records: string | undefined): void {
  if (walk.open !== undefined || walk.due !== 'comma' || walk.frames.length > 0) {
    if (walk.line === 1 && walk.frames.length === 0 && walk.open === undefined) {
      throw new AppError('FILE_EMPTY', `${file.facts.path} holds only spaces.`);
    }
    const line = walk.line + (walk.open?.extent.lines ?? 0);
    throw malformed(file, {
      reason: 'the document ends before its brackets and quotes are closed',
      line,
      isTooDeep: false,
    });
  }
  if (!walk.isReached) {
    throw new AppError('FILE_MALFORMED', `${file.facts.path} has nothing at ${records ?? '$'}.`, {
      hint: 'Check the record path of the dataset, and that the file is the one that was meant.',
    });
  }
}

function malformed(file: SpooledFile, { reason, line, isTooDeep }: WalkStop): AppError {
  const code = isTooDeep ? 'NESTED_TOO_DEEP' : 'FILE_MALFORMED';
  return new AppError(code, `${file.facts.path}, line ${line}: ${reason.replace(/\.$/, '')}.`, {
    hint: 'Nothing was taken from the file. Correct it there and import it again.',
  });
}
