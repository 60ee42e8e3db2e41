/**
 * What a reader would take for escaped gets an apostrophe more: a text that begins with apostrophes before a character that a
 * spreadsheet would run. Here and not in the statement, which would ask every text of every row for its first character: a
 * tenth of what COPY takes, spent by the one process that everything waits for.
 */
const [TAB, LINE_FEED, RETURN, QUOTE, APOSTROPHE] = [0x09, 0x0a, 0x0d, 0x22, 0x27];
const BEFORE = Buffer.from([APOSTROPHE]);
/** What follows the apostrophes of a text that a spreadsheet would run; the rule is that of kernel/formula-cell.ts. */
const RUNS = new Set([...Buffer.from('=+-@'), TAB, RETURN]);

/**
 * CSV as COPY writes it, with those cells escaped. `delimiter` is one ASCII character, neither of the two above. Each piece is its
 * reader's until the next is asked for, on both sides.
 */
export async function* escapeApostrophes(
  bytes: AsyncIterable<Buffer>,
  delimiter: string,
): AsyncGenerator<Buffer, void> {
  const separator = delimiter.charCodeAt(0);
  let inQuotes = false;
  // The two bytes before the chunk: a file begins as a line does.
  let [before, previous] = [LINE_FEED, LINE_FEED];
  /** Of the chunk before: what ends in apostrophes that may be the beginning of a cell. */
  let held: Buffer | undefined;

  const opensCell = (byte: number): boolean => byte === separator || byte === LINE_FEED;
  /** Whether a cell begins behind the two bytes. */
  const atCell = (first: number, second: number): boolean =>
    inQuotes ? second === QUOTE && opensCell(first) : opensCell(second);
  const passed = (chunk: Buffer, end: number): void => {
    if (end > 0) [before, previous] = [chunk[end - 2] ?? previous, chunk[end - 1] ?? previous];
  };

  /** Whether an apostrophe of the chunk may be of a cell that is to be escaped: hardly ever. */
  const mayEscape = (chunk: Buffer): boolean => {
    for (let at = chunk.indexOf(APOSTROPHE); at !== -1; at = chunk.indexOf(APOSTROPHE, at + 1)) {
      const [second, next] = [chunk[at - 1] ?? previous, chunk[at + 1] ?? APOSTROPHE];
      if ((second === QUOTE || opensCell(second)) && (next === APOSTROPHE || RUNS.has(next))) return true;
    }
    return false;
  };

  const escapedPieces = function* (chunk: Buffer): Generator<Buffer, void> {
    let [sent, at] = [0, 0];
    for (; at < chunk.length; at += 1) {
      const byte = chunk[at];
      if (byte === QUOTE) inQuotes = !inQuotes;
      if (byte !== APOSTROPHE) continue;
      const [first, second] = [chunk[at - 2] ?? (at === 1 ? previous : before), chunk[at - 1] ?? previous];
      if (!atCell(first, second)) continue;
      let end = at + 1;
      while (chunk[end] === APOSTROPHE) end += 1;
      if (end === chunk.length) break;
      const next = chunk[end] ?? 0;
      // A tab that ends the cell is none of it.
      if (RUNS.has(next) && (inQuotes || next !== separator)) {
        yield chunk.subarray(sent, at);
        yield BEFORE;
        sent = at;
      }
      at = end - 1;
    }
    if (at < chunk.length) held = Buffer.from(chunk.subarray(at));
    if (at > sent) yield chunk.subarray(sent, at);
    passed(chunk, at);
  };

  for await (const arrived of bytes) {
    if (held === undefined && !mayEscape(arrived)) {
      if (hasOddQuotes(arrived)) inQuotes = !inQuotes;
      passed(arrived, arrived.length);
      yield arrived;
      continue;
    }
    const chunk = held === undefined ? arrived : Buffer.concat([held, arrived]);
    held = undefined;
    yield* escapedPieces(chunk);
  }
  if (held !== undefined) yield held;
}

const [QUOTES, LOW_BITS] = [0x22222222, 0x7f7f7f7f];

/** Whether the chunk holds an odd number of quotes; four bytes at a time, for every byte of every export is looked at. */
function hasOddQuotes(chunk: Buffer): boolean {
  const aligned = (4 - (chunk.byteOffset % 4)) % 4;
  const count = Math.max(0, chunk.length - aligned) >> 2;
  const start = count === 0 ? 0 : aligned;
  const words = count === 0 ? new Int32Array() : new Int32Array(chunk.buffer, chunk.byteOffset + start, count);
  let marks = 0;
  for (const word of words) {
    const rest = word ^ QUOTES;
    // The highest bit of each byte that was a quote, and no other.
    marks ^= ~(((rest & LOW_BITS) + LOW_BITS) | rest | LOW_BITS);
  }
  marks ^= marks >>> 16;
  let isOdd = (((marks >>> 8) ^ marks) & 0x80) !== 0;
  const end = start + words.length * 4;
  for (const edge of [chunk.subarray(0, start), chunk.subarray(end)])
    for (const byte of edge) if (byte === QUOTE) isOdd = !isOdd;
  return isOdd;
}
