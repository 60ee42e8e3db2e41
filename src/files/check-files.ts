/** Whether the bytes of every kept file are there, and are what they were. */

import { createHash } from 'node:crypto';
import type pg from 'pg';
import { asDatabaseError } from '../database/errors.ts';
import { AppError } from '../kernel/errors.ts';
import type { BlobStore } from './blob-store.ts';

export interface FilesChecked {
  readonly files: number;
  /** What is wrong, for people. */
  readonly faults: readonly string[];
}

interface Kept {
  readonly file_id: string;
  readonly name: string;
  readonly hash: string;
  readonly size: number;
}

/** Looks at each file whose time is not over; with `deep`, reads all of its bytes. */
export async function checkFiles(pool: pg.Pool, store: BlobStore, deep: boolean): Promise<FilesChecked> {
  const kept = await readKept(pool);
  const faults: string[] = [];
  for (const file of kept) {
    const fault = await faultOf(store, file, deep);
    if (fault !== undefined) faults.push(`${file.file_id} (${file.name}): ${fault}`);
  }
  return { files: kept.length, faults };
}

async function faultOf(store: BlobStore, { hash, size }: Kept, deep: boolean): Promise<string | undefined> {
  const found = await store.find(hash);
  if (found === undefined) return 'its bytes are gone';
  if (found.size !== size) return `it has ${found.size} bytes and had ${size}`;
  if (!deep) return undefined;
  const read = createHash('sha256');
  try {
    const bytes: AsyncIterable<Buffer> = await store.open(hash);
    for await (const chunk of bytes) read.update(chunk);
  } catch (thrown) {
    if (thrown instanceof AppError && thrown.code === 'NOT_FOUND') return 'its bytes are gone';
    throw thrown;
  }
  return read.digest('hex') === hash ? undefined : 'its bytes were altered';
}

async function readKept(pool: pg.Pool): Promise<Kept[]> {
  try {
    const { rows } = await pool.query<Kept>(
      `SELECT file_id, name, hash, size::float8 AS size
         FROM files
        WHERE expires_at IS NULL OR expires_at > now()
        ORDER BY id`,
    );
    return rows;
  } catch (thrown) {
    throw asDatabaseError(thrown);
  }
}
