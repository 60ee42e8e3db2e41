/** A large file that did not change since its last import. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { defineJob } from '../job.ts';
import { emptyHouse, houseOf, importInto, requireImported, seconds } from './house.ts';
import { writeVideos } from './video-file.ts';

const MILLISECONDS = 1000;

export default defineJob({
  name: 'import/unchanged-file',
  measures: 'a file of 200,000 videos that is as it was: its hash and one look',
  unit: 'ms',
  better: 'less',
  targets: [{ kind: 'bound', figure: 'beyond hashing ms', atMost: 1000 }],
  open: async (bench) => {
    const house = await houseOf(bench);
    const file = join(house.folder, 'still.csv');
    await writeVideos(file, { videos: bench.sized(200_000, 1000), seed: bench.seed });
    await emptyHouse(house);
    await requireImported(importInto(house, file, 'videos.csv'));
    const hash = () => seconds(() => pipeline(createReadStream(file), createHash('sha256')));
    return {
      versions: house.versions,
      contenders: [
        {
          name: 'cairn',
          role: 'subject',
          run: async () => {
            const took = await seconds(async () => {
              const { status } = await importInto(house, file, 'videos.csv');
              if (status !== 'unchanged') throw new Error(`The file is ${status}`);
            });
            const beyond = Math.max(0, took - (await hash())) * MILLISECONDS;
            return { value: took * MILLISECONDS, figures: { 'beyond hashing ms': beyond } };
          },
        },
        { name: 'hash', role: 'limit', run: async () => ({ value: (await hash()) * MILLISECONDS }) },
      ],
    };
  },
});
