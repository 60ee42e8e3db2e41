/** The first pass over a file: its hash and encoding, before a transaction is open. */
import { createHash } from 'node:crypto';
import { type BigIntStats, stat as fsStat } from 'node:fs';
import { promisify } from 'node:util';
import { AppError } from '../kernel/errors.ts';
import { isOfLinesExported } from './exported/export-file.ts';
import { type EncodingDetector, encodingDetector, type TextEncodingName } from './read/encoding.ts';
import { fileFacts, readBytes, type SpooledFile } from './read/source.ts';

const stat = promisify<string, { bigint: true }, BigIntStats>(fsStat);

export interface InspectedFile extends SpooledFile {
  /** SHA-256, hex. */
  readonly hash: string;
  /** @throws AppError FILE_ENCODING where no reading of the bytes as text is safe. */
  readonly encoding: () => TextEncodingName;
  /** @throws AppError FILE_CHANGED if the file is not what it was when it was hashed. */
  readonly requireSame: () => Promise<void>;
}

/**
 * Reads the file once. `path` is how it is kept: relative to the root. `modifiedAt` overrides the disk's time where the
 * file is a copy of something newer (an upload).
 * @throws AppError FILE_MISSING, FILE_UNREADABLE, FILE_EMPTY, FILE_CHANGED
 */
export async function inspectFile(file: string, path: string, modifiedAt?: Date): Promise<InspectedFile> {
  const seen = await lookAtFile(file, path);
  const facts = fileFacts(path, modifiedAt ?? seen.modifiedAt);
  const spooled = { path: file, size: seen.size, facts, mayBeEmpty: isOfLinesExported(facts) };
  const hash = createHash('sha256');
  const detector: EncodingDetector = encodingDetector();
  for await (const chunk of readBytes(spooled)) {
    hash.update(chunk);
    detector.push(chunk);
  }
  return {
    ...spooled,
    hash: hash.digest('hex'),
    encoding: () => detector.result(),
    requireSame: seen.requireSame,
  };
}

/**
 * What a file is before it is read.
 * @throws AppError FILE_MISSING, FILE_UNREADABLE
 */
export async function lookAtFile(
  file: string,
  path: string,
): Promise<Pick<InspectedFile, 'size' | 'requireSame'> & { readonly modifiedAt: Date }> {
  const before = await stat(file, { bigint: true }).catch((cause: unknown) => {
    throw unreadable(path, cause);
  });
  if (!before.isFile())
    throw new AppError('FILE_UNREADABLE', `${path} is not a regular file`, { hint: 'Name a file.' });
  return {
    size: Number(before.size),
    // Milliseconds: what the database keeps, and all that tells two versions apart by time.
    modifiedAt: new Date(Number(before.mtimeMs)),
    requireSame: () => requireSame(file, path, before),
  };
}

/** @throws AppError FILE_CHANGED if the file is not what it was `before` */
export async function requireSame(file: string, path: string, before: BigIntStats): Promise<void> {
  const after = await stat(file, { bigint: true }).catch(() => undefined);
  if (after !== undefined && isSame(before, after)) return;
  throw new AppError('FILE_CHANGED', `${path} changed while it was read`, {
    hint: 'Nothing of it was taken in. Import it again when nothing writes to it.',
  });
}

export function isSame(before: BigIntStats, after: BigIntStats): boolean {
  return after.size === before.size && after.mtimeNs === before.mtimeNs && after.ino === before.ino;
}

function unreadable(path: string, cause: unknown): AppError {
  const missing = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
  return new AppError(
    missing ? 'FILE_MISSING' : 'FILE_UNREADABLE',
    `${path} ${missing ? 'does not exist' : 'cannot be read'}`,
    { cause, hint: 'Check the path and that this process may read it.' },
  );
}
