/**
 * Reads the records of an export. Its texts are the rows' own, and stay as they are: spaces, spellings, words such as
 * `N/A`. Other values are read as in every file, since a spreadsheet writes a date or a number in its own way when it saves.
 */
import { emptyObject, isJsonObject, type JsonValue, type MutableJsonObject } from '../../kernel/json.ts';
import { rawNumberText } from '../../kernel/raw-number.ts';
import { textFault } from '../../kernel/text-fault.ts';
import type { Dataset, FieldValue, RejectCode } from '../dataset.ts';
import type { Field, FieldSink } from '../fields/field.ts';
import { jsonFault } from '../json-fault.ts';
import type { Mapped, Mapper } from '../map.ts';
import { parseJson } from '../read/json-parse.ts';
import type { Table } from '../table.ts';
import { partsName } from './exported-rows.ts';

const TEXTS = new Set(['text', 'id', 'reference']);
const NUMBERS = new Set(['decimal', 'range']);
const WHOLE = /^-?\d+$/;
const NUMBER = /^-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
/** Spreadsheets write the hours of the night with one digit. */
const SHORT_HOUR = /^(\d{4}-\d{2}-\d{2}[ T])(\d:)/;
/** More names than any table has: those beyond are not listed. */
const MOST_NAMES = 1000;
const SHOWN_LENGTH = 200;

/**
 * As `compileMapper`, for the rows of an export. In `raw` stand the columns that a record says are empty: of an export that
 * is a value like any other.
 */
export function exactMapper(dataset: Dataset, { columns }: Table): Mapper {
  const fieldNames = Object.keys(dataset.fields);
  const fields: readonly Field[] = Object.values(dataset.fields);
  const places = new Map(fieldNames.map((name, index) => [name, index]));
  const required = fieldNames.map((name) => {
    const column = columns.get(name);
    return dataset.key.includes(name) || (column?.required === true && column.default === null);
  });
  const apart = new Set([...(dataset.parts ?? []).map((part) => partsName(dataset, part)), ...(dataset.ignore ?? [])]);
  const unknown = new Set<string>();
  const mapped: Mapped = { values: new Array(fields.length), rest: null, raw: null, reasons: [] };
  let current = '';
  const reject = (code: RejectCode, message: string, value: JsonValue): void => {
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    const shown = text.slice(0, SHOWN_LENGTH).toWellFormed().replaceAll('\0', '�');
    mapped.reasons.push({ field: current, code, message, value: shown });
  };
  let currentValue: JsonValue = null;
  const sink: FieldSink = {
    fault(code, message) {
      reject(code, message, currentValue);
      return null;
    },
    // How a spreadsheet wrote a value is nobody's original text.
    keepRaw: () => undefined,
    note: () => undefined,
  };

  const read = (name: string, field: Field, value: JsonValue): FieldValue => {
    const given = rawNumberText(value) ?? value;
    if (TEXTS.has(field.kind)) return exactText(given);
    if (given === '' || (typeof given === 'string' && given.trim() === '')) return null;
    if (field.kind === 'json' || field.kind === 'list') return exactJson(value);
    const isWhole = columns.get(name)?.type === 'integer';
    if (NUMBERS.has(field.kind) && (isWhole ? WHOLE : NUMBER).test(String(given))) return String(given);
    return field.parse(typeof given === 'string' ? given.replace(SHORT_HOUR, '$10$2') : given, sink);
  };

  const exactText = (value: JsonValue): FieldValue => {
    if (typeof value === 'object' && value !== null) {
      reject('INVALID_TYPE', 'One text is due here.', value);
      return null;
    }
    const text = String(value);
    const fault = textFault(text);
    if (fault === undefined) return text;
    reject('INVALID_VALUE', fault, text);
    return null;
  };

  const exactJson = (value: JsonValue): JsonValue => {
    const parsed = typeof value === 'string' ? parseJson(value, 0, true) : { is: 'value' as const, value };
    const fault = parsed.is === 'value' ? jsonFault(parsed.value) : `This is no JSON: ${parsed.reason}`;
    if (parsed.is === 'value' && fault === undefined) return parsed.value;
    reject('INVALID_VALUE', fault ?? 'This is no JSON.', value);
    return null;
  };

  const takeRest = (value: JsonValue): void => {
    const entries = exactJson(value);
    if (isJsonObject(entries)) mapped.rest = Object.assign(restObject(), entries);
    else if (entries !== null) reject('INVALID_TYPE', 'This is not a JSON object.', value);
  };
  const restObject = (): MutableJsonObject => mapped.rest ?? emptyObject();

  return {
    fieldNames,
    unknown,
    forget: () => unknown.clear(),
    map(record) {
      mapped.values.fill(null);
      mapped.rest = null;
      mapped.raw = null;
      mapped.reasons = [];
      for (const name of Object.keys(record)) {
        const value = record[name];
        if (value === undefined) continue;
        current = name;
        currentValue = value;
        const place = places.get(name);
        const field = place === undefined || name.includes('.') ? undefined : fields[place];
        if (place !== undefined && field !== undefined) {
          const taken = value === null ? null : read(name, field, value);
          mapped.values[place] = taken;
          if (taken === null) {
            mapped.raw ??= emptyObject();
            mapped.raw[name] = null;
          }
        } else if (value === null || value === '' || apart.has(name)) {
          // A column that someone added and left empty says nothing; parts go their own way.
        } else if (name === dataset.rest) takeRest(value);
        else if (dataset.rest !== undefined) {
          mapped.rest = restObject();
          mapped.rest[name] = value;
        } else if (unknown.size < MOST_NAMES) unknown.add(name);
      }
      for (const [index, name] of fieldNames.entries()) {
        if (!required[index] || mapped.values[index] !== null || mapped.reasons.some(({ field }) => field === name))
          continue;
        current = name;
        mapped.reasons.push({ field: name, code: 'MISSING', message: 'is required', value: null });
      }
      return mapped;
    },
  };
}
