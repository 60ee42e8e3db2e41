/**
 * Where the bytes of files lie: each blob once, under the SHA-256 of its bytes. It knows no owners, names or ends; those stand
 * in the table `files`. A folder is one such store; a bucket of an object store can be another.
 */
import type { Readable } from 'node:stream';

export interface Blob {
  /** SHA-256, lower-case hexadecimal. */
  readonly hash: string;
  /** Bytes. */
  readonly size: number;
}

export interface StoredBlob extends Blob {
  /** When it was put last. */
  readonly putAt: Date;
}

/** Bytes from `start` to `end`, both included. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

export interface PutOptions {
  /** Bytes; a stream that has more is refused. */
  readonly most: number;
  readonly signal?: AbortSignal | undefined;
}

export interface BlobStore {
  /**
   * Keeps a stream's bytes, whole and safe from a power cut, or nothing of them. Memory stays flat.
   * @throws AppError FILE_TOO_LARGE, DISK_FULL, INTERRUPTED; whatever the stream fails with
   */
  readonly put: (bytes: AsyncIterable<Uint8Array>, options: PutOptions) => Promise<Blob>;
  /** The bytes, streamed. @throws AppError NOT_FOUND */
  readonly open: (hash: string, range?: ByteRange) => Promise<Readable>;
  /** Undefined when there is none. */
  readonly find: (hash: string) => Promise<StoredBlob | undefined>;
  /** Whether the store is that of the database with this mark; one that is of none yet is from now on. */
  readonly belongsTo: (mark: string) => Promise<boolean>;
  /** Every blob, in no order. What comes and goes meanwhile may be missing. */
  readonly list: () => AsyncIterable<StoredBlob>;
  /** Removes a blob, unless it was put after `before`, even at this very moment by another process. True when it is gone. */
  readonly removeOlder: (hash: string, before: Date) => Promise<boolean>;
  /** Removes what killed processes began to put and wrote nothing to since `before`; returns how many. */
  readonly removeUnfinished: (before: Date) => Promise<number>;
}

/** Whether a text can be a blob's name: it becomes a part of a path. */
export const isHash = (text: string): boolean => /^[0-9a-f]{64}$/.test(text);
