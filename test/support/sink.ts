/** A field's parser run once, with all that it reported. */
import type { FieldValue, RejectCode } from '../../src/ingest/dataset.ts';
import type { Field } from '../../src/ingest/fields/field.ts';
import type { JsonObject, JsonValue } from '../../src/kernel/json.ts';

export interface Parsed {
  readonly value: FieldValue;
  readonly code?: RejectCode;
  readonly raw?: string;
  readonly note?: JsonObject;
}

/** The value, and the fault's code, the raw text and the note where there were any. */
export function parseWith(field: Field, value: JsonValue): Parsed {
  let said: Omit<Parsed, 'value'> = {};
  const parsed = field.parse(value, {
    fault: (code) => {
      said = { ...said, code };
      return null;
    },
    keepRaw: (raw) => {
      said = { ...said, raw };
    },
    note: (note) => {
      said = { ...said, note };
    },
  });
  return { value: parsed, ...said };
}
