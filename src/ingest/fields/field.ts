/** What a field kind is: how one value of a file becomes one value of a column, or a reason why it cannot. */
import type { JsonObject, JsonValue } from '../../kernel/json.ts';
import type { RejectCode } from '../reject-code.ts';

export type FieldValue = string | number | boolean | null | JsonValue;

/** Where a parser reports beside its value. One sink serves a whole import: nothing is allocated per value. */
export interface FieldSink {
  /** The value does not pass. Returns null, so that a parser can `return sink.fault(…)`. */
  fault(code: RejectCode, message: string): null;
  /** The value was changed with loss: keep its text beside the row. */
  keepRaw(text: string): void;
  /** Facts that the column cannot hold (`{ min, max, raw }` of a range), for the dataset's `rest` column. */
  note(value: JsonObject): void;
}

export type FieldKind =
  | 'text'
  | 'id'
  | 'integer'
  | 'decimal'
  | 'date'
  | 'timestamp'
  | 'duration'
  | 'enum'
  | 'range'
  | 'boolean'
  | 'json'
  | 'list'
  | 'reference';

export interface FieldOptions {
  /**
   * Names in files, besides the column's own: a header (`RSR_ID`), or a dotted path into nested JSON
   * (`platforms.youtube.channel_url`). Compared without case, spaces, `_`, `-`, so `Video ID` is `video_id` is `videoId`.
   * The first that gives a value wins.
   */
  readonly from?: readonly string[];
  /** A record without it is rejected as MISSING. Key columns are always required. */
  readonly required?: boolean;
  readonly description?: string;
}

export interface Field extends FieldOptions {
  readonly kind: FieldKind;
  /** Shown with the API's `datasets`: `text ≤ 500`, `one of VID, AI, …`. */
  readonly type: string;
  /** Only for kind `reference`: the table whose key this column holds. */
  readonly target?: string;
  /**
   * Reads one value that is present and no placeholder (see `isPlaceholder`). Returns the column's canonical value
   * (dates `YYYY-MM-DD`, timestamps ISO 8601 UTC, decimals as text), or null after `sink.fault`, or null where the text
   * means "nothing".
   */
  readonly parse: (value: JsonValue, sink: FieldSink) => FieldValue;
}
