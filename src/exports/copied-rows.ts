/** Rows out of COPY's text format: a batch per chunk of bytes, and nothing read ahead of who takes them. */
import { StringDecoder } from 'node:string_decoder';

type Row = readonly (string | null)[];

const ESCAPES: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' };

/** Decodes the bytes. Whoever stops reading ends `bytes`. */
export async function* rowsOf(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<readonly Row[]> {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  for await (const chunk of bytes) {
    const lines = (rest + decoder.write(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength))).split('\n');
    rest = lines.pop() ?? '';
    if (lines.length > 0) yield lines.map(rowOf);
  }
}

function rowOf(line: string): Row {
  const cells = line.split('\t');
  return line.includes('\\') ? cells.map(textOf) : cells;
}

/** A line end or a tab within a value is escaped, so what separates is never part of one. */
function textOf(cell: string): string | null {
  if (cell === '\\N') return null;
  if (!cell.includes('\\')) return cell;
  return cell.replace(/\\(.)/gs, (_whole, character: string) => ESCAPES[character] ?? character);
}
