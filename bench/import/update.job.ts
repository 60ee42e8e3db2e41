/** A file in which a fifth of a large table's videos have changed. */
import { join } from 'node:path';
import { defineJob } from '../job.ts';
import { emptyHouse, houseOf, importInto, requireImported, seconds, settleHouse } from './house.ts';
import { copyAndMerge } from './limit.ts';
import { writeVideos } from './video-file.ts';

export default defineJob({
  name: 'import/update',
  measures: '200,000 changed videos of 1,000,000 from one file, with checks, origins and audit',
  unit: 'rows/s',
  better: 'more',
  targets: [{ kind: 'ratio', against: '\\copy + merge', atLeast: 0.8 }],
  mostRounds: 3,
  open: async (bench) => {
    const house = await houseOf(bench);
    const { seed } = bench;
    const videos = bench.sized(1_000_000, 1000);
    const changed = Math.floor(videos / 5);
    const all = join(house.folder, 'all.csv');
    await writeVideos(all, { videos, seed });
    await emptyHouse(house);
    await requireImported(importInto(house, all, 'videos.csv'));
    await copyAndMerge(house.limit, all);
    let edition = 0;
    const file = join(house.folder, 'changed.csv');
    // Every run has titles of its own: what the one before wrote would be nothing new.
    const nextEdition = async () => {
      edition += 1;
      await writeVideos(file, { videos: changed, changed, edition, seed });
      await settleHouse(house);
    };
    return {
      versions: house.versions,
      contenders: [
        {
          name: 'cairn',
          role: 'subject',
          prepare: nextEdition,
          run: async () => {
            const took = await seconds(async () => {
              const { updated } = await requireImported(importInto(house, file, 'videos.csv'));
              if (updated !== changed) throw new Error(`${updated} of ${changed} updated`);
            });
            return { value: changed / took };
          },
        },
        {
          name: '\\copy + merge',
          role: 'limit',
          prepare: settleHouse.bind(undefined, house),
          run: async () => {
            const took = await seconds(async () => {
              const written = await copyAndMerge(house.limit, file);
              if (written !== changed) throw new Error(`${written} of ${changed} rows`);
            });
            return { value: changed / took };
          },
        },
      ],
    };
  },
});
