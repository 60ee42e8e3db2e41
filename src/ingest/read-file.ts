/** Read → split → map → check → stage: one pass over a file, a batch at a time. */
import { AppError } from '../kernel/errors.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../kernel/json.ts';
import { broughtFaults, keysAsSeen, unseenFaults } from './brought.ts';
import type { Dataset, FieldValue, FileFacts, FilePattern, MappedRecord, RawRecord } from './dataset.ts';
import type { InspectedFile } from './inspect.ts';
import type { Mapped, Mapper } from './map.ts';
import { keyOfRecord, type Outcomes } from './outcomes.ts';
import type { ProgressReporter } from './progress.ts';
import type { TextEncodingName } from './read/encoding.ts';
import type { Reader } from './read/reader.ts';
import { formatOf, readerFor } from './read/readers.ts';
import type { RejectWriter } from './rejects.ts';
import { isLinkDataset } from './relations.ts';
import { linkMention, type Stages } from './stages.ts';
import type { Transforming } from './transform/transform.ts';

export interface FilePass {
  readonly dataset: Dataset;
  readonly pattern: FilePattern;
  readonly file: InspectedFile;
  readonly encoding: TextEncodingName;
  readonly mapper: Mapper;
  readonly stages: Stages;
  readonly rejects: RejectWriter;
  readonly progress: ProgressReporter;
  /** Hears of every record, where somebody asks for each. */
  readonly outcomes?: Outcomes | undefined;
  /** What records go through before they are mapped. */
  readonly transforming?: Transforming | undefined;
}

/**
 * Stages every record that passes and keeps every other as a reject. Returns how many records the file holds.
 * @throws AppError of kind `data` where the file as a whole cannot be read
 */
export async function readFile(pass: FilePass): Promise<number> {
  const { dataset, pattern, file, encoding, stages, rejects, progress } = pass;
  const reader = readerOf(pattern, file.facts);
  const { records, sheet, numbered, table = dataset.name, exported } = pattern;
  let read = 0;
  try {
    const options = { encoding, records, sheet, numbered, table, exported, onBytes: progress.bytes };
    for await (const given of reader.read(file, options)) {
      const batch = (await pass.transforming?.apply(given)) ?? given;
      for (const raw of batch) {
        const isGood = raw.fault === undefined && raw.reason === undefined;
        const values = isGood ? splitValue(dataset, raw.value, pass) : [];
        if (values.length === 0) {
          const why = raw.fault ?? notARecord(raw.value);
          // A document that holds no record is a record that could not be read: it must not vanish from the counts.
          read += 1;
          pass.outcomes?.read(read, raw.line, null);
          const reason = raw.reason ?? ({ field: '', code: 'MALFORMED', message: why, value: null } as const);
          await rejects.add({ ordinal: read, line: raw.line, raw: raw.raw }, [reason]);
          continue;
        }
        for (const value of values) {
          read += 1;
          await takeRecord(pass, raw, value, read);
        }
      }
      progress.records(read, rejects.count());
    }
    await stages.flush();
    return read;
  } finally {
    // Where the file cannot be read further, a chunk may be on its way: the transaction must not end under it.
    await stages.settled();
  }
}

/** @throws AppError BAD_USER_INPUT when no reader knows the extension and the pattern names no format */
export function readerOf(pattern: FilePattern, { path, extension }: FileFacts): Reader {
  const format = pattern.format ?? formatOf(extension);
  if (format !== undefined) return readerFor(format);
  throw new AppError('BAD_USER_INPUT', `${path}: files named *${extension} are not read`, {
    hint: 'Files of records are .csv, .tsv, .json, .jsonl, .xlsx, .parquet, .duckdb and .md.',
    path: 'path',
  });
}

async function takeRecord(pass: FilePass, raw: RawRecord, value: JsonObject, ordinal: number): Promise<void> {
  const { dataset, mapper, stages, rejects, file, outcomes } = pass;
  const mapped = mapper.map(value);
  const from = { ordinal, line: raw.line, raw: raw.raw };
  outcomes?.read(ordinal, raw.line, keyOfRecord(dataset, namedFields(mapper, mapped)));
  if (mapped.reasons.length > 0) {
    await rejects.add(from, mapped.reasons);
    return;
  }
  const link = isLinkDataset(dataset);
  if (dataset.brings !== undefined || link) {
    const record: MappedRecord = { fields: namedFields(mapper, mapped), source: value, file: file.facts };
    const key = keyText(dataset, record.fields);
    const made = dataset.brings === undefined ? [] : [keysAsSeen(dataset.brings(record))];
    const brought = [...(link ? [linkMention(dataset, record)] : []), ...made];
    const faults = [...made.flatMap(unseenFaults), ...brought.flatMap(broughtFaults)];
    if (faults.length > 0) {
      await rejects.add(from, faults);
      return;
    }
    for (const one of brought) await stages.addBrought(from, key, one);
  }
  const full = stages.addRecord(from, mapped);
  if (full !== undefined) await full;
}

function splitValue(dataset: Dataset, value: JsonValue, { file }: FilePass): readonly JsonObject[] {
  // A text or a number is nobody's record, whatever the dataset makes of lists and objects.
  if (typeof value !== 'object' || value === null) return [];
  if (dataset.split !== undefined) return dataset.split(value, file.facts);
  return isJsonObject(value) ? [value] : [];
}

function notARecord(value: JsonValue): string {
  return isJsonObject(value) ? 'The document holds no record of this dataset.' : 'This is not an object.';
}

function namedFields(mapper: Mapper, mapped: Mapped): Record<string, FieldValue> {
  const fields: Record<string, FieldValue> = {};
  let index = 0;
  for (const name of mapper.fieldNames) {
    fields[name] = mapped.values[index] ?? null;
    index += 1;
  }
  return fields;
}

/** The record's key as the change log writes it. */
function keyText(dataset: Dataset, fields: Readonly<Record<string, FieldValue>>): string {
  const [only] = dataset.key;
  if (dataset.key.length === 1 && only !== undefined) return String(fields[only]);
  const pairs = dataset.key.map((column) => `${JSON.stringify(column)} : ${JSON.stringify(fields[column])}`);
  return `{${pairs.join(', ')}}`;
}
