/** Files of columns (Parquet, DuckDB): read by a process of their own, row by row, as a table. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { AppError, ERROR_CODES, type ErrorCode } from '../../../kernel/errors.ts';
import { isJsonObject, type JsonObject } from '../../../kernel/json.ts';
import type { RawRecord } from '../../dataset.ts';
import { parseJson } from '../json-parse.ts';
import { BATCH_CHARACTERS, BATCH_RECORDS, MAX_RECORD_BYTES, type Reader, type ReadOptions } from '../reader.ts';
import type { SpooledFile } from '../source.ts';
import { checkColumns } from '../table.ts';

const PROGRAM = join(import.meta.dirname, 'process.ts');
/** A file that unpacks to more than this at once ends the process that reads it. */
const HEAP_MB = 1536;
/** The longest that a healthy file keeps its reader waiting; past it the file was made to be slow. */
const SILENCE_MS = 60_000;
const WORDS = { parquet: 'Parquet file', duckdb: 'DuckDB file' } as const;

type Format = 'parquet' | 'duckdb';

/** @param silence Milliseconds for which the process may say nothing while it is asked. */
export function columnarReader(format: Format, silence: number = SILENCE_MS): Reader {
  return { format, isText: false, read: (file, options) => readColumns(format, silence, file, options) };
}

async function* readColumns(
  format: Format,
  patience: number,
  file: SpooledFile,
  options: ReadOptions,
): AsyncGenerator<readonly RawRecord[]> {
  if (file.size === 0)
    throw new AppError('FILE_EMPTY', `${file.facts.path} is empty.`, { hint: 'Nothing was taken from it.' });
  let line = 0;
  let isEnded = false;
  let batch: RawRecord[] = [];
  let characters = 0;
  for await (const text of linesOf(format, patience, file, options)) {
    if (text.startsWith('!')) {
      const said = saidIn(text);
      if (isJsonObject(said['error'])) throw refused(format, file, said['error']);
      if (Array.isArray(said['names'])) checkColumns(file, said['names'].map(String), undefined);
      isEnded = said['end'] === line;
      continue;
    }
    line += 1;
    const parsed = parseJson(text, 0, options.exported);
    const raw = { text };
    if (parsed.is === 'value') batch.push({ line, value: parsed.value, raw });
    else batch.push({ line, value: null, raw, fault: parsed.reason });
    characters += text.length;
    if (batch.length < BATCH_RECORDS && characters < BATCH_CHARACTERS) continue;
    yield batch;
    batch = [];
    characters = 0;
  }
  if (!isEnded) throw refused(format, file, {});
  options.onBytes?.(file.size);
  if (batch.length > 0) yield batch;
}

async function* linesOf(
  format: Format,
  patience: number,
  file: SpooledFile,
  { table = '' }: ReadOptions,
): AsyncGenerator<string> {
  const args = [`--max-old-space-size=${HEAP_MB}`, PROGRAM, format, file.path, String(file.size), table];
  // Nothing of the server's environment is the file's business.
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'ignore'], env: {} });
  const ended = once(child, 'close').catch(() => undefined);
  const { stdout } = child;
  stdout.setEncoding('utf8');
  let silence = setTimeout(stop, patience, child);
  try {
    let held = '';
    for await (const chunk of stdout) {
      clearTimeout(silence);
      const lines = `${held}${chunk}`.split('\n');
      held = lines.pop() ?? '';
      // What waits for its taker is not silence: the clock runs only while the process is asked.
      yield* lines;
      if (held.length > MAX_RECORD_BYTES) return;
      silence = setTimeout(stop, patience, child);
    }
  } finally {
    clearTimeout(silence);
    stop(child);
    await ended;
  }
}

function stop(child: ChildProcess): void {
  if (child.exitCode === null) child.kill('SIGKILL');
}

function saidIn(text: string): JsonObject {
  const parsed = parseJson(text.slice(1));
  return parsed.is === 'value' && isJsonObject(parsed.value) ? parsed.value : {};
}

function refused(format: Format, file: SpooledFile, error: JsonObject): AppError {
  const { code, message, hint } = error;
  const known = typeof code === 'string' && isCode(code);
  const what = known ? `${file.facts.path} ${String(message)}.` : `${file.facts.path} is no readable ${WORDS[format]}.`;
  return new AppError(known ? code : 'FILE_MALFORMED', known && code === 'CONFIG_INVALID' ? String(message) : what, {
    hint: typeof hint === 'string' ? hint : 'Nothing was taken from it. Write it anew, and copy it whole.',
    ...(message !== undefined && { cause: new Error(String(message)) }),
  });
}

function isCode(code: string): code is ErrorCode {
  return Object.hasOwn(ERROR_CODES, code);
}
