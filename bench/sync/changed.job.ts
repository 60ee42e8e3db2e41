/** Changed rows in a hundred files: a morning's work of a team, followed by the hub. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { importFolder } from '../../src/ingest/run.ts';
import { BENCHER, emptyHouse, type House, seconds, settleHouse } from '../import/house.ts';
import { writeVideos } from '../import/video-file.ts';
import { defineJob } from '../job.ts';
import { addFolder, houseOf } from './place.ts';

const FILES = 100;

export default defineJob({
  name: 'sync/changed',
  measures: 'a hundred files of 1,000 videos each, 100 of which have another title: 10,000 changed rows',
  unit: 'rows/s',
  better: 'more',
  targets: [{ kind: 'ratio', against: 'import alone', atLeast: 0.8 }],
  mostRounds: 3,
  open: async (bench) => {
    const house = await houseOf(bench);
    const videos = bench.sized(1_000, 20);
    const changed = Math.max(1, Math.floor(videos / 10));
    const place = await addFolder(house, 'changed');
    const other = join(house.folder, 'imported');
    let edition = 0;
    const next = async (root: string): Promise<void> => {
      edition += 1;
      // Each speaks of rows of its own: of rows that two files speak of, the later word has to be weighed.
      const start = root === other ? FILES * videos : 0;
      await writeFiles(root, start, { videos, changed, edition, seed: bench.seed });
      await settleHouse(house);
    };
    await emptyHouse(house);
    await next(place.root);
    await place.sync();
    await next(other);
    await take(house, other);
    return {
      versions: house.versions,
      contenders: [
        {
          name: 'cairn',
          role: 'subject',
          prepare: () => next(place.root),
          run: async () => {
            const took = await seconds(async () => {
              const { updated } = await place.sync();
              if (updated !== FILES) throw new Error(`${updated} files were read`);
            });
            return { value: (changed * FILES) / took };
          },
        },
        {
          name: 'import alone',
          role: 'limit',
          prepare: () => next(other),
          run: async () => ({ value: (changed * FILES) / (await seconds(() => take(house, other))) }),
        },
      ],
    };
  },
});

async function writeFiles(
  root: string,
  start: number,
  {
    videos,
    ...file
  }: { readonly videos: number; readonly changed: number; readonly edition: number; readonly seed: number },
): Promise<void> {
  for (let n = 0; n < FILES; n += 1) {
    const folder = join(root, String(n).padStart(3, '0'));
    await mkdir(folder, { recursive: true });
    const from = start + n * videos;
    await writeVideos(join(folder, 'videos.csv'), { ...file, videos, from, changed: from + file.changed });
  }
}

async function take(house: House, root: string): Promise<void> {
  const { imports } = await importFolder(house.ingest, { root, actor: BENCHER });
  const failed = imports.find(({ status }) => status !== 'imported');
  if (imports.length !== FILES || failed !== undefined)
    throw new Error(`${imports.length} files; ${failed?.path} is ${failed?.status}`);
}
