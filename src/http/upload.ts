import { openAsBlob } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** The folder for what clients send, until it is read. */
export const uploadsFolder = (dataDir: string): string => join(dataDir, 'uploads');

/** A file of a multipart request, already on disk: its bytes never stand in memory at once. */
export class SpooledUpload extends File {
  /** Absolute path of the spooled bytes; gone once the request is answered, unless taken by {@link takeUpload}. */
  readonly path: string;

  constructor(bytes: Blob, name: string, path: string) {
    super([bytes], name);
    this.path = path;
  }
}

/** Wraps the spooled file at `path` under the client's `name` for it. */
export async function openUpload(path: string, name: string): Promise<SpooledUpload> {
  return new SpooledUpload(await openAsBlob(path), name, path);
}

/** Moves an upload's bytes to a path that outlives its request; whoever takes them deletes them. */
export async function takeUpload(upload: SpooledUpload): Promise<string> {
  const taken = `${upload.path}.taken`;
  await rename(upload.path, taken);
  return taken;
}

/** Deletes what was not taken. */
export async function dropUploads(uploads: readonly SpooledUpload[]): Promise<void> {
  await Promise.all(uploads.map((upload) => rm(upload.path, { force: true })));
}
