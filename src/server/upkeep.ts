/** Upkeep: what a hub that runs for months needs beside answers. Every task may run in several processes at once. */
import { deleteEnded } from '../access/sessions.ts';
import { type Database, extendPartitions } from '../database/connect.ts';
import { sweepExports } from '../exports/log.ts';
import type { BlobStore } from '../files/blob-store.ts';
import { sweepFiles } from '../files/sweep.ts';
import { forgetKeys } from '../graphql/idempotency.ts';
import { removeLeftRecords } from '../ingest/import-records.ts';
import { sweepImports } from '../ingest/journal.ts';
import { forgetOldJobs } from '../jobs/old-jobs.ts';
import { crashPoint } from '../kernel/crash-point.ts';
import { AppError } from '../kernel/errors.ts';
import type { Log } from '../kernel/log.ts';
import { readNewWords } from '../search/vocabulary.ts';
import { fireDue } from '../sources/schedules/ticker.ts';
import { fireDueWriteBacks } from '../sources/write-back/due.ts';

export interface UpkeepTask {
  readonly name: string;
  readonly everyMs: number;
  /** Whoever stops the process aborts the signal: what may take seconds ends with it. */
  readonly run: (database: Database, signal: AbortSignal) => Promise<unknown>;
}

export interface Upkeep {
  /** Starts nothing more and waits for what is under way, which is told to end. */
  readonly stop: () => Promise<void>;
}

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

const TASKS: readonly UpkeepTask[] = [
  // An import or export whose process was killed would look as if it still ran.
  { name: 'interrupted imports', everyMs: MINUTE_MS, run: ({ write }) => sweepImports(write) },
  { name: 'interrupted exports', everyMs: MINUTE_MS, run: ({ write }) => sweepExports(write) },
  // Changes of a month without a partition would gather in the default one.
  { name: 'partitions of the change log', everyMs: DAY_MS, run: ({ ownerUrl }) => extendPartitions(ownerUrl) },
  // Suggestions come from the words of rows; what was never read is never suggested.
  { name: 'words of the search', everyMs: MINUTE_MS, run: (database, signal) => readNewWords(database, { signal }) },
  { name: 'old idempotency keys', everyMs: HOUR_MS, run: ({ write }) => forgetKeys(write) },
  { name: 'records of killed imports', everyMs: DAY_MS, run: removeLeftRecords },
  { name: 'ended sessions', everyMs: DAY_MS, run: deleteEnded },
  { name: 'schedules', everyMs: 5 * SECOND_MS, run: ({ write }) => fireDue(write) },
  // Edits come in rows: what is written back soon after the first holds most of them.
  { name: 'write-backs', everyMs: 10 * SECOND_MS, run: ({ write }) => fireDueWriteBacks(write) },
  { name: 'ended jobs', everyMs: HOUR_MS, run: ({ write }) => forgetOldJobs(write) },
];

/** What the upkeep of a process does: every task of the database, and the bytes of files that nothing needs any more. */
export const upkeepTasks = (store: BlobStore): readonly UpkeepTask[] => [
  ...TASKS,
  { name: 'files that nothing needs', everyMs: 10 * MINUTE_MS, run: ({ write }) => sweepFiles(write, store) },
];

/** Runs each task now and then in its turn. A task that fails is logged and runs again at its next turn. */
export function startUpkeep(database: Database, log: Log, tasks: readonly UpkeepTask[] = TASKS): Upkeep {
  const running = new Set<Promise<void>>();
  const stopping = new AbortController();
  const start = (task: UpkeepTask): void => {
    crashPoint('upkeep.task');
    const turn = task.run(database, stopping.signal).then(
      () => undefined,
      (err: unknown) => {
        if (stopping.signal.aborted && err instanceof AppError && err.code === 'INTERRUPTED') return;
        log.error({ err, task: task.name }, 'a task of the upkeep failed');
      },
    );
    running.add(turn);
    void turn.finally(() => running.delete(turn));
  };
  for (const task of tasks) start(task);
  const timers = tasks.map((task) => setInterval(() => start(task), task.everyMs));
  return {
    async stop() {
      for (const timer of timers) clearInterval(timer);
      stopping.abort();
      await Promise.all(running);
    },
  };
}
