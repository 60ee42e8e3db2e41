/** A dataset as its exports hold it: a record is a row of the table, with its parts, and brings along nothing else. */
import { isJsonObject, type JsonObject, type JsonValue } from '../../kernel/json.ts';
import type { Brought, Dataset, PartTable } from '../dataset.ts';
import { parseJson } from '../read/json-parse.ts';

/** The name under which an export holds a row's parts as a JSON list: `video_segments` of `videos` are `segments`. */
export function partsName({ table }: Pick<Dataset, 'table'>, part: Pick<PartTable, 'table'>): string {
  const owner = `${table.replace(/s$/, '')}_`;
  return part.table.startsWith(owner) ? part.table.slice(owner.length) : part.table;
}

/** The dataset without what its rules make of records. */
export function asRows(dataset: Dataset): Dataset {
  const { split: _split, brings: _brings, ...rows } = dataset;
  const { parts = [] } = dataset;
  return parts.length === 0 ? rows : { ...rows, brings: ({ source }) => ({ parts: partsIn(dataset, parts, source) }) };
}

function partsIn(dataset: Dataset, parts: readonly PartTable[], source: JsonObject): NonNullable<Brought['parts']> {
  const found: Record<string, readonly JsonObject[]> = {};
  for (const part of parts) {
    const list = listOf(source[partsName(dataset, part)]);
    if (list !== undefined) found[part.table] = list.filter(isJsonObject);
  }
  return found;
}

function listOf(value: JsonValue | undefined): readonly JsonValue[] | undefined {
  if (typeof value !== 'string') return Array.isArray(value) ? value : undefined;
  const parsed = parseJson(value, 0, true);
  return parsed.is === 'value' && Array.isArray(parsed.value) ? parsed.value : undefined;
}
