/** What has to change in a record of a file so that it says what its row says: found by trying, and read back before it is written. */
import type { Dataset, FieldValue, FileFacts } from '../../../ingest/dataset.ts';
import type { Mapper } from '../../../ingest/map.ts';
import { normalizeName } from '../../../ingest/names.ts';
import type { JsonObject, JsonValue, MutableJsonObject } from '../../../kernel/json.ts';
import { asCell, asMember, isSame } from './values.ts';

/** One row's edits, by column: what it holds now, and what its files last said. */
export interface RowEdits {
  readonly now: JsonObject;
  readonly said: JsonObject;
}

export interface RecordEdit {
  /** New values by the record's own names. */
  readonly changes: ReadonlyMap<string, JsonValue>;
  /** That the changes say. */
  readonly columns: readonly string[];
  /** Columns that this record cannot be made to say. */
  readonly left: readonly string[];
}

interface Read {
  readonly values: readonly FieldValue[];
  readonly rest: string;
}

/** How the file's records become rows. */
export interface Reading {
  readonly dataset: Dataset;
  readonly mapper: Mapper;
  readonly facts: FileFacts;
  /** Its records' values are all texts. */
  readonly isText: boolean;
}

/** Undefined where the record says everything already, or what it says was never the row's. */
export function editRecord(reading: Reading, record: JsonObject, { now, said }: RowEdits): RecordEdit | undefined {
  const { dataset, mapper, isText } = reading;
  const changes = new Map<string, JsonValue>();
  const columns: string[] = [];
  const left: string[] = [];
  let current = record;
  const first = readRecord(reading, record);
  // A record that is no row says nothing of one.
  if (first === undefined) return undefined;
  let read = first;
  for (const column of Object.keys(said)) {
    const place = mapper.fieldNames.indexOf(column);
    const field = dataset.fields[column];
    const wanted = now[column] ?? null;
    if (field === undefined || place < 0) {
      left.push(column);
      continue;
    }
    const known = read;
    const before = known.values[place];
    if (isSame(field.kind, before, wanted) || !isSame(field.kind, before, said[column])) continue;
    const found = trials(current, [column, ...(field.from ?? [])], wanted, isText).find(({ trial }) => {
      const after = readRecord(reading, trial);
      return after !== undefined && after.rest === known.rest && onlyAt(place, known, after, wanted, field.kind);
    });
    const after = found && readRecord(reading, found.trial);
    if (found === undefined || after === undefined) {
      left.push(column);
      continue;
    }
    changes.set(found.name, found.value);
    columns.push(column);
    current = found.trial;
    read = after;
  }
  return changes.size === 0 && left.length === 0 ? undefined : { changes, columns, left };
}

interface Trial {
  readonly name: string;
  readonly value: JsonValue;
  readonly trial: JsonObject;
}

/** Under each name that the field is known by, each way to write the value. */
function trials(record: JsonObject, names: readonly string[], wanted: JsonValue, isText: boolean): Trial[] {
  const known = new Set(names.map(normalizeName));
  return Object.keys(record)
    .filter((name) => known.has(normalizeName(name)))
    .flatMap((name) =>
      (isText ? asCell(wanted) : asMember(wanted, record[name])).map((value) => {
        const trial: MutableJsonObject = Object.assign(Object.create(null), record);
        trial[name] = value;
        return { name, value, trial };
      }),
    );
}

/** Undefined of what is no row, and of what is several: those have no place of their own. */
export function readRecord({ dataset, mapper, facts }: Reading, record: JsonObject): Read | undefined {
  const [own, ...others] = dataset.split === undefined ? [record] : dataset.split(record, facts);
  if (own === undefined || others.length > 0) return undefined;
  const { values, rest, reasons } = mapper.map(own);
  return reasons.length > 0 ? undefined : { values: [...values], rest: JSON.stringify(rest) };
}

function onlyAt(place: number, before: Read, after: Read, wanted: JsonValue, kind: Parameters<typeof isSame>[0]) {
  return after.values.every((value, index) =>
    index === place ? isSame(kind, value, wanted) : JSON.stringify(value) === JSON.stringify(before.values[index]),
  );
}
