/** How the records of a file are written: what a single record does not say of itself. */
import { detectDialect } from '../../../ingest/read/csv-dialect.ts';
import { csvScratch, scanRecord } from '../../../ingest/read/csv-scan.ts';
import type { TextEncodingName } from '../../../ingest/read/encoding.ts';
import type { SpooledFile } from '../../../ingest/read/source.ts';
import { readWindows } from '../../../ingest/read/text.ts';
import type { RecordForm } from './patch-record.ts';

/** Undefined where the header cannot be found: then no record was read either. */
export async function csvForm(file: SpooledFile, encoding: TextEncodingName): Promise<RecordForm | undefined> {
  for await (const window of readWindows(file, encoding)) {
    const { text, isLast } = window;
    const found = detectDialect(text, isLast);
    const scratch = csvScratch();
    let at = found?.skip ?? text.length;
    while (found !== undefined && at < text.length && scanRecord(text, at, found.dialect, isLast, scratch)) {
      const names = scratch.cells.map((cell) => cell.trim());
      if (!scratch.isBlank) return { is: 'csv', delimiter: found.dialect.delimiter, names };
      at = scratch.end;
    }
    window.keepFrom(0);
  }
  return undefined;
}
