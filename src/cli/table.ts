/** Tables as text: the same columns on a terminal and in a pipe, without frames that a script would have to cut off. */
import { stripVTControlCharacters } from 'node:util';
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

/** Below this a path says nothing any more; a terminal so narrow has to wrap. */
const LEAST_CELL = 16;

/** Lines of a table; cells may hold colours, those of the first column (paths) may not: where lines are too long, they are cut. */
export function renderTable(
  terminal: Terminal,
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
): string {
  const whole = layOut(terminal, columns, rows);
  const tooMuch = widest(whole) - terminal.width();
  if (tooMuch <= 0) return whole;
  const first = widest(rows.map(([cell = '']) => cell).join('\n'));
  const limit = Math.max(LEAST_CELL, first - tooMuch);
  const cut = rows.map(([cell = '', ...others]) => [shorten(cell, limit), ...others]);
  return layOut(terminal, columns, cut);
}

function layOut(terminal: Terminal, columns: readonly Column[], rows: readonly (readonly string[])[]): string {
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

function widest(text: string): number {
  return Math.max(
    ...stripVTControlCharacters(text)
      .split('\n')
      .map((line) => line.length),
  );
}

/** The end of a path tells more than its start. */
function shorten(text: string, limit: number): string {
  return text.length <= limit ? text : `…${text.slice(text.length - limit + 1)}`;
}

/** `1,234` */
export function count(value: number): string {
  return value.toLocaleString('en-US');
}

/** `1 file`, `2 files` */
export function plural(value: number, noun: string): string {
  return `${count(value)} ${noun}${value === 1 ? '' : 's'}`;
}
