/** Many small files, one video each. */
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { importFolder } from '../../src/ingest/run.ts';
import { BENCHER, type House, seconds } from './house.ts';
import { writeVideos } from './video-file.ts';

/** Writes them, once, and returns their folder. */
export async function writeSmallFiles(house: House, files: number, seed: number): Promise<string> {
  const root = join(house.folder, 'small');
  for (let n = 0; n < files; n += 1) {
    const folder = join(root, String(n).padStart(5, '0'));
    await mkdir(folder, { recursive: true });
    await writeVideos(join(folder, 'videos.csv'), { videos: 1, from: n, seed });
  }
  return root;
}

/** Seconds. @throws Error where a file has another outcome */
export function importSmallFiles(house: House, root: string, files: number, status: string): Promise<number> {
  return seconds(async () => {
    const { imports } = await importFolder(house.ingest, { root, actor: BENCHER });
    const other = imports.find((one) => one.status !== status);
    if (imports.length !== files || other !== undefined)
      throw new Error(`${imports.length} files; ${other?.path} is ${other?.status}: ${other?.error?.message}`);
  });
}

/** Seconds. */
export function hashSmallFiles(root: string): Promise<number> {
  return seconds(async () => {
    for (const folder of await readdir(root)) {
      const bytes = await readFile(join(root, folder, 'videos.csv'));
      createHash('sha256').update(bytes).digest('hex');
    }
  });
}
