/** A folder in which nothing has changed: what a source costs every few minutes. */
import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { seconds, settleHouse } from '../import/house.ts';
import { defineJob } from '../job.ts';
import { addFolder, houseOf } from './place.ts';

const PER_FOLDER = 500;

export default defineJob({
  name: 'sync/unchanged',
  measures: 'a folder of 100,000 files that are as they were',
  unit: 'files/s',
  better: 'more',
  targets: [{ kind: 'ratio', against: 'find and stat', atLeast: 0.5 }],
  open: async (bench) => {
    const house = await houseOf(bench);
    const files = bench.sized(100_000, 100);
    const place = await addFolder(house, 'unchanged');
    await writeFiles(place.root, files);
    bench.note('a first sync, which is not measured here');
    await place.sync();
    await house.owner.query('VACUUM ANALYZE sync_items');
    await settleHouse(house);
    return {
      versions: house.versions,
      contenders: [
        {
          name: 'cairn',
          role: 'subject',
          run: async () => {
            const took = await seconds(async () => {
              const { found, processed } = await place.sync();
              if (found !== files || processed !== 0) throw new Error(`${found} found, ${processed} processed`);
            });
            return { value: files / took };
          },
        },
        {
          name: 'find and stat',
          role: 'limit',
          run: async () => ({ value: files / (await seconds(() => findAndStat(place.root, files))) }),
        },
      ],
    };
  },
});

/** Small ones, of a kind that nobody reads: what they hold is not what is measured. */
async function writeFiles(root: string, files: number): Promise<void> {
  for (let from = 0; from < files; from += PER_FOLDER) {
    const folder = join(root, `folder ${String(from / PER_FOLDER).padStart(4, '0')}`);
    await mkdir(folder, { recursive: true });
    const names = Array.from({ length: Math.min(PER_FOLDER, files - from) }, (_, n) => `recording ${from + n}.mp3`);
    await Promise.all(names.map((name) => writeFile(join(folder, name), name)));
  }
}

/** What the two programs say of every file: name, size and times. */
async function findAndStat(root: string, files: number): Promise<void> {
  const { stdout } = await promisify(execFile)(
    'find',
    [root, '-type', 'f', '-exec', 'stat', '--format', '%n %s %y %i', '{}', '+'],
    { maxBuffer: 1 << 28 },
  );
  const lines = stdout.split('\n').length - 1;
  if (lines !== files) throw new Error(`${lines} files`);
}
