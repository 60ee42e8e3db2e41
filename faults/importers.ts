/** Importing processes that are started ahead of their case, so that no case waits until Node has loaded the product. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Child, resume, startScript } from './child.ts';
import { type Outcome, READY } from './outcome.ts';
import { timed } from './times.ts';

/** What a process is asked for. */
export interface ImportOrder {
  readonly root: string;
  readonly url: string;
  /** As CAIRN_CRASH. */
  readonly crash?: string | undefined;
}

/** How an import ended: what it told; or else the exit code of its process, null after a kill; or 'hangs', and it was killed for it. */
export interface End {
  readonly outcome?: Outcome;
  readonly code?: number | null | 'hangs';
  /** What it said on standard error. */
  readonly err: string;
}

export interface Run {
  /** Whether it stands still at its crash point; false once it ended. */
  readonly stopped: () => Promise<boolean>;
  /** Lets it go on where it stands still. */
  readonly resume: () => void;
  /** SIGKILL. */
  readonly kill: () => void;
  readonly end: (milliseconds: number) => Promise<End>;
}

export interface Importers {
  /**
   * Resolves when the import has begun. One that is to be killed is of a process that has imported nothing yet: such a one is
   * spent, and what has imported already does the reruns faster.
   */
  readonly begin: (order: ImportOrder, isVictim?: boolean) => Promise<Run>;
  /** The next imports are of processes that have imported nothing yet. */
  readonly renew: () => void;
  readonly close: () => Promise<void>;
}

/** One to be killed next; what has imported already does the rest. */
const AHEAD = 1;

export function openImporters(): Importers {
  const all = new Set<Child>();
  const idle: Child[] = [];
  const used = new WeakSet<Child>();
  const start = (): Child => {
    const child = startScript('faults/importer.ts', [], {}, 'pipe');
    all.add(child);
    // It may be killed before it has read its order.
    child.process.stdin?.on('error', () => undefined);
    void child.ended.then(() => {
      all.delete(child);
      const place = idle.indexOf(child);
      if (place >= 0) idle.splice(place, 1);
    });
    return child;
  };
  const fill = (): void => {
    while (idle.filter((child) => !used.has(child)).length < AHEAD) idle.push(start());
  };
  fill();
  return {
    async begin(order, isVictim = false) {
      // The one that has waited longest: it is ready.
      const place = isVictim ? idle.findIndex((waiting) => !used.has(waiting)) : 0;
      const child = (place < 0 ? undefined : idle.splice(place, 1)[0]) ?? start();
      if (isVictim) fill();
      await timed(
        'start',
        until(child, () => child.out().startsWith(READY)),
      );
      used.add(child);
      const run = follow(child, order);
      void run.ended.then(({ outcome }) => {
        if (outcome !== undefined && idle.some((waiting) => used.has(waiting))) child.process.stdin?.end();
        else if (outcome !== undefined) idle.unshift(child);
        fill();
      });
      return run;
    },
    renew() {
      const left = idle.splice(0);
      idle.push(...left.filter((child) => !used.has(child)));
      for (const child of left) if (used.has(child)) child.process.stdin?.end();
      fill();
    },
    async close() {
      for (const child of all) child.process.kill('SIGKILL');
      await Promise.all([...all].map(({ ended }) => ended));
    },
  };
}

function follow(child: Child, order: ImportOrder): Run & { readonly ended: Promise<End> } {
  const from = { out: child.out().length, err: child.err().length };
  const told = (): string | undefined => /^(.*)\n/.exec(child.out().slice(from.out))?.[1];
  const err = (): string => child.err().slice(from.err);
  let isOver = false;
  const ended = until(child, () => told() !== undefined).then(async (): Promise<End> => {
    isOver = true;
    const line = told();
    return line === undefined ? { code: await child.ended, err: err() } : { outcome: JSON.parse(line), err: err() };
  });
  child.process.stdin?.write(`${JSON.stringify(order)}\n`);
  return {
    ended,
    async stopped() {
      while (!isOver) {
        if (/^crash point /m.test(err())) return true;
        await sleep(POLL_MS);
      }
      return false;
    },
    resume() {
      void ended.then(resume(child));
    },
    kill: () => void child.process.kill('SIGKILL'),
    async end(milliseconds) {
      const late = new AbortController();
      const hangs = sleep(milliseconds, true, { signal: late.signal }).catch(() => false);
      const found = await timed('run', Promise.race([ended, hangs]));
      late.abort();
      if (typeof found !== 'boolean') return found;
      child.process.kill('SIGKILL');
      await ended;
      return { code: 'hangs', err: err() };
    },
  };
}

const POLL_MS = 3;

/** Resolves once `holds`, or the child has ended. */
async function until(child: Child, holds: () => boolean): Promise<void> {
  let ended = false;
  void child.ended.then(() => {
    ended = true;
  });
  while (!ended && !holds()) await sleep(POLL_MS);
}
