/** What nothing needs any more, removed: files whose time is over, bytes without a file, and what killed processes left. */
import type pg from 'pg';
import { asDatabaseError } from '../database/errors.ts';
import type { BlobStore } from './blob-store.ts';
import { databaseMark } from './links.ts';

/** Milliseconds: a blob is put first and noted as a file after that. */
const LEFT_AFTER_MS = 3_600_000;
const BATCH = 500;

export interface Swept {
  /** Lines of files whose time was over. */
  readonly expired: number;
  /** Blobs that no file has. */
  readonly blobs: number;
  /** What was never finished. */
  readonly unfinished: number;
}

/** Sweeps once. Several processes may do so at once, and others may put the very bytes that are being removed. */
export async function sweepFiles(
  pool: pg.Pool,
  store: BlobStore,
  before: Date = new Date(Date.now() - LEFT_AFTER_MS),
): Promise<Swept> {
  const expired = await ask(pool, 'DELETE FROM files WHERE expires_at <= now() RETURNING hash', []);
  // Another database's files, in a folder that this one was given by mistake, are not left behind: they are missing here.
  if (!(await store.belongsTo(await databaseMark(pool)))) return { expired: expired.length, blobs: 0, unfinished: 0 };
  const unfinished = await store.removeUnfinished(before);
  let blobs = 0;
  let batch: string[] = [];
  const remove = async (): Promise<void> => {
    const needed = new Set(await ask(pool, 'SELECT hash FROM files WHERE hash = ANY($1)', [batch]));
    for (const hash of batch) if (!needed.has(hash) && (await store.removeOlder(hash, before))) blobs += 1;
    batch = [];
  };
  for await (const { hash, putAt } of store.list()) {
    if (putAt <= before) batch.push(hash);
    if (batch.length === BATCH) await remove();
  }
  if (batch.length > 0) await remove();
  return { expired: expired.length, blobs, unfinished };
}

async function ask(pool: pg.Pool, text: string, values: readonly unknown[]): Promise<string[]> {
  try {
    const { rows } = await pool.query<{ hash: string }>(text, [...values]);
    return rows.map(({ hash }) => hash);
  } catch (thrown) {
    throw asDatabaseError(thrown);
  }
}
