/** Kept files: their bytes in the store, and who may have them, until when, in the table `files`. */
import type { Query } from '../database/session.ts';
import { contextSlot } from '../graphql/context.ts';
import type { Actor } from '../kernel/actor.ts';
import { AppError } from '../kernel/errors.ts';
import { uuidv7 } from '../kernel/uuid.ts';
import type { Blob, BlobStore } from './blob-store.ts';
import { safeName } from './file-name.ts';
import type { Links } from './links.ts';
import { SNIFFED_BYTES, sniffMediaType } from './media-type.ts';

/** What the API and the jobs need of kept files. */
export interface Files {
  readonly store: BlobStore;
  readonly links: Links;
}

/** Filled by the server for every operation, request and job. */
export const filesSlot = contextSlot<Files>('files');

export interface KeptFile extends Blob {
  /** A UUID of version 7. */
  readonly fileId: string;
  readonly name: string;
  readonly mediaType: string;
  readonly purpose: string;
  readonly owner: string;
  readonly expiresAt: Date | null;
}

export interface NewFile {
  readonly blob: Blob;
  /** As anybody gave it; kept as {@link safeName} makes it. */
  readonly name: string;
  /** As our own code made it, or as {@link receive} found it. */
  readonly mediaType: string;
  /** What it is kept for, such as `export` or `upload`. */
  readonly purpose: string;
  readonly owner: Pick<Actor, 'label'>;
  /** When nothing needs it any more; null for never. */
  readonly expiresAt: Date | null;
}

const COLUMNS = `
  file_id AS "fileId", hash, size::float8 AS size, name, media_type AS "mediaType", purpose, owner,
  expires_at AS "expiresAt"`;

/**
 * Notes a blob as somebody's file, within a transaction. Do so soon after it was put: an hour later a blob without a file is
 * taken for one that was left behind.
 */
export async function keepFile(
  query: Query,
  { blob, name, mediaType, purpose, owner, expiresAt }: NewFile,
): Promise<KeptFile> {
  const [kept] = await query<KeptFile & Record<string, unknown>>(
    'file keep',
    `INSERT INTO files (file_id, hash, size, name, media_type, purpose, owner, expires_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
     RETURNING ${COLUMNS}`,
    [uuidv7(), blob.hash, blob.size, safeName(name), mediaType, purpose, owner.label, expiresAt],
  );
  if (kept === undefined) throw new AppError('INTERNAL', 'A file was not noted');
  return kept;
}

/** A file that is kept, or undefined when there is none of this id or its time is over. */
export async function findFile(query: Query, fileId: string): Promise<KeptFile | undefined> {
  const [found] = await query<KeptFile & Record<string, unknown>>(
    'file find',
    `SELECT ${COLUMNS} FROM files WHERE file_id::text = $1 AND (expires_at IS NULL OR expires_at > now())`,
    [fileId],
  );
  return found;
}

/** Nothing needs the file any more; its bytes go with the last file that has them. */
export async function dropFile(query: Query, fileId: string): Promise<void> {
  await query('file drop', 'DELETE FROM files WHERE file_id = $1', [fileId]);
}

export interface Received {
  readonly blob: Blob;
  readonly mediaType: string;
}

export interface ReceiveOptions {
  /** Bytes. */
  readonly most: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Puts what a client sends into the store and finds out what it is.
 * @throws AppError BAD_USER_INPUT for what is of no kind that is taken, FILE_EMPTY; as {@link BlobStore.put}
 */
export async function receive(
  store: BlobStore,
  bytes: AsyncIterable<Uint8Array>,
  options: ReceiveOptions,
): Promise<Received> {
  let mediaType: string | undefined;
  async function* sniffed(): AsyncGenerator<Uint8Array> {
    const first: Uint8Array[] = [];
    let size = 0;
    for await (const chunk of bytes) {
      if (mediaType !== undefined) {
        yield chunk;
        continue;
      }
      first.push(chunk);
      size += chunk.length;
      // A slow sender's first bytes come one by one.
      if (size >= SNIFFED_BYTES) yield settle(first);
    }
    if (mediaType === undefined) yield settle(first);
  }
  function settle(first: readonly Uint8Array[]): Uint8Array {
    const start = Buffer.concat(first);
    if (start.length === 0) throw new AppError('FILE_EMPTY', 'The file is empty', { hint: 'Send the file itself.' });
    mediaType = sniffMediaType(start);
    if (mediaType !== undefined) return start;
    throw new AppError('BAD_USER_INPUT', 'The file is of no kind that is taken', {
      hint: 'Send text (CSV, JSON, JSON Lines, Markdown), a workbook (xlsx), Parquet, SQLite, DuckDB, or one of these packed by gzip.',
    });
  }
  const blob = await store.put(sniffed(), options);
  if (mediaType === undefined) throw new AppError('INTERNAL', 'A file was kept without a kind');
  return { blob, mediaType };
}
