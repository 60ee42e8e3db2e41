/** One of a closed list of words, and the one with two: booleans. */
import { cleanText, looseKey } from './clean.ts';
import type { Field, FieldOptions } from './field.ts';

export interface EnumerationOptions extends FieldOptions {
  /** Other words for a value: `{ HRM: 'HR' }`. Compared like the values themselves. */
  readonly map?: Readonly<Record<string, string>>;
}

/** A file says a value in a few spellings; a file of a million different ones must not be remembered. */
const MAX_REMEMBERED = 1000;

/**
 * One of `values`, spelled as the list spells it. Case, spaces, `_` and `-` do not count. A word that came through `map`
 * keeps its raw text: several words may mean one value. Anything else is INVALID_VALUE.
 */
export function enumeration(values: readonly string[], options: EnumerationOptions = {}): Field {
  const { map = {}, ...rest } = options;
  const byKey = new Map<string, string>();
  for (const [word, value] of Object.entries(map)) byKey.set(looseKey(word), value);
  const own = new Set(values.map(looseKey));
  for (const value of values) byKey.set(looseKey(value), value);
  const remembered = new Map<string, string>();
  const list = values.join(', ');
  return {
    ...rest,
    kind: 'enum',
    type: `one of ${list}`,
    parse: (value, sink) => {
      const known = typeof value === 'string' ? remembered.get(value) : undefined;
      if (known !== undefined) return known;
      const text = cleanText(value, sink);
      if (text === null) return null;
      const key = looseKey(text);
      const found = byKey.get(key);
      if (found === undefined) return sink.fault('INVALID_VALUE', `This is none of ${list}.`);
      if (!own.has(key)) sink.keepRaw(text);
      else if (typeof value === 'string' && remembered.size < MAX_REMEMBERED) remembered.set(value, found);
      return found;
    },
  };
}

const BOOLEANS = new Map([
  ['true', true],
  ['false', false],
  ['yes', true],
  ['no', false],
  ['y', true],
  ['n', false],
  ['t', true],
  ['f', false],
  ['1', true],
  ['0', false],
  ['on', true],
  ['off', false],
]);

/** True or false, as JSON or as the words `yes`, `no`, `1`, `0` and their like. Anything else is INVALID_VALUE. */
export function boolean(options: FieldOptions = {}): Field {
  return {
    ...options,
    kind: 'boolean',
    type: 'boolean',
    parse: (value, sink) => {
      if (typeof value === 'boolean') return value;
      const text = cleanText(value, sink);
      if (text === null) return null;
      return BOOLEANS.get(text.toLowerCase()) ?? sink.fault('INVALID_VALUE', 'This is neither true nor false.');
    },
  };
}
