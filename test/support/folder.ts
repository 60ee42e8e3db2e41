/** Folders of files, made for one test. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, onTestFinished } from 'vitest';

type Files = Readonly<Record<string, string | Uint8Array>>;

/** A temporary folder that holds `files` (by path), removed after the test. */
export async function makeFolder(files: Files = {}): Promise<string> {
  const folder = await fill(files);
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** The same, for a whole test file. */
export async function useFolder(files: Files): Promise<string> {
  const folder = await fill(files);
  afterAll(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

async function fill(files: Files): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'cairn-folder-'));
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
  return folder;
}
