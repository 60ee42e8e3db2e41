/** A file on disk that will be read: its facts, its bytes, and the original bytes of one record. */
import { open } from 'node:fs/promises';
import { posix } from 'node:path';
import { AppError } from '../../kernel/errors.ts';
import type { FileFacts, RawSpan } from '../dataset.ts';
import { encodingDetector, type TextEncodingName } from './encoding.ts';

/** A file whose bytes stay as they are while it is read. */
export interface SpooledFile {
  /** Absolute. */
  readonly path: string;
  readonly facts: FileFacts;
  /** In bytes, as it was when the file was hashed. */
  readonly size: number;
  /** All of it, where it is small and was kept when it was hashed: the disk is not asked again. */
  readonly bytes?: Buffer | undefined;
  /** Whether a file of no bytes is one of no records: an export of an empty table as JSON Lines. */
  readonly mayBeEmpty?: boolean;
}

/** Large enough that a read costs little beside parsing it, small enough that memory stays flat. */
const CHUNK_BYTES = 256 * 1024;

/** The facts of a file by its path relative to the root, `/` between folders. */
export function fileFacts(path: string, modifiedAt: Date): FileFacts {
  const { dir, base, name, ext } = posix.parse(path);
  return { path, folder: dir, name: base, stem: name, extension: ext.toLowerCase(), modifiedAt };
}

/**
 * The file's bytes in chunks. A chunk is the caller's to keep. Throws FILE_EMPTY, FILE_MISSING, FILE_UNREADABLE, and
 * FILE_CHANGED if the file has no longer as many bytes as when it was hashed.
 */
export async function* readBytes(file: SpooledFile): AsyncGenerator<Buffer> {
  if (file.size === 0 && file.mayBeEmpty !== true)
    throw new AppError('FILE_EMPTY', `${file.facts.path} is empty.`, { hint: 'Nothing was taken from it.' });
  if (file.bytes !== undefined) {
    yield file.bytes;
    return;
  }
  await using handle = await openFile(file);
  let total = 0;
  for (;;) {
    const chunk = Buffer.allocUnsafe(Math.min(CHUNK_BYTES, file.size - total + 1));
    const { bytesRead } = await handle.read(chunk, 0, chunk.length, total).catch((cause: unknown) => {
      throw unreadable(file, cause);
    });
    total += bytesRead;
    if (total > file.size || (bytesRead === 0 && total < file.size)) {
      throw new AppError('FILE_CHANGED', `${file.facts.path} changed while it was read.`, {
        hint: 'Import it again when nothing writes to it.',
      });
    }
    if (bytesRead === 0) return;
    yield chunk.subarray(0, bytesRead);
  }
}

/** The encoding of a file on disk, by reading it once. The pass that hashes a file can feed a detector instead. */
export async function detectEncoding(file: SpooledFile): Promise<TextEncodingName> {
  const detector = encodingDetector();
  for await (const chunk of readBytes(file)) detector.push(chunk);
  return detector.result();
}

/** The original bytes of one record. */
export async function readSpan(file: SpooledFile, span: RawSpan): Promise<Buffer> {
  if ('text' in span) return Buffer.from(span.text);
  if (file.bytes !== undefined) return file.bytes.subarray(span.offset, span.offset + span.length);
  await using handle = await openFile(file);
  const bytes = Buffer.alloc(span.length);
  let done = 0;
  while (done < span.length) {
    const { bytesRead } = await handle.read(bytes, done, span.length - done, span.offset + done);
    if (bytesRead === 0) {
      throw new AppError('FILE_CHANGED', `${file.facts.path} is shorter than when it was read.`, {
        hint: 'Import it again when nothing writes to it.',
      });
    }
    done += bytesRead;
  }
  return bytes;
}

async function openFile(file: SpooledFile) {
  return await open(file.path, 'r').catch((cause: unknown) => {
    throw unreadable(file, cause);
  });
}

function unreadable(file: SpooledFile, cause: unknown): AppError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  if (code === 'ENOENT') return new AppError('FILE_MISSING', `${file.facts.path} is not there.`, { cause });
  return new AppError('FILE_UNREADABLE', `${file.facts.path} cannot be read (${code}).`, {
    cause,
    hint: 'Check that it is a file and that this process may read it.',
  });
}
