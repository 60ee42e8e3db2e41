/** Reading a raw record by name, where a dataset needs more of it than its fields: names compare as the pipeline's do. */
import { isPlaceholder } from '../ingest/fields/placeholder.ts';
import { normalizeName } from '../ingest/names.ts';
import { emptyObject, isJsonObject, type JsonObject, type JsonValue } from '../kernel/json.ts';

/** Names met so far in their plain form: a table has few, and asks for them once per record. */
const plain = new Map<string, string>();
/** A document may have any number of keys: those beyond this many are not remembered. */
const MAX_REMEMBERED = 10_000;

function plainName(name: string): string {
  const known = plain.get(name);
  if (known !== undefined) return known;
  const normal = normalizeName(name);
  if (plain.size < MAX_REMEMBERED) plain.set(name, normal);
  return normal;
}

/** The first of `names` that the record gives a value for; undefined where none does. */
export function valueNamed(record: JsonObject, ...names: readonly string[]): JsonValue | undefined {
  for (const name of names) {
    const wanted = plainName(name);
    for (const key of Object.keys(record)) {
      // A plain name is no longer than any spelling of it: most names are passed over here.
      if (key.length < wanted.length || plainName(key) !== wanted) continue;
      const value = record[key];
      if (value !== null && value !== undefined && value !== '') return value;
    }
  }
  return undefined;
}

/** The first of `names` that holds a text which is no placeholder, trimmed. */
export function textNamed(record: JsonObject, ...names: readonly string[]): string | undefined {
  for (const name of names) {
    const value = valueNamed(record, name);
    const text = typeof value === 'number' ? String(value) : value;
    if (typeof text === 'string' && text.trim() !== '' && !isPlaceholder(text)) return text.trim();
  }
  return undefined;
}

/** An object inside the record, by a dotted path; empty where the record has none. */
export function objectAt(record: JsonObject, ...path: readonly string[]): JsonObject {
  let here: JsonObject = record;
  for (const name of path) {
    const next = valueNamed(here, name);
    if (!isJsonObject(next)) return emptyObject();
    here = next;
  }
  return here;
}

/** A copy with further values; the copy takes any key, as the original did. */
export function withValues(record: JsonObject, values: Readonly<Record<string, JsonValue | undefined>>): JsonObject {
  const copy = Object.assign(emptyObject(), record);
  for (const [key, value] of Object.entries(values)) if (value !== undefined) copy[key] = value;
  return copy;
}

/**
 * The records of a tidy file: one object, a bare array, or an object that holds the array under the dataset's name
 * (`{ "channels": [...] }`). What is no object stays as an empty record, which the missing key rejects: nothing is lost unseen.
 */
export function recordsIn(value: JsonValue, list: string): JsonObject[] {
  if (Array.isArray(value)) return value.map((item) => (isJsonObject(item) ? item : emptyObject()));
  if (!isJsonObject(value)) return [emptyObject()];
  const inside = valueNamed(value, list);
  return Array.isArray(inside) ? recordsIn(inside, list) : [value];
}

/**
 * The record of a document: what its rules say (`columns`), and everything that the document says itself. A name of the
 * document's that would be taken for a column, or is reserved, gets a mark: it is words, and must not become a value.
 */
export function documentRecord(
  columns: Readonly<Record<string, JsonValue | undefined>>,
  said: JsonObject,
  reserved: readonly string[],
): JsonObject {
  const made = emptyObject();
  const taken = new Map<string, JsonValue | undefined>(reserved.map((name) => [plainName(name), undefined]));
  for (const [name, value] of Object.entries(columns)) {
    if (value === undefined) continue;
    made[name] = value;
    taken.set(plainName(name), value);
  }
  for (const name of Object.keys(said)) {
    const value = said[name];
    const plain = plainName(name);
    if (value === undefined || taken.get(plain) === value) continue;
    made[taken.has(plain) ? `${name} (as written)` : name] = value;
  }
  return made;
}

/** A row of a tidy table without the times that the database writes itself. */
export function withoutDatabaseTimes(record: JsonObject): JsonObject {
  const copy = emptyObject();
  for (const [key, value] of Object.entries(record))
    if (!['createdat', 'updatedat'].includes(plainName(key))) copy[key] = value;
  return copy;
}
