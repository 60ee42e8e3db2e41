/** What steps make of some records: looked at before they are saved, and by whoever asks. */
import type { RawRecord } from '../../ingest/dataset.ts';
import type { RecordTransform } from '../../ingest/transform/transform.ts';
import type { JsonValue } from '../../kernel/json.ts';

export interface TriedRecord {
  readonly line: number;
  readonly before: JsonValue;
  /** Null where it is left out or does not pass. */
  readonly after: JsonValue;
  readonly isKept: boolean;
  readonly fault: string | null;
}

export interface Tried {
  readonly records: readonly TriedRecord[];
  readonly kept: number;
  readonly dropped: number;
  readonly failed: number;
}

export const MOST_TRIED = 100;

/** Records as somebody sent them. */
export const asRaw = (values: readonly JsonValue[]): RawRecord[] =>
  values.slice(0, MOST_TRIED).map((value, index) => ({ line: index + 1, value, raw: { text: '' } }));

/** @throws AppError LIMIT_EXCEEDED that names the step */
export async function tryTransform(
  transform: RecordTransform | undefined,
  given: readonly RawRecord[],
): Promise<Tried> {
  const readable = given.filter(({ fault }) => fault === undefined);
  const answers = transform === undefined ? readable.map(({ value }) => ({ value })) : await transform.apply(readable);
  const tried = answers.map((answer, index): TriedRecord => {
    const { line = index + 1, value: before = null } = readable[index] ?? {};
    const after = 'value' in answer ? answer.value : null;
    const fault = 'fault' in answer ? answer.fault : null;
    return { line, before, after, isKept: 'value' in answer, fault };
  });
  const unread = given.flatMap(({ line, fault }) =>
    fault === undefined ? [] : [{ line, before: null, after: null, isKept: false, fault }],
  );
  const records = [...tried, ...unread].toSorted((a, b) => a.line - b.line);
  return {
    records,
    kept: records.filter(({ isKept }) => isKept).length,
    dropped: records.filter(({ isKept, fault }) => !isKept && fault === null).length,
    failed: records.filter(({ fault }) => fault !== null).length,
  };
}
