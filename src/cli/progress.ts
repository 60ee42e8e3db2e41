/** How an import shows that it goes on: bars on a terminal, a line per file elsewhere. All of it on stderr. */
import type { ImportResult, Progress } from '../ingest/run.ts';
import { type Clock, systemClock } from '../kernel/clock.ts';
import { count, plural } from './table.ts';
import type { Terminal } from './terminal.ts';

export interface ImportProgress {
  readonly reading: (path: string, progress: Progress) => void;
  readonly done: (result: ImportResult, done: number, total: number) => void;
  /** Takes the bars off the screen. */
  readonly close: () => void;
}

/** Bars if a person looks at stderr, else lines. */
export function showProgress(terminal: Terminal, clock: Clock = systemClock): ImportProgress {
  return terminal.hasBars ? openBars(terminal, clock) : openLines(terminal);
}

function openLines(terminal: Terminal): ImportProgress {
  return {
    reading: () => undefined,
    done: (result, done, total) => terminal.note(`${done}/${total} ${describe(result)}`),
    close: () => undefined,
  };
}

/** `imported RESEARCHES.csv → researches: 15 read, 14 inserted, 1 rejected` */
function describe(result: ImportResult): string {
  const counts = (['read', 'inserted', 'updated', 'unchanged', 'rejected', 'derived'] as const)
    .filter((name) => name === 'read' || result[name] > 0)
    .map((name) => `${count(result[name])} ${name}`);
  const outcome = result.error === null ? counts.join(', ') : `${result.error.code}: ${result.error.message}`;
  const tail = result.status === 'unchanged' ? '' : `: ${outcome}`;
  return `${result.dryRun ? 'tried' : result.status} ${result.path} → ${result.dataset}${tail}`;
}

/** Redrawing more often shows nothing more and costs a slow terminal its breath. */
const REDRAW_MS = 80;
const BAR_CELLS = 24;

function openBars(terminal: Terminal, clock: Clock): ImportProgress {
  let drawn = 0;
  let last = 0;
  let files = { done: 0, total: 0 };
  let current = '';
  const clear = (): void => {
    if (drawn > 0) terminal.draw(`\x1b[${drawn}A\r\x1b[J`);
    drawn = 0;
  };
  const draw = (force: boolean): void => {
    const now = clock().getTime();
    if (!force && now - last < REDRAW_MS) return;
    last = now;
    const width = terminal.columns() - 1;
    const lines = [current];
    if (files.total > 0)
      lines.push(`${bar(files.done / files.total)} ${count(files.done)} of ${plural(files.total, 'file')}`);
    clear();
    // A line that wraps is two lines, and only one of them would be cleared.
    terminal.draw(lines.map((line) => `${[...line].slice(0, width).join('')}\n`).join(''));
    drawn = lines.length;
  };
  return {
    reading: (path, { bytesRead, bytesTotal, read, rejected }) => {
      const rejects = rejected > 0 ? `, ${plural(rejected, 'reject')}` : '';
      current = `${bar(bytesTotal === 0 ? 1 : bytesRead / bytesTotal)} ${path}  ${plural(read, 'record')}${rejects}`;
      draw(false);
    },
    done: ({ path }, done, total) => {
      files = { done, total };
      current = `${bar(1)} ${path}`;
      draw(done === total);
    },
    close: clear,
  };
}

function bar(share: number): string {
  const full = Math.min(BAR_CELLS, Math.max(0, Math.floor(share * BAR_CELLS)));
  const percent = `${Math.floor(Math.min(1, share) * 100)}`.padStart(3);
  return `${'█'.repeat(full)}${'░'.repeat(BAR_CELLS - full)} ${percent} %`;
}
