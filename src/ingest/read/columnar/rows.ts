/** What is read from a file of columns: their names, and each row as the text of a JSON object. */

export interface ColumnarRows {
  readonly names: readonly string[];
  /** In batches of bounded size. */
  readonly batches: AsyncIterable<readonly string[]>;
}

/** Why a file cannot be read, in words for people. What else is thrown is the library's, which found the file damaged. */
export class Unreadable extends Error {
  readonly code: 'FILE_MALFORMED' | 'FILE_TOO_LARGE';
  readonly hint: string;
  constructor(code: 'FILE_MALFORMED' | 'FILE_TOO_LARGE', message: string, hint: string) {
    super(message);
    this.code = code;
    this.hint = hint;
  }
}

/** Rows per batch: each is sent to the other process in one piece. */
export const ROWS_AT_ONCE = 200;

/** One row as JSON: the names are encoded once, the values are JSON texts. Nulls are said, for a cell can be emptied. */
export function rowText(names: readonly string[], values: readonly string[]): string {
  let text = '{';
  for (let index = 0; index < names.length; index += 1)
    text += `${index === 0 ? '' : ','}${names[index]}:${values[index] ?? 'null'}`;
  return `${text}}`;
}

/** `2026-01-02T03:04:05.678901` of microseconds since 1970, or the number where no calendar has it. */
export function momentText(micros: bigint): string {
  const millis = Number(micros >= 0n ? micros / 1000n : -((999n - micros) / 1000n));
  if (Math.abs(millis) > 8_640_000_000_000_000) return String(micros);
  const within = String(Number(micros - BigInt(millis) * 1000n)).padStart(3, '0');
  const text = new Date(millis).toISOString().slice(0, -1);
  return within === '000' ? text : text + within;
}
