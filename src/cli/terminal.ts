/** Where a command writes: its answer on stdout, everything else on stderr. */
import type { Writable } from 'node:stream';
import { styleText } from 'node:util';

export type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow';

export interface Terminal {
  /** The command's answer. A line end is added. */
  readonly print: (text: string) => void;
  /** What people read beside the answer: progress, errors. A line end is added. */
  readonly note: (text: string) => void;
  /** stderr as it is, for bars that draw over themselves. */
  readonly draw: (text: string) => void;
  /** Whether a person looks at the answer: colours are for them. */
  readonly isTerminal: boolean;
  /** Whether a person looks at stderr: bars are for them. */
  readonly hasBars: boolean;
  /** Columns that a line of the answer may take; without end in a pipe. */
  readonly width: () => number;
  /** Columns of stderr's terminal. */
  readonly columns: () => number;
  readonly style: (style: Style, text: string) => string;
}

/** A stream of the process; `isTTY` and `columns` are absent where it is a pipe or a file. */
export type Output = Writable & { readonly isTTY?: boolean; readonly columns?: number };

const DEFAULT_COLUMNS = 80;

/** The terminal over two streams. Whoever reads them may go away at any time (`| head`): what follows is then unheard. */
export function openTerminal(out: Output, err: Output): Terminal {
  for (const stream of [out, err]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
  }
  return {
    print: (text) => void out.write(`${text}\n`),
    note: (text) => void err.write(`${text}\n`),
    draw: (text) => void err.write(text),
    isTerminal: out.isTTY === true,
    hasBars: err.isTTY === true,
    width: () => (out.isTTY === true ? out.columns || DEFAULT_COLUMNS : Number.POSITIVE_INFINITY),
    // A terminal that was never told its size says 0.
    columns: () => err.columns || DEFAULT_COLUMNS,
    style: (style, text) => (out.isTTY === true ? styleText(style, text, { stream: out }) : text),
  };
}
