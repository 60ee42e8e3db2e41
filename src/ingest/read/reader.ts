/** What a reader is: one file format turned into records, in order, a batch at a time. */
import type { FileFormat, RawRecord } from '../dataset.ts';
import type { TextEncodingName } from './encoding.ts';
import type { SpooledFile } from './source.ts';

export interface ReadOptions {
  /** As detected over the whole file. Workbooks ignore it. */
  readonly encoding: TextEncodingName;
  /** JSON only: JSONPath of names, indexes and `[*]`. Default: `$[*]` for an array, else `$`. */
  readonly records?: string | undefined;
  /** Workbooks only: the sheet's name. Default: the first sheet. */
  readonly sheet?: string | undefined;
  /** DuckDB files only: the table's name. */
  readonly table?: string | undefined;
  /**
   * The file is an export: an empty text in quotes differs from nothing, JSON numbers keep their digits, and apostrophes
   * before what a spreadsheet would run are taken off.
   */
  readonly exported?: boolean | undefined;
  /** JSON only: a record's line is its place among the records, from 1. */
  readonly numbered?: boolean | undefined;
  /** Hears the bytes read since the last call, for progress. */
  readonly onBytes?: ((bytes: number) => void) | undefined;
}

export interface Reader {
  readonly format: FileFormat;
  /** False for formats whose bytes are no text (workbooks): their encoding need not be detected. */
  readonly isText: boolean;
  /**
   * Yields the file's records in order, in batches of bounded size. A record that cannot be read carries a `fault`, and
   * the rest goes on. Throws an AppError of kind `data` where the file as a whole cannot be read; nothing that was
   * yielded before may then be kept.
   */
  read(file: SpooledFile, options: ReadOptions): AsyncIterable<readonly RawRecord[]>;
}

/** Records per batch: enough that a batch costs little, few enough that memory stays flat. */
export const BATCH_RECORDS = 500;
/** Characters per batch, for files of few long records. */
export const BATCH_CHARACTERS = 256 * 1024;
/** The longest record. Beyond it a quote or bracket was left open, and the rest of the file would gather in memory. */
export const MAX_RECORD_BYTES = 64 * 1024 * 1024;
