/**
 * Locks between processes, held by the operating system: they end with the process that holds them, also after kill -9,
 * so that no lock is ever stale. Node has no call for file locks of its own; SQLite takes them in its files.
 */

import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '../../kernel/errors.ts';

export interface Lock {
  readonly release: () => void;
}

/** SQLITE_BUSY: someone else holds it. */
const BUSY = 5;
const RETRY_MS = 20;
/** First starts by several processes at once queue here while one of them runs initdb, which takes seconds on a slow disk. */
const PATIENCE_MS = 180_000;

/** Takes the lock alone, or returns undefined if anybody holds it. */
export function tryExclusive(path: string): Lock | undefined {
  return take(path, 'BEGIN EXCLUSIVE');
}

/** Takes the lock together with whoever else shares it, or returns undefined if somebody holds it alone. */
export function tryShared(path: string): Lock | undefined {
  // BEGIN alone locks nothing: the first read does.
  return take(path, 'BEGIN; SELECT count(*) FROM sqlite_master');
}

/**
 * Waits for the lock, holds it alone while `work` runs and releases it.
 * @throws AppError DATA_DIR_INVALID after three minutes.
 */
export async function withExclusive<T>(path: string, work: () => Promise<T>): Promise<T> {
  const end = Date.now() + PATIENCE_MS;
  for (;;) {
    const lock = tryExclusive(path);
    if (lock !== undefined) {
      try {
        return await work();
      } finally {
        lock.release();
      }
    }
    if (Date.now() > end) {
      throw new AppError('DATA_DIR_INVALID', `Another process has held ${path} for ${PATIENCE_MS / 1000} seconds`, {
        hint: 'A start or stop of the embedded PostgreSQL hangs. End that process and start again.',
      });
    }
    await sleep(RETRY_MS);
  }
}

function take(path: string, statement: string): Lock | undefined {
  let file: DatabaseSync | undefined;
  try {
    const opened = new DatabaseSync(path);
    file = opened;
    opened.exec(statement);
    return { release: () => opened.close() };
  } catch (cause) {
    file?.close();
    if (cause instanceof Error && 'errcode' in cause && cause.errcode === BUSY) return undefined;
    throw new AppError('DATA_DIR_INVALID', `The lock ${path} cannot be taken`, {
      cause,
      path,
      hint: 'Its folder must be writable, on a disk that has some space left and knows file locks.',
    });
  }
}
