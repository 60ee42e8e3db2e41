/** How a CSV file separates: its delimiter and its line ends, found from its first records. */
import { CARRIAGE_RETURN, type CsvDialect, csvScratch, LINE_FEED, QUOTE, scanRecord } from './csv-scan.ts';

/** In order of preference where nothing else decides. */
const DELIMITERS = [',', ';', '\t', '|'];
const SAMPLE_RECORDS = 20;

/**
 * The dialect, and how many characters at the start only declare it (`sep=;`, as spreadsheets write). Undefined where
 * the text does not even hold the first line and more may follow (`isWhole` false).
 */
export function detectDialect(head: string, isWhole: boolean): { dialect: CsvDialect; skip: number } | undefined {
  if (!isWhole && !/[\r\n]./.test(head)) return undefined;
  const endsInCr = firstLineEnd(head) === CARRIAGE_RETURN;
  const declared = /^sep=([,;\t|])(?:\r\n|\r|\n)/i.exec(head);
  const delimiter = declared?.[1] ?? likeliest(head, isWhole, endsInCr);
  return { dialect: { delimiter, endsInCr }, skip: declared?.[0].length ?? 0 };
}

/** CR counts as a line end only where the first line ends in it: elsewhere it is a character of a cell. */
function firstLineEnd(head: string): number {
  let isQuoted = false;
  for (let at = 0; at < head.length; at += 1) {
    const code = head.charCodeAt(at);
    if (code === QUOTE) isQuoted = !isQuoted;
    if (isQuoted) continue;
    if (code === LINE_FEED) return LINE_FEED;
    if (code === CARRIAGE_RETURN) return head.charCodeAt(at + 1) === LINE_FEED ? LINE_FEED : CARRIAGE_RETURN;
  }
  return LINE_FEED;
}

/** The delimiter that splits the header and gives most records as many cells as the header has. */
function likeliest(head: string, isWhole: boolean, endsInCr: boolean): string {
  let best = { delimiter: ',', agreeing: 0, columns: 1 };
  for (const delimiter of DELIMITERS) {
    if (!head.includes(delimiter)) continue;
    const counts = cellCounts(head, isWhole, { delimiter, endsInCr });
    const columns = counts[0] ?? 1;
    const agreeing = counts.filter((count) => count === columns).length;
    if (columns < 2) continue;
    const isBetter =
      best.columns < 2 || agreeing > best.agreeing || (agreeing === best.agreeing && columns > best.columns);
    if (isBetter) best = { delimiter, agreeing, columns };
  }
  return best.delimiter;
}

function cellCounts(head: string, isWhole: boolean, dialect: CsvDialect): number[] {
  const counts: number[] = [];
  const scratch = csvScratch();
  for (let at = 0; at < head.length && counts.length < SAMPLE_RECORDS; at = scratch.end) {
    if (!scanRecord(head, at, dialect, isWhole, scratch)) break;
    if (!scratch.isBlank) counts.push(scratch.cells.length);
  }
  return counts;
}
