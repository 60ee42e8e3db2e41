/** Imports of a big file by the command line, again and again with other values, in a process of their own. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { PROJECT_ROOT } from '../../src/kernel/config.ts';
import { writeChannels, writeVideos } from '../import/video-file.ts';

export interface Imports {
  /** Starts no more, waits for the one that runs, and returns how many rows were written by how many imports. */
  readonly end: () => Promise<{ readonly imports: number; readonly rows: number }>;
}

/** Files of `videos` rows, all of whose titles change from one to the next. Fails at its end if an import failed. */
export function startImports(dataDir: string, videos: number, seed: number): Imports {
  const folder = join(dataDir, '..');
  let ending = false;
  let imports = 0;
  let rows = 0;
  const importing = (async () => {
    const channels = join(folder, 'channels.csv');
    await writeChannels(channels);
    await importFile(dataDir, channels);
    for (let edition = 0; !ending || imports === 0; edition += 1) {
      const file = join(folder, 'videos.csv');
      await writeVideos(file, { videos, changed: videos, edition, seed });
      const { inserted, updated } = await importFile(dataDir, file);
      imports += 1;
      rows += inserted + updated;
      await rm(file);
    }
  })();
  // Heard of at the end: until then nobody waits for it.
  importing.catch(() => undefined);
  return {
    end: async () => {
      ending = true;
      await importing;
      return { imports, rows };
    },
  };
}

interface Totals {
  readonly inserted: number;
  readonly updated: number;
}

async function importFile(dataDir: string, file: string): Promise<Totals> {
  const child = spawn(process.execPath, [join(PROJECT_ROOT, 'src', 'main.ts'), 'import', file, '--json'], {
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], CAIRN_DATA_DIR: dataDir },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  let told = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    told = `${told}${text}`.slice(-2_000);
  });
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`An import ended with ${code}: ${told}`);
  const report: { readonly totals: Totals } = JSON.parse(said);
  return report.totals;
}
