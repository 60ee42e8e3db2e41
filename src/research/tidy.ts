/** What tidy tables share: files whose headers are the columns' names. Exports are such files too, and have names of their own. */
import type { FilePattern } from '../ingest/dataset.ts';

/** `**` + `/channels.csv` and its sisters. A table's file is named after the table, wherever it lies. */
export function tidyFiles(table: string): FilePattern {
  return { pattern: `**/${table}.{csv,tsv,json,jsonl,ndjson,xlsx,parquet,duckdb}` };
}

/**
 * Columns that the database writes itself, left out of what a tidy file brings: the row's number and the times of its
 * first and last write. Kept, they would come back from every export as news.
 */
export const WRITTEN_BY_DATABASE = ['created_at', 'updated_at', 'updated_date'] as const;
