/** Progress of a running import, told to its caller at once and to everyone else a few times a second. */
import type pg from 'pg';
import type { Log } from '../kernel/log.ts';

export interface Progress {
  readonly bytesRead: number;
  readonly bytesTotal: number;
  readonly read: number;
  readonly rejected: number;
}

export interface ProgressReporter {
  readonly bytes: (count: number) => void;
  readonly records: (read: number, rejected: number) => void;
  /** Waits for what is under way; nothing is written after it. */
  readonly stop: () => Promise<void>;
}

/** Often enough for a moving bar, seldom enough to cost nothing. */
const INTERVAL_MS = 250;

export function reportProgress(
  pool: pg.Pool,
  log: Log,
  importId: string,
  bytesTotal: number,
  onProgress: ((progress: Progress) => void) | undefined,
): ProgressReporter {
  const state = { bytesRead: 0, bytesTotal, read: 0, rejected: 0 };
  let writing: Promise<void> = Promise.resolve();
  let busy = false;
  const write = async (): Promise<void> => {
    busy = true;
    try {
      await pool.query(
        `WITH told AS (
           UPDATE imports SET bytes_read = $2, read = $3, rejected = $4
            WHERE import_id = $1 AND status = 'running'
           RETURNING import_id)
         SELECT pg_notify('import_progress', import_id::text) FROM told`,
        [importId, state.bytesRead, state.read, state.rejected],
      );
    } catch (err) {
      // The import itself goes on: progress is a courtesy, and the next tick tells it anew.
      log.warn({ err, importId }, 'the progress of an import could not be written');
    } finally {
      busy = false;
    }
  };
  const timer = setInterval(() => {
    // Imports that hold every connection and each wait for one more would wait for each other.
    const free = pool.idleCount > 0 || pool.totalCount < (pool.options.max ?? 10);
    if (!busy && free) writing = write();
  }, INTERVAL_MS);
  return {
    bytes(count) {
      state.bytesRead = Math.min(state.bytesRead + count, bytesTotal);
    },
    records(read, rejected) {
      state.read = read;
      state.rejected = rejected;
      onProgress?.({ ...state });
    },
    async stop() {
      clearInterval(timer);
      await writing;
    },
  };
}
