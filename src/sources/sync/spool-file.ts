/** The file of this machine that an item is fetched into: named by the hub, never by the item, and kept when a run is cut. */
import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, mkdir, open, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { asDiskFull } from '../../kernel/disk-full.ts';
import { writeAll } from '../../kernel/durable.ts';
import { hashBytes } from '../../kernel/hash.ts';
import { ConnectorError, type ContentHash } from '../connector.ts';
import { createHasher, isDigest } from '../kit/content-hash.ts';
import type { Hasher } from '../kit/hasher.ts';
import type { PendingItem } from './pending.ts';

export interface SpoolFile {
  readonly path: string;
  readonly size: () => number;
  readonly add: (bytes: Uint8Array) => Promise<void>;
  /** Nothing is added after it. SHA-256, hexadecimal; and whether the place's own hash is that of these bytes, where one was asked for. */
  readonly finish: () => Promise<{
    readonly hash: string;
    readonly isTrue: boolean | undefined;
    /** Whether the hash that was asked for may be none. */
    readonly isSupposed: boolean;
  }>;
  readonly isDone: () => boolean;
  /** Lets it lie, for whoever goes on with it; closing twice does nothing. */
  readonly close: () => Promise<void>;
}

/** Where the item's content goes: another version is another file. */
export const spoolPath = (folder: string, { id, external_version: version }: PendingItem): string =>
  join(folder, `${id}-${hashBytes(version).slice(0, 16)}`);

/** So long what a cut left lies for whoever goes on with it. */
const KEPT_MS = 24 * 3_600_000;

/** Removes what nobody came back for: parts of versions and of items that are gone by now. */
export async function tidySpool(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  for (const name of names) {
    const path = join(folder, name);
    const facts = await stat(path).catch(() => undefined);
    if (facts !== undefined && Date.now() - facts.mtimeMs > KEPT_MS) await rm(path, { force: true });
  }
}

/** Opens it with what is there already, unless `isAnew`. `told` is checked when it is finished. */
export async function openSpoolFile(
  path: string,
  folder: string,
  told: ContentHash | undefined,
  isAnew: boolean,
): Promise<SpoolFile> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  if (isAnew) await rm(path, { force: true });
  const hashes = newHashes(told);
  let size = 0;
  let isDone = false;
  const there = await stat(path).catch(() => undefined);
  if (there !== undefined) {
    for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) {
      hashes.update(chunk);
      size += chunk.length;
    }
  }
  const handle: FileHandle = await open(path, 'a', 0o600);
  return {
    path,
    size: () => size,
    add: async (bytes) => {
      hashes.update(bytes);
      await writeAll(handle, bytes).catch((thrown: unknown) => {
        throw asDiskFull(thrown);
      });
      size += bytes.length;
    },
    finish: async () => {
      isDone = true;
      const { size: there } = await handle.stat().finally(() => handle.close());
      // A process that was stopped, and goes on without knowing that its run is another's by now, writes to the same file.
      if (there !== size) throw new ConnectorError('transient', `${there} bytes lie where ${size} were written`);
      return hashes.finish();
    },
    isDone: () => isDone,
    close: async () => {
      if (!isDone) await handle.close();
    },
  };
}

function newHashes(told: ContentHash | undefined) {
  const sha: Hash = createHash('sha256');
  const theirs: Hasher | undefined = told && told.algorithm !== 'sha256' ? createHasher(told.algorithm) : undefined;
  return {
    update: (bytes: Uint8Array): void => {
      sha.update(bytes);
      theirs?.update(bytes);
    },
    finish: () => {
      const digest = sha.digest();
      const own = told?.algorithm === 'sha256' ? digest : theirs?.digest();
      return {
        hash: digest.toString('hex'),
        isTrue: told === undefined || own === undefined ? undefined : isDigest(told, own),
        isSupposed: told?.isSupposed === true,
      };
    },
  };
}
