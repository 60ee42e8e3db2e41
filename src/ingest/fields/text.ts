/** Text, and ids: text of a set form that names a row. */
import type { JsonValue } from '../../kernel/json.ts';
import { cleanText, isLongerThan } from './clean.ts';
import type { Field, FieldOptions, FieldSink } from './field.ts';

export interface TextOptions extends FieldOptions {
  /** In characters. Default: no limit here, the table's own is then the only one. */
  readonly max?: number;
}

/** Trimmed text in NFC. Longer than `max` is TOO_LONG: nothing is cut off. */
export function text(options: TextOptions = {}): Field {
  const { max, ...rest } = options;
  return {
    ...rest,
    kind: 'text',
    type: max === undefined ? 'text' : `text ≤ ${max}`,
    parse: (value, sink) => boundedText(value, max, sink),
  };
}

/** Clean text within `max` characters, or null after a fault. */
export function boundedText(value: JsonValue, max: number | undefined, sink: FieldSink): string | null {
  const clean = cleanText(value, sink);
  if (clean === null || max === undefined || !isLongerThan(clean, max)) return clean;
  return sink.fault('TOO_LONG', `The text has ${clean.length} characters; ${max} are the most.`);
}
