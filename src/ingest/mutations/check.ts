/** Values given by hand pass the rules by which files are read: the same mapper says what they become, or why not. */
import {
  emptyObject,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  type MutableJsonObject,
} from '../../kernel/json.ts';
import type { Dataset } from '../dataset.ts';
import { compileMapper, type Mapped } from '../map.ts';
import type { Faults } from './faults.ts';
import type { Writable, WritableField } from './writable.ts';

/** A record as the API was given it, by the API's names. */
export type Given = Readonly<Record<string, unknown>>;

export interface Checked {
  /** What the record says, by column: absent says nothing, null empties. */
  readonly values: JsonObject;
  /** Columns whose values did not pass. */
  readonly faulty: ReadonlySet<string>;
}

type Named = Pick<WritableField, 'name' | 'column'>;

/** Reads the values of one record; what does not pass goes to `faults`, its path below `path`. */
export type Check = (given: Given, path: string, faults: Faults) => Checked;

export const compileCheck = ({ dataset, fields }: Writable): Check => checkOf(dataset, fields);

/** The same for records of any dataset; `fields` says which of its columns can be given, and under which names. */
export function checkOf(dataset: Dataset, fields: readonly Named[]): Check {
  const { rest } = dataset;
  // Defaults fill what a record leaves out; no raw text is kept of what a person wrote.
  const mapper = compileMapper(dataset, new Set());
  const names = new Map(fields.map(({ column, name }) => [column, name]));
  const entries = mapper.fieldNames.filter((name) => name.includes('.'));

  const saidOf = (mapped: Mapped, field: Named): JsonValue => {
    if (field.column !== rest) return mapped.values[mapper.fieldNames.indexOf(field.column)] ?? null;
    const object: MutableJsonObject = Object.assign(emptyObject(), mapped.rest);
    for (const entry of entries) {
      const value = mapped.values[mapper.fieldNames.indexOf(entry)];
      if (value !== null && value !== undefined) object[entry.slice(entry.indexOf('.') + 1)] = value;
    }
    return object;
  };

  return (given, path, faults) => {
    const record = emptyObject();
    for (const { name, column } of fields) {
      const value = given[name];
      if (value !== undefined && value !== null) record[column] = asJson(value);
    }
    const mapped = mapper.map(record);
    const faulty = new Set<string>();
    for (const { field, code, message } of mapped.reasons) {
      // What is not there is judged later: whether it must be depends on whether the row exists.
      if (code === 'MISSING') continue;
      const [column = '', ...below] = field.split('.');
      faulty.add(column);
      faults.add([path, names.get(column) ?? column, ...below].filter(Boolean).join('.'), code, message);
    }
    const values = emptyObject();
    for (const field of fields) if (given[field.name] !== undefined) values[field.column] = saidOf(mapped, field);
    return { values, faulty };
  };
}

/** What a new row lacks. */
export function requireComplete({ fields }: Writable, { values, faulty }: Checked, path: string, faults: Faults): void {
  for (const { name, column, required } of fields)
    if (required && !faulty.has(column) && (values[column] ?? null) === null)
      faults.add(`${path}.${name}`, 'MISSING', `${name} is required`);
}

/** What of an existing row would be emptied and must not be. */
export function requireKept({ fields }: Writable, { values, faulty }: Checked, path: string, faults: Faults): void {
  for (const { name, column, clearable } of fields)
    if (!clearable && !faulty.has(column) && values[column] === null)
      faults.add(`${path}.${name}`, 'MISSING', `${name} cannot be cleared`);
}

/** A value of a scalar as files would give it. */
function asJson(value: unknown): JsonValue {
  if (value instanceof Date) return value.toISOString();
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  if (Array.isArray(value)) return value.map(asJson);
  return isJsonObject(value) ? value : null;
}
