/** Rows by table, as backup and restore tell them alike. */
import type { RowCounts } from '../backup/manifest.ts';
import { MADE_ANEW } from '../backup/owner.ts';
import { count, plural, renderTable } from './table.ts';
import type { Terminal } from './terminal.ts';

/** `266 rows of 38 tables`: without what a server reads from the other tables by itself. */
export function rowsInWords(rows: RowCounts): string {
  const told = toldOf(rows);
  const total = told.reduce((sum, [, found]) => sum + found, 0);
  return `${plural(total, 'row')} of ${plural(told.length, 'table')}`;
}

/** The tables that have rows. */
export function rowsTable(terminal: Terminal, rows: RowCounts): string {
  const filled = toldOf(rows).filter(([, found]) => found > 0);
  if (filled.length === 0) return 'No table has a row.';
  const lines = filled.map(([name, found]) => [name, count(found)]);
  return renderTable(terminal, [{ head: 'table' }, { head: 'rows', align: 'right' }], lines);
}

const toldOf = (rows: RowCounts): [string, number][] =>
  Object.entries(rows).filter(([name]) => !MADE_ANEW.includes(name));
