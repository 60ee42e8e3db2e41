/** Files that a power cut leaves whole, or not there at all. */
import { type FileHandle, open } from 'node:fs/promises';

/** A write may take less than it was given, as when the disk is nearly full; the next one then says why. */
export async function writeAll(target: FileHandle, chunk: Uint8Array): Promise<void> {
  for (let done = 0; done < chunk.length; ) {
    const { bytesWritten } = await target.write(chunk, done, chunk.length - done);
    done += bytesWritten;
  }
}

/** Makes what was created, renamed or removed in a folder outlive a power cut. */
export async function syncFolder(folder: string | Buffer): Promise<void> {
  // Windows has no way to open a folder, and needs none.
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
