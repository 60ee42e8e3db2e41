/** A file that changed and whose rows did not: someone saved it again. */
import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { defineJob } from '../job.ts';
import { emptyHouse, houseOf, importInto, requireImported, seconds, settleHouse } from './house.ts';
import { copyAndMerge } from './limit.ts';
import { writeVideos } from './video-file.ts';

/** What changes with any write to the rows or to what is told of them. */
const MARK = `
  SELECT (SELECT count(*) FROM change_log) AS changes,
         (SELECT sum(xmin::text::bigint) FROM videos) AS writers,
         (SELECT max(ctid) FROM videos) AS last`;

export default defineJob({
  name: 'import/unchanged-rows',
  measures: '200,000 records that are as their rows are, in a file with other bytes: nothing may be written',
  unit: 'rows/s',
  better: 'more',
  targets: [{ kind: 'ratio', against: '\\copy + merge', atLeast: 0.8 }],
  mostRounds: 3,
  open: async (bench) => {
    const house = await houseOf(bench);
    const videos = bench.sized(200_000, 1000);
    const file = join(house.folder, 'same.csv');
    await writeVideos(file, { videos, seed: bench.seed });
    await emptyHouse(house);
    await requireImported(importInto(house, file, 'videos.csv'));
    await copyAndMerge(house.limit, file);
    const plain = join(house.folder, 'plain.csv');
    await writeVideos(plain, { videos, seed: bench.seed });
    return {
      versions: house.versions,
      contenders: [
        {
          name: 'cairn',
          role: 'subject',
          prepare: async () => {
            await appendFile(file, '\n');
            await settleHouse(house);
          },
          run: async () => {
            const before = await house.owner.query(MARK);
            const took = await seconds(async () => {
              const { unchanged } = await requireImported(importInto(house, file, 'videos.csv'));
              if (unchanged !== videos) throw new Error(`${unchanged} of ${videos} unchanged`);
            });
            const after = await house.owner.query(MARK);
            if (JSON.stringify(before.rows) !== JSON.stringify(after.rows)) throw new Error('rows were written');
            return { value: videos / took };
          },
        },
        {
          name: '\\copy + merge',
          role: 'limit',
          prepare: () => settleHouse(house),
          run: async () => {
            const took = await seconds(() => copyAndMerge(house.limit, plain));
            return { value: videos / took };
          },
        },
      ],
    };
  },
});
