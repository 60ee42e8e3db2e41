/** JSON Lines: one JSON value per line. A bad line is one fault; the rest goes on. */
import { AppError } from '../../kernel/errors.ts';
import type { RawRecord } from '../dataset.ts';
import { parseJson } from './json-parse.ts';
import type { Reader, ReadOptions } from './reader.ts';
import type { SpooledFile } from './source.ts';
import { readWindows } from './text.ts';

export const jsonlReader: Reader = { format: 'jsonl', isText: true, read: readJsonl };

async function* readJsonl(file: SpooledFile, options: ReadOptions): AsyncGenerator<readonly RawRecord[]> {
  let line = 1;
  let hasText = false;
  for await (const window of readWindows(file, options.encoding, options.onBytes)) {
    const { text } = window;
    const batch: RawRecord[] = [];
    let at = 0;
    let offset = window.offset;
    while (at < text.length) {
      const feed = text.indexOf('\n', at);
      if (feed < 0 && !window.isLast) break;
      const end = feed < 0 ? text.length : feed + 1;
      const content = text.slice(at, end).trimEnd();
      const size = window.bytes(at, end);
      if (content !== '') {
        const raw = { offset, length: window.bytes(at, at + content.length) };
        batch.push(recordOf(content, line, raw, options.exported));
      }
      offset += size;
      at = end;
      line += 1;
    }
    window.keepFrom(at);
    hasText ||= batch.length > 0;
    if (batch.length > 0) yield batch;
  }
  if (!hasText && file.mayBeEmpty !== true)
    throw new AppError('FILE_EMPTY', `${file.facts.path} holds only blank lines.`);
}

function recordOf(content: string, line: number, raw: RawRecord['raw'], exported = false): RawRecord {
  const parsed = parseJson(content, 0, exported);
  return parsed.is === 'value'
    ? { line, value: parsed.value, raw }
    : { line, value: null, raw, fault: `No JSON value: ${parsed.reason}` };
}
