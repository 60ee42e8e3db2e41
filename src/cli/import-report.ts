/** What happened, as people read it (tables) and as scripts read it (one JSON object). */
import type { ImportFault, ImportResult } from '../ingest/run.ts';
import type { ShownReject } from './first-rejects.ts';
import type { ImportOutcome } from './run-import.ts';
import { type Column, count, plural, renderTable } from './table.ts';
import type { Terminal } from './terminal.ts';

const COUNTS = ['read', 'inserted', 'updated', 'unchanged', 'rejected', 'derived'] as const;

/** The object of `import --json`; a failed import has its error beside the counts. */
export function importJson({ imports, skipped, totals }: ImportOutcome): string {
  return JSON.stringify({
    imports: imports.map(({ importId, path, dataset, status, error, ...counts }) => ({
      id: importId,
      path,
      dataset,
      status,
      ...Object.fromEntries(COUNTS.map((name) => [name, counts[name]])),
      ...(error !== null && { error }),
    })),
    skipped: skipped.map(({ path, reason }) => ({ path, reason })),
    totals,
  });
}

/** The tables of a run: files, what was skipped and why, the first rejects, and what it comes to. */
export function importReport(terminal: Terminal, outcome: ImportOutcome, rejects: readonly ShownReject[]): string {
  const parts = [
    filesTable(terminal, outcome),
    unchangedLine(outcome),
    skippedTable(terminal, outcome),
    rejectsTable(terminal, rejects, outcome),
    totalsLine(outcome),
  ];
  return parts.filter((part) => part !== '').join('\n\n');
}

function filesTable(terminal: Terminal, { imports }: ImportOutcome): string {
  const shown = imports.filter(({ status }) => status !== 'unchanged');
  if (shown.length === 0) return '';
  const columns: Column[] = [
    { head: 'file' },
    { head: 'dataset' },
    { head: 'status' },
    ...COUNTS.map((head) => ({ head, align: 'right' as const })),
  ];
  const rows = shown.map((result) => [
    result.path,
    result.dataset,
    status(terminal, result),
    ...COUNTS.map((name) => quiet(terminal, name, result[name])),
  ]);
  const failures = shown.flatMap(({ path, error }) => (error === null ? [] : [failure(path, error)]));
  return [renderTable(terminal, columns, rows), ...failures].join('\n');
}

function failure(path: string, { code, message, hint }: ImportFault): string {
  const where = message.startsWith(path) ? '' : `${path}: `;
  return [`${where}${message} (${code})`, hint ?? ''].join(' ').trimEnd();
}

function status(terminal: Terminal, { status, dryRun }: ImportResult): string {
  if (status === 'failed') return terminal.style('red', status);
  return dryRun ? 'dry run' : status;
}

/** Zeros are most of the table and none of the news. */
function quiet(terminal: Terminal, name: string, value: number): string {
  if (value === 0) return terminal.style('dim', '0');
  return name === 'rejected' ? terminal.style('yellow', count(value)) : count(value);
}

function unchangedLine({ imports }: ImportOutcome): string {
  const unchanged = imports.filter(({ status }) => status === 'unchanged').length;
  return unchanged === 0 ? '' : `${plural(unchanged, 'file')} unchanged since the last import`;
}

function skippedTable(terminal: Terminal, { skipped }: ImportOutcome): string {
  if (skipped.length === 0) return '';
  return renderTable(
    terminal,
    [{ head: 'skipped' }, { head: 'because' }],
    skipped.map(({ path, reason }) => [path, reason]),
  );
}

function rejectsTable(terminal: Terminal, rejects: readonly ShownReject[], { imports, totals }: ImportOutcome): string {
  if (rejects.length === 0) return '';
  const rows = rejects.flatMap(({ path, line, reasons }) =>
    reasons.map(({ field, code, message }) => [`${path}:${line}`, field, terminal.style('yellow', code), message]),
  );
  const table = renderTable(
    terminal,
    [{ head: 'reject' }, { head: 'field' }, { head: 'code' }, { head: 'reason' }],
    rows,
  );
  const more = totals.rejected - rejects.length;
  // Those of a dry run are not kept.
  const all = imports.some(({ dryRun }) => dryRun) ? '' : '; all that are open: npm run -s cairn -- rejects list';
  return [
    table,
    ...(more > 0 ? [`… and ${plural(more, 'reject')} more`] : []),
    `Correct them in their files and import those again${all}`,
  ].join('\n');
}

function totalsLine({ imports, skipped, totals }: ImportOutcome): string {
  const counts = COUNTS.map((name) => `${count(totals[name])} ${name}`).join(', ');
  const failed = imports.filter(({ status }) => status === 'failed').length;
  const files = [
    plural(totals.files, 'file'),
    ...(failed > 0 ? [`${count(failed)} failed`] : []),
    ...(skipped.length > 0 ? [`${count(skipped.length)} skipped`] : []),
  ];
  const dryRun = imports.some((result) => result.dryRun) ? 'Dry run, nothing was written. ' : '';
  return `${dryRun}${files.join(', ')}: ${counts}`;
}
