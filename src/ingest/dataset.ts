/**
 * The vocabulary of the pipeline, and the declaration that makes a dataset.
 *
 * - **dataset**: one declared kind of record: where it is found, how its fields are read and checked, its table and its key.
 * - **record**: one thing as the file says it. **row**: one thing as the table holds it.
 * - **reference**: a record's mention of a row by its key; it waits until that row arrives.
 * - **derived**: a row that a record brings along for another table: inserted if absent, counted apart.
 * - **part**: a row that lives and dies with its record's row (a transcript's segments), replaced as a whole.
 * - **reject**: a record that did not pass, kept with its original bytes and one reason per field.
 *
 * A dataset is a plain value, default-exported by one file of a context's `datasets/` folder and found there. All
 * knowledge of a field (its names in files, its placeholders, its limits) stands in that file and nowhere else.
 */
import type { JsonObject, JsonValue } from '../kernel/json.ts';
import type { Field, FieldValue } from './fields/field.ts';
import type { RejectCode } from './reject-code.ts';

export type { FieldValue } from './fields/field.ts';
export { REJECT_CODES, type RejectCode } from './reject-code.ts';

/** One reason, about one field (a column name) or, with an empty field, about the record. */
export interface RejectReason {
  readonly field: string;
  readonly code: RejectCode;
  readonly message: string;
  /** The text that did not pass, shortened. */
  readonly value: string | null;
}

/** What is known of a file before it is read. */
export interface FileFacts {
  /** Relative to the root, `/` between folders. */
  readonly path: string;
  /** Folders of the path, without the name: `03_ANALYSIS/Gap_Analysis`; empty at the root. */
  readonly folder: string;
  /** `Video_006.md` */
  readonly name: string;
  /** `Video_006` */
  readonly stem: string;
  /** `.md`, lower case */
  readonly extension: string;
  readonly modifiedAt: Date;
}

/** Where a record's original bytes are: a span of the file, or text where the format has no such span (a workbook). */
export type RawSpan = { readonly offset: number; readonly length: number } | { readonly text: string };

/** What a reader yields. */
export interface RawRecord {
  /** 1-based line (row of a sheet) where the record starts. */
  readonly line: number;
  /** An object for tables and JSON records; any JSON value where a dataset reads a whole document. */
  readonly value: JsonValue;
  readonly raw: RawSpan;
  /** Set when this record could not be read (a ragged row): it becomes a MALFORMED reject, the rest goes on. */
  readonly fault?: string;
  /** Set when it was read and does not pass all the same: it becomes a reject for that reason. */
  readonly reason?: RejectReason;
}

export type FileFormat = 'csv' | 'json' | 'jsonl' | 'xlsx' | 'parquet' | 'duckdb' | 'markdown';

/** One place where a dataset's records are found. */
export interface FilePattern {
  /** Glob over the path relative to the root, without regard to case: `RESEARCHES_*.csv` at any depth by a leading double star. */
  readonly pattern: string;
  /** Default: by extension. */
  readonly format?: FileFormat;
  /** JSON only: JSONPath of names, indexes and `[*]`: `$.channels[*]`. Default: `$[*]` for an array, else `$`. */
  readonly records?: string;
  /** Workbooks only: the sheet's name. Default: the first sheet. */
  readonly sheet?: string;
  /** DuckDB files only: the table's name. Default: the dataset's. */
  readonly table?: string;
  /** Its files hold the table's rows as they are: no value is cleaned, and nothing but the row is brought along. */
  readonly exported?: boolean;
  /** JSON only: a record's line is its place among the records, as a program counts that writes all on one line. */
  readonly numbered?: boolean;
}

/** A record after its fields were read and checked. */
export interface MappedRecord {
  /** By column; absent or null where the file says nothing. */
  readonly fields: Readonly<Record<string, FieldValue>>;
  /** The record as it was read (after `split`). */
  readonly source: JsonObject;
  readonly file: FileFacts;
}

/**
 * "This row mentions that row." Owner and target are given by business key, or the target by a unique-enough name; either
 * may be absent and is waited for. For a link table owner and target are its first and second key column.
 */
export interface Reference {
  /** `videos.channel_id` (a foreign key column) or `research_videos` (a link table). */
  readonly relation: string;
  readonly owner: string;
  readonly target: string | { readonly name: string };
  /** Link tables only: further columns of the link row. */
  readonly attributes?: JsonObject;
}

/** A row for another table, inserted if its key is absent. */
export interface DerivedRow {
  readonly table: string;
  readonly fields: Readonly<Record<string, FieldValue>>;
}

/** What a record brings along besides its own row. */
export interface Brought {
  readonly references?: readonly Reference[];
  readonly derived?: readonly DerivedRow[];
  /** By part table: all parts of this record, in order. Absent: parts are left as they are. */
  readonly parts?: Readonly<Record<string, readonly Readonly<Record<string, FieldValue>>[]>>;
}

/** A table of parts: its first key column is the record's key, its second the 1-based position. */
export interface PartTable {
  readonly table: string;
  readonly key: readonly [string, string];
  readonly columns: readonly string[];
}

/** One file of `datasets/`. */
export interface Dataset {
  /** `researches`: the name in commands, settings and the API. */
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly table: string;
  /** Business key columns, in order. */
  readonly key: readonly string[];
  /** In order of authority: where two files give one field, the earlier pattern's value stands. */
  readonly files: readonly FilePattern[];
  /**
   * Rank among datasets that fill one table, 0 first: the value of the lower rank stands.
   * Default 0: a table with one dataset needs none.
   */
  readonly authority?: number;
  /** Raise it when the rules change what the same bytes give: files are then read again. */
  readonly rulesVersion: number;
  /** A reason to leave a matching file alone (a conflict copy, a tracker), or undefined. */
  readonly skip?: (file: FileFacts) => string | undefined;
  /** Turns one thing read into the records it holds (a document with several videos). Default: itself. */
  readonly split?: (value: JsonValue, file: FileFacts) => readonly JsonObject[];
  /** By column, or `metadata.name` for a known entry of the JSON column `rest`. */
  readonly fields: Readonly<Record<string, Field>>;
  /** JSON column that takes what no field claims. Without one, unknown names are ignored only if listed in `ignore`. */
  readonly rest?: string;
  /** Names that carry nothing and are left out of `rest` (`total_rows`), each with its reason in a comment. */
  readonly ignore?: readonly string[];
  readonly brings?: (record: MappedRecord) => Brought;
  readonly parts?: readonly PartTable[];
}

/** Declares a dataset. It adds nothing at run time: it is where the type checker meets the declaration. */
export function defineDataset(dataset: Dataset): Dataset {
  return dataset;
}
