/** The first and only pass over a small file: its bytes are kept, and reading them costs the disk no second visit. */
import { hash } from 'node:crypto';
import { type BigIntStats, close, constants, fstat, open, read } from 'node:fs';
import { promisify } from 'node:util';
import { type InspectedFile, isSame, requireSame } from './inspect.ts';
import { encodingDetector, type TextEncodingName } from './read/encoding.ts';
import { fileFacts } from './read/source.ts';

/** Larger ones are read as a stream, and are worth a transaction of their own. */
const SMALL_BYTES = 64 * 1024;

// Not the promises of node:fs, whose handles cost a small file more than its bytes.
const openFile = promisify(open);
const closeFile = promisify(close);
const statFile = promisify<number, { bigint: true }, BigIntStats>(fstat);
/** A name that stands for a pipe must not keep a thread waiting for its writer. */
const FLAGS = constants.O_RDONLY | constants.O_NONBLOCK;

/**
 * As {@link inspectFile}, for a regular file that is small and not empty; undefined for every other, and where it could not
 * be read: who reads it as any file finds out why.
 */
export async function inspectSmall(file: string, path: string, modifiedAt?: Date): Promise<InspectedFile | undefined> {
  const found = await readSmall(file).catch(() => undefined);
  if (found === undefined) return undefined;
  const { bytes, stats } = found;
  return {
    path: file,
    size: bytes.length,
    bytes,
    facts: fileFacts(path, modifiedAt ?? new Date(Number(stats.mtimeMs))),
    hash: hash('sha256', bytes, 'hex'),
    encoding: () => encodingOf(bytes),
    requireSame: () => requireSame(file, path, stats),
  };
}

/** Asked for by whoever reads the file as text: most files of a nightly run are as they were. */
function encodingOf(bytes: Buffer): TextEncodingName {
  const detector = encodingDetector();
  detector.push(bytes);
  return detector.result();
}

async function readSmall(file: string): Promise<{ readonly bytes: Buffer; readonly stats: BigIntStats } | undefined> {
  const descriptor = await openFile(file, FLAGS);
  try {
    const stats = await statFile(descriptor, { bigint: true });
    if (!stats.isFile() || stats.size === 0n || stats.size > SMALL_BYTES) return undefined;
    const size = Number(stats.size);
    const bytes = Buffer.allocUnsafeSlow(size + 1);
    if ((await readAt(descriptor, bytes)) !== size) return undefined;
    return isSame(stats, await statFile(descriptor, { bigint: true }))
      ? { bytes: bytes.subarray(0, size), stats }
      : undefined;
  } finally {
    await closeFile(descriptor);
  }
}

function readAt(descriptor: number, into: Buffer): Promise<number> {
  return new Promise((resolve, reject) => {
    read(descriptor, into, 0, into.length, 0, (fault, count) => (fault === null ? resolve(count) : reject(fault)));
  });
}
