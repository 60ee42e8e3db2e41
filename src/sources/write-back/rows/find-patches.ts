/** Reads a file as its dataset does, and finds what its bytes have to become so that it says what was edited. */
import type { RawRecord } from '../../../ingest/dataset.ts';
import type { InspectedFile } from '../../../ingest/inspect.ts';
import { compileMapper } from '../../../ingest/map.ts';
import type { Match } from '../../../ingest/match.ts';
import { readSpan } from '../../../ingest/read/source.ts';
import { readerOf } from '../../../ingest/read-file.ts';
import { isJsonObject, type JsonObject } from '../../../kernel/json.ts';
import { editRecord, type Reading, type RowEdits, readRecord } from './edit-record.ts';
import { patchRecord, type RecordForm } from './patch-record.ts';
import { csvForm } from './record-form.ts';

/** Other bytes in place of a span of the file. */
export interface Patch {
  readonly offset: number;
  readonly length: number;
  readonly bytes: Buffer;
}

export interface FoundPatches {
  /** In the order of the file. */
  readonly patches: readonly Patch[];
  /** Edits that this file cannot be made to say, such as `line 7: title`. */
  readonly left: readonly string[];
}

/** A row's edits by the text of its key; see {@link keyText}. */
export type EditsByKey = ReadonlyMap<string, RowEdits>;

export const keyText = (key: readonly unknown[]): string => JSON.stringify(key.map(String));

/** Undefined where files of this form are not written. @throws AppError of kind `data` where the file cannot be read */
export async function findPatches(
  file: InspectedFile,
  { dataset, pattern }: Match,
  edits: EditsByKey,
): Promise<FoundPatches | undefined> {
  const reader = readerOf(pattern, file.facts);
  const isText = reader.format === 'csv';
  const isWritten = isText || reader.format === 'json' || reader.format === 'jsonl';
  // What an export holds is exported anew.
  if (!isWritten || pattern.exported === true) return undefined;
  const encoding = file.encoding();
  const form: RecordForm | undefined = isText ? await csvForm(file, encoding) : { is: 'json' };
  if (form === undefined) return undefined;
  const reading: Reading = { dataset, mapper: compileMapper(dataset, new Set()), facts: file.facts, isText };
  const patches: Patch[] = [];
  const left: string[] = [];
  for await (const batch of reader.read(file, { encoding, records: pattern.records, numbered: pattern.numbered })) {
    for (const { value, raw, fault, line } of batch) {
      if (fault !== undefined || !isJsonObject(value) || 'text' in raw) continue;
      const key = keyOf(reading, value);
      const row = key && edits.get(keyText(key));
      const edit = row && editRecord(reading, value, row);
      if (edit === undefined) continue;
      left.push(...edit.left.map((column) => `line ${line}: ${column}`));
      if (edit.changes.size === 0) continue;
      const bytes = patchRecord(await readSpan(file, raw), encoding, form, edit.changes);
      if (bytes === undefined) left.push(...edit.columns.map((column) => `line ${line}: ${column}`));
      else patches.push(patchOf(raw, bytes));
    }
  }
  return { patches, left };
}

const patchOf = (raw: Exclude<RawRecord['raw'], { text: string }>, bytes: Buffer): Patch => ({ ...raw, bytes });

function keyOf(reading: Reading, value: JsonObject): string[] | undefined {
  const { dataset, mapper } = reading;
  const values = readRecord(reading, value)?.values;
  return values && dataset.key.map((column) => String(values[mapper.fieldNames.indexOf(column)]));
}
