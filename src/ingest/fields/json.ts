/** Values kept as JSON: whole structures, and lists of texts. */
import type { JsonValue } from '../../kernel/json.ts';
import { jsonFault } from '../json-fault.ts';
import { parseJson } from '../read/json-parse.ts';
import type { Field, FieldOptions, FieldSink } from './field.ts';
import { isPlaceholder } from './placeholder.ts';
import { boundedText } from './text.ts';

/** Any JSON. Text that starts like an object or a list must be one. Text that cannot be stored is INVALID_VALUE. */
export function json(options: FieldOptions = {}): Field {
  return {
    ...options,
    kind: 'json',
    type: 'JSON',
    parse: (value, sink) => {
      const parsed = typeof value === 'string' && /^\s*[[{]/.test(value) ? fromText(value, sink) : value;
      const fault = parsed === null ? undefined : jsonFault(parsed);
      return fault === undefined ? parsed : sink.fault('INVALID_VALUE', fault);
    },
  };
}

function fromText(text: string, sink: FieldSink): JsonValue {
  const parsed = parseJson(text);
  return parsed.is === 'value' ? parsed.value : sink.fault('INVALID_VALUE', `This is no JSON: ${parsed.reason}`);
}

export interface ListOptions extends FieldOptions {
  /** What separates the entries of a text. Default: `;` where the text has one, else `,`. */
  readonly separator?: string;
  /** Characters per entry. */
  readonly max?: number;
}

/** A list of texts, as a JSON array, from an array or from separated text. Empty entries and placeholders are left out. */
export function list(options: ListOptions = {}): Field {
  const { separator, max, ...rest } = options;
  return {
    ...rest,
    kind: 'list',
    type: 'list of text',
    parse: (value, sink) => {
      const entries = Array.isArray(value) ? value : typeof value === 'string' ? split(value, separator) : [value];
      const texts: string[] = [];
      for (const entry of entries) {
        const text = boundedText(entry, max, sink);
        if (text !== null && !isPlaceholder(text)) texts.push(text);
      }
      return texts.length === 0 ? null : texts;
    },
  };
}

function split(text: string, separator: string | undefined): readonly string[] {
  const json = text.trimStart().startsWith('[') ? parseJson(text) : undefined;
  if (json?.is === 'value' && Array.isArray(json.value) && json.value.every((entry) => typeof entry === 'string')) {
    return json.value;
  }
  return text.split(separator ?? (text.includes(';') ? ';' : ','));
}
