/** What became of each record of a small import, for clients that ask about every one: gathered while the pipeline runs. */
import type { JsonValue } from '../kernel/json.ts';
import type { Dataset, FieldValue, RejectReason } from './dataset.ts';

export type RecordResult = 'inserted' | 'updated' | 'unchanged' | 'rejected';

export interface RecordOutcome {
  /** Where the record begins in what was sent, from 1; of JSON its place among the records. */
  readonly line: number;
  /** The business key, an object of its columns where it is composite; null where the record gives none that can be read. */
  readonly key: JsonValue;
  readonly result: RecordResult;
  /** Of a rejected record: one per field. */
  readonly reasons?: readonly RejectReason[];
}

/** Records are named by their ordinals. */
export interface Outcomes {
  readonly read: (ordinal: number, line: number, key: JsonValue) => void;
  readonly rejected: (ordinal: number, reasons: readonly RejectReason[]) => void;
  readonly merged: (result: 'inserted' | 'updated', ordinals: readonly number[]) => void;
  /** In the order of the records; undefined when there were more than are told of. */
  readonly list: () => readonly RecordOutcome[] | undefined;
}

/** Of at most `most` records: those of a larger import are not kept in memory. */
export function openOutcomes(most: number): Outcomes {
  const found: { line: number; key: JsonValue; result: RecordResult; reasons?: readonly RejectReason[] }[] = [];
  let count = 0;
  return {
    read: (ordinal, line, key) => {
      count = ordinal;
      // What nothing else is heard of said what was known.
      if (count <= most) found[ordinal - 1] = { line, key, result: 'unchanged' };
      else found.length = 0;
    },
    rejected: (ordinal, reasons) => {
      const outcome = found[ordinal - 1];
      if (outcome !== undefined) Object.assign(outcome, { result: 'rejected', reasons });
    },
    merged: (result, ordinals) => {
      for (const ordinal of ordinals) {
        const outcome = found[ordinal - 1];
        if (outcome !== undefined) outcome.result = result;
      }
    },
    list: () => (count <= most ? found : undefined),
  };
}

/** The key as answers tell it. `fields` are the record's values by column. */
export function keyOfRecord(dataset: Dataset, fields: Readonly<Record<string, FieldValue>>): JsonValue {
  const values = dataset.key.map((column) => fields[column] ?? null);
  const [only = null] = values;
  if (values.includes(null)) return null;
  return values.length === 1
    ? String(only)
    : Object.fromEntries(dataset.key.map((column, at) => [column, values[at] ?? null]));
}
