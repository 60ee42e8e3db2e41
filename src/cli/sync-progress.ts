/** How syncs show that they go on: a line each that is drawn over itself on a terminal, a line per step elsewhere. */
import { size } from './byte-progress.ts';
import { count } from './table.ts';
import type { Terminal } from './terminal.ts';

export interface ShownSync {
  readonly syncJobId: string;
  readonly sourceId: string;
  /** Its name. */
  readonly source: string;
  readonly jobType: string;
  readonly status: string;
  readonly itemsFound: number;
  readonly itemsProcessed: number;
  readonly itemsCreated: number;
  readonly itemsUpdated: number;
  readonly itemsSkipped: number;
  readonly itemsFailed: number;
  readonly itemsDeleted: number;
  readonly bytesProcessed: number;
  /** What it is doing. */
  readonly phase: string | null;
  /** When its job may begin. */
  readonly notBefore: Date | null;
}

export interface SyncProgress {
  readonly show: (syncs: readonly ShownSync[]) => void;
  /** Takes the lines off the screen. */
  readonly close: () => void;
}

export function showSyncs(terminal: Terminal): SyncProgress {
  let drawn = 0;
  const told = new Map<string, string>();
  const clear = (): void => {
    if (drawn > 0) terminal.draw(`\x1b[${drawn}A\r\x1b[J`);
    drawn = 0;
  };
  return {
    show: (syncs) => {
      if (terminal.hasBars) {
        clear();
        const width = terminal.columns() - 1;
        terminal.draw(syncs.map((sync) => `${[...describe(sync)].slice(0, width).join('')}\n`).join(''));
        drawn = syncs.length;
        return;
      }
      for (const sync of syncs) {
        const step = `${sync.status} ${sync.phase ?? ''}`;
        if (told.get(sync.syncJobId) === step) continue;
        told.set(sync.syncJobId, step);
        terminal.note(describe(sync));
      }
    },
    close: clear,
  };
}

/** `Research: reading, 120 found, 80 looked into, 1.2 MB` */
function describe({ source, status, phase, itemsFound, itemsProcessed, bytesProcessed, notBefore }: ShownSync): string {
  if (status === 'queued') {
    const wait = notBefore === null ? 0 : Math.ceil((notBefore.getTime() - Date.now()) / 1_000);
    return wait > 1 ? `${source}: the place asks to wait, ${count(wait)} s` : `${source}: waits for its turn`;
  }
  const doing = status === 'running' ? (phase ?? 'begins') : status;
  const figures = [`${count(itemsFound)} found`, `${count(itemsProcessed)} looked into`, size(bytesProcessed)];
  return `${source}: ${doing}, ${figures.join(', ')}`;
}
