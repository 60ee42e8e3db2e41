/** A key: text of a set form that names a row, and a reference: a key that names a row of another table. */
import type { JsonValue } from '../../kernel/json.ts';
import type { FieldValue } from '../dataset.ts';
import type { Field, FieldOptions, FieldSink } from './field.ts';
import { boundedText } from './text.ts';
import { asSeen, unseenFault } from './unseen.ts';

/** Keys are indexed, and an index entry holds 2704 bytes at most: this many characters always fit. */
const MAX_KEY = 255;

export interface IdOptions extends FieldOptions {
  /** The whole id must match: anchor it with `^` and `$`. Default: any text. */
  readonly pattern?: RegExp;
  /** In characters. Default 255. */
  readonly max?: number;
  /** Puts another spelling of an id into its form (`Video_19` → `Video_019`), before the pattern is tried. */
  readonly normalise?: (id: string) => string;
}

/**
 * A business key. What does not match, or holds what nobody sees, is INVALID_ID. A spelling that `normalise` changed, or that is not
 * the one of what it looks like, keeps its raw text.
 */
export function id(options: IdOptions = {}): Field {
  const { pattern, max = MAX_KEY, normalise, ...rest } = options;
  return {
    ...rest,
    kind: 'id',
    type: pattern === undefined ? `id ≤ ${max}` : `id like ${pattern.source}`,
    parse: idParser(pattern, max, normalise),
  };
}

export interface ReferenceOptions extends IdOptions {}

/** The key of a row of `target` (a table), which may arrive later. */
export function reference(target: string, options: ReferenceOptions = {}): Field {
  const { pattern, max = MAX_KEY, normalise, ...rest } = options;
  return { ...rest, kind: 'reference', target, type: `key of ${target}`, parse: idParser(pattern, max, normalise) };
}

function idParser(pattern: RegExp | undefined, max: number, normalise: ((id: string) => string) | undefined) {
  // A pattern with state would give every second answer wrong.
  const form = pattern === undefined ? undefined : new RegExp(pattern.source, pattern.flags.replace(/[gy]/g, ''));
  return (value: JsonValue, sink: FieldSink): FieldValue => {
    const given = boundedText(value, max, sink);
    if (given === null) return null;
    const seen = asSeen(given);
    if (seen === '') return null;
    const fault = unseenFault(seen);
    if (fault !== undefined) return sink.fault('INVALID_ID', fault);
    // A picture's full spelling may be longer than what was given.
    if (seen.length > given.length && boundedText(seen, max, sink) === null) return null;
    const key = normalise === undefined ? seen : normalise(seen);
    if (form !== undefined && !form.test(key)) {
      return sink.fault('INVALID_ID', `“${shown(given)}” is no id of the form ${form.source}.`);
    }
    if (key !== given) sink.keepRaw(given);
    return key;
  };
}

function shown(text: string): string {
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
