/** Tables as text: the same columns on a terminal and in a pipe, without frames that a script would have to cut off. */
import Table from 'cli-table3';
import type { Terminal } from './terminal.ts';

export interface Column {
  readonly head: string;
  /** Default: left. */
  readonly align?: 'left' | 'right';
}

const NO_FRAME = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '  ',
};

/** Lines of a table; cells may hold colours. */
export function renderTable(
  terminal: Terminal,
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
): string {
  const table = new Table({
    head: columns.map(({ head }) => terminal.style('bold', head)),
    colAligns: columns.map(({ align }) => align ?? 'left'),
    chars: NO_FRAME,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
  });
  // A line end within a cell (a message of PostgreSQL, a file's name) would break the row in two.
  for (const row of rows) table.push(row.map((cell) => cell.replace(/\s*[\r\n]+\s*/g, ' ')));
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}

/** `1,234` */
export function count(value: number): string {
  return value.toLocaleString('en-US');
}

/** `1 file`, `2 files` */
export function plural(value: number, noun: string): string {
  return `${count(value)} ${noun}${value === 1 ? '' : 's'}`;
}
