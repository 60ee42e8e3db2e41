/** Whether every byte of a backup is what its manifest says. Nothing is written and no server is asked. */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../kernel/errors.ts';
import { hashFile } from '../kernel/hash.ts';
import { inParallel, throwIfStopped, type Watch } from './durable.ts';
import { type BackupFile, type Manifest, readManifest } from './manifest.ts';

const WIDTH = 4;
/** More names help nobody. */
const TOLD = 10;

/**
 * Reads every file of the backup in `folder` and compares it with the manifest, which is returned.
 * @throws AppError FILE_MISSING, FILE_CHANGED naming the files, FILE_MALFORMED, INTERRUPTED
 */
export async function verifyBackup(folder: string, watch: Watch = {}): Promise<Manifest> {
  const manifest = await readManifest(folder);
  await verifySizes(folder, manifest);
  const altered: string[] = [];
  await inParallel(manifest.files, WIDTH, async (file) => {
    throwIfStopped(watch.signal);
    const { hash } = await hashFile(join(folder, file.path));
    if (hash !== file.sha256) altered.push(`${file.path} was altered`);
    watch.onBytes?.(file.size);
  });
  refuse(folder, altered);
  return manifest;
}

/** Whether every file is there with its size: what costs no reading. */
export async function verifySizes(folder: string, manifest: Manifest): Promise<void> {
  const faults: { readonly path: string; readonly text: string }[] = [];
  await inParallel(manifest.files, WIDTH, async ({ path, size }) => {
    const found = await stat(join(folder, path)).catch(() => undefined);
    if (found === undefined || !found.isFile()) faults.push({ path, text: `${path} is missing` });
    else if (found.size !== size) faults.push({ path, text: `${path} has ${found.size} bytes instead of ${size}` });
  });
  refuse(
    folder,
    faults.map(({ text }) => text),
  );
}

/** @throws AppError FILE_CHANGED if a copied or read file is not what the manifest says */
export function requireSame(folder: string, expected: BackupFile, found: Pick<BackupFile, 'sha256'>): void {
  if (found.sha256 !== expected.sha256) refuse(folder, [`${expected.path} was altered`]);
}

function refuse(folder: string, faults: readonly string[]): void {
  if (faults.length === 0) return;
  const told = faults.toSorted().slice(0, TOLD);
  const rest = faults.length - told.length;
  const list = told.map((fault) => `  - ${fault}`).join('\n') + (rest > 0 ? `\n  - and ${rest} more` : '');
  const isMissing = faults.every((fault) => fault.endsWith(' is missing'));
  throw new AppError(isMissing ? 'FILE_MISSING' : 'FILE_CHANGED', `The backup in ${folder} is damaged:\n${list}`, {
    path: folder,
    hint: 'Use another backup, or bring these files back from a copy of this one. Nothing was written.',
  });
}
