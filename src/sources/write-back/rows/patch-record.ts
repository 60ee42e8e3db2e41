/** A record's new bytes: every byte that its edits do not concern is as it was. */
import type { TextEncodingName } from '../../../ingest/read/encoding.ts';
import type { JsonValue } from '../../../kernel/json.ts';
import { cellSpans, writeCell } from './csv-cells.ts';
import { memberSpans, writeValue } from './json-members.ts';
import { decodeText, encodeText } from './text-encoding.ts';

/** How the file's records are written. */
export type RecordForm =
  | { readonly is: 'csv'; readonly delimiter: string; readonly names: readonly string[] }
  | { readonly is: 'json' };

interface Replacement {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Undefined where the record has no place for a value, or its encoding no bytes. */
export function patchRecord(
  bytes: Buffer,
  encoding: TextEncodingName,
  form: RecordForm,
  changes: ReadonlyMap<string, JsonValue>,
): Buffer | undefined {
  const text = decodeText(bytes, encoding);
  const places = form.is === 'csv' ? cellPlaces(text, form, changes) : memberPlaces(text, changes);
  if (places.length < changes.size) return undefined;
  let patched = text;
  // From the end on: what is replaced moves what lies behind it.
  for (const { start, end, text: value } of places.toSorted((a, b) => b.start - a.start)) {
    patched = patched.slice(0, start) + value + patched.slice(end);
  }
  return encodeText(patched, encoding);
}

function cellPlaces(
  text: string,
  { names, delimiter }: Extract<RecordForm, { is: 'csv' }>,
  changes: ReadonlyMap<string, JsonValue>,
): Replacement[] {
  const spans = cellSpans(text, delimiter);
  return [...changes].flatMap(([name, value]) => {
    const span = spans[names.indexOf(name)];
    if (span === undefined || !names.includes(name)) return [];
    return [{ ...span, text: writeCell(text.slice(span.start, span.end), String(value), delimiter) }];
  });
}

function memberPlaces(text: string, changes: ReadonlyMap<string, JsonValue>): Replacement[] {
  const spans = memberSpans(text);
  return [...changes].flatMap(([name, value]) => {
    const span = spans.get(name);
    return span === undefined ? [] : [{ ...span, text: writeValue(text, value) }];
  });
}
