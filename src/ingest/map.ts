/** Map and check: a record as the file says it becomes the columns of its row, or reasons why it cannot. */
import { emptyObject, isJsonObject, type JsonObject, type JsonValue, type MutableJsonObject } from '../kernel/json.ts';
import type { Dataset, FieldValue, RejectCode, RejectReason } from './dataset.ts';
import type { Field, FieldSink } from './fields/field.ts';
import { isPlaceholder, placeholderRemainder } from './fields/placeholder.ts';
import { jsonFault } from './json-fault.ts';
import { compileNames, type NameNode, normalizeName } from './names.ts';
import { parseJson } from './read/json-parse.ts';

/** A mapped record; the same object is filled anew for every record. */
export interface Mapped {
  /** By field, in the order of `fieldNames`; null where the file says nothing. */
  readonly values: FieldValue[];
  /** What no field claims, for the dataset's `rest` column; null where there is nothing. */
  rest: MutableJsonObject | null;
  /** By column: the text of values changed with loss, null for a column that the table's default fills. */
  raw: MutableJsonObject | null;
  reasons: RejectReason[];
}

export interface Mapper {
  /** Field names in the order of `values`: columns, and `metadata.x`. */
  readonly fieldNames: readonly string[];
  readonly map: (record: JsonObject) => Mapped;
  /** Names met that no field claims and no column takes. */
  readonly unknown: ReadonlySet<string>;
  /** Forgets the names met: the next record is of another file. */
  readonly forget: () => void;
}

/** Longer texts say no more about what is wrong. */
const SHOWN_LENGTH = 200;

/** Where the values under one name of a file go. */
interface NamePlace {
  readonly node: NameNode | undefined;
  /** The `rest` column under its own name. */
  readonly isRest: boolean;
}

/** A file has a few names; one whose every record brings new ones must not be remembered. */
const MOST_NAMES = 1000;

/** `defaults`: columns that the table fills where the file says nothing. */
export function compileMapper(dataset: Dataset, defaults: ReadonlySet<string>): Mapper {
  const fieldNames = Object.keys(dataset.fields);
  const fields: readonly Field[] = Object.values(dataset.fields);
  const required = fieldNames.map((name, index) => dataset.key.includes(name) || fields[index]?.required === true);
  const defaulted = fieldNames.map((name) => defaults.has(name));
  const root = compileNames(dataset, fieldNames);
  const byRawName = new Map<string, NamePlace>();
  const unknown = new Set<string>();
  const restName = dataset.rest;
  const restNormal = restName === undefined ? undefined : normalizeName(restName);
  const candidates: (JsonValue | undefined)[] = new Array(fields.length);
  const priorities: number[] = new Array(fields.length);
  const mapped: Mapped = { values: new Array(fields.length), rest: null, raw: null, reasons: [] };
  let current = 0;
  let currentValue: JsonValue = null;

  const restObject = (): MutableJsonObject => {
    mapped.rest ??= emptyObject();
    return mapped.rest;
  };
  const reject = (field: string, code: RejectCode, message: string, value: JsonValue | undefined): void => {
    mapped.reasons.push({ field, code, message, value: shown(value) });
  };
  const sink: FieldSink = {
    fault(code, message) {
      reject(fieldNames[current] ?? '', code, message, currentValue);
      return null;
    },
    keepRaw(text) {
      mapped.raw ??= emptyObject();
      mapped.raw[fieldNames[current] ?? ''] = text;
    },
    note(value) {
      const name = fieldNames[current] ?? '';
      if (restName !== undefined) restObject()[name.slice(name.indexOf('.') + 1)] = value;
    },
  };

  /** Offers a value to the fields that claim its name; says whether one took it. */
  const offer = (node: NameNode, value: JsonValue): boolean => {
    let taken = false;
    for (const { field, priority } of node.claims) {
      const held = candidates[field];
      if (held === undefined || priority < (priorities[field] ?? 0)) {
        candidates[field] = value;
        priorities[field] = priority;
        taken = true;
      } else if (held === value) taken = true;
    }
    return taken;
  };

  /** What remains of a nested value when the fields took theirs; undefined if nothing does. */
  const takeNested = (node: NameNode, value: JsonValue): JsonValue | undefined => {
    if (!isSaid(value)) return undefined;
    if (node.claims.length > 0 && offer(node, value)) return undefined;
    if (node.children.size === 0 || !isJsonObject(value)) return node.ignored ? undefined : value;
    let left: MutableJsonObject | undefined;
    for (const name of Object.keys(value)) {
      const inner = value[name];
      const child = node.children.get(normalizeName(name));
      const kept = child === undefined || inner === undefined ? inner : takeNested(child, inner);
      if (kept === undefined) continue;
      left ??= emptyObject();
      left[name] = kept;
    }
    return left;
  };

  /** The rest column under its own name, as exports write it: its entries are read like the record's own. */
  const takeRest = (value: JsonValue, node: NameNode | undefined): void => {
    const entries = parseRest(value);
    if (entries === undefined) {
      reject(restName ?? '', 'INVALID_TYPE', 'is not a JSON object', value);
      return;
    }
    for (const name of Object.keys(entries)) {
      const inner = entries[name];
      const child = node?.children.get(normalizeName(name));
      const kept = child === undefined || inner === undefined ? inner : takeNested(child, inner);
      if (kept !== undefined) restObject()[name] = kept;
    }
  };

  const map = (record: JsonObject): Mapped => {
    candidates.fill(undefined);
    mapped.rest = null;
    mapped.raw = null;
    mapped.reasons = [];
    for (const name of Object.keys(record)) {
      const value = record[name];
      if (value === undefined || !isSaid(value)) continue;
      let place = byRawName.get(name);
      if (place === undefined) {
        const normal = normalizeName(name);
        place = { node: root.children.get(normal), isRest: normal === restNormal };
        if (byRawName.size < MOST_NAMES) byRawName.set(name, place);
      }
      const { node, isRest } = place;
      if (isRest) takeRest(value, node);
      else {
        const kept = node === undefined ? value : takeNested(node, value);
        if (kept === undefined) continue;
        if (restName !== undefined) restObject()[name] = kept;
        else if (unknown.size < MOST_NAMES) unknown.add(name);
      }
    }
    for (current = 0; current < fields.length; current += 1) mapped.values[current] = read(current);
    const fault = mapped.rest === null ? undefined : jsonFault(mapped.rest);
    if (fault !== undefined) reject(restName ?? '', 'INVALID_VALUE', fault, undefined);
    return mapped;
  };

  const read = (index: number): FieldValue => {
    const value = candidates[index];
    const field = fields[index];
    const name = fieldNames[index] ?? '';
    if (value === undefined || field === undefined) {
      if (required[index]) reject(name, 'MISSING', 'is required', value);
      if (defaulted[index]) {
        mapped.raw ??= emptyObject();
        mapped.raw[name] = null;
      }
      return null;
    }
    const remainder = typeof value === 'string' ? placeholderRemainder(value) : undefined;
    currentValue = value;
    if (remainder !== undefined && typeof value === 'string') sink.keepRaw(value);
    const faults = mapped.reasons.length;
    const parsed = field.parse(remainder ?? value, sink);
    if (parsed === null && required[index] && mapped.reasons.length === faults)
      reject(name, 'MISSING', 'is required', value);
    return parsed;
  };

  return { fieldNames, map, unknown, forget: () => unknown.clear() };
}

/** Whether a value says anything: empty texts and placeholders do not. */
function isSaid(value: JsonValue): boolean {
  if (typeof value === 'string') return value !== '' && !isPlaceholder(value);
  return value !== null;
}

function parseRest(value: JsonValue): JsonObject | undefined {
  if (isJsonObject(value)) return value;
  if (typeof value !== 'string') return undefined;
  const parsed = parseJson(value);
  return parsed.is === 'value' && isJsonObject(parsed.value) ? parsed.value : undefined;
}

function shown(value: JsonValue | undefined): string | null {
  if (value === undefined || value === null) return null;
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  // A reason is kept as JSON, which holds no NUL and no half of a surrogate pair.
  const clean = text.slice(0, SHOWN_LENGTH).toWellFormed().replaceAll('\0', '�');
  return text.length > SHOWN_LENGTH ? `${clean}…` : clean;
}
