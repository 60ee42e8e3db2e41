/** A large file of new videos. */
import { join } from 'node:path';
import { defineJob } from '../job.ts';
import { emptyHouse, houseOf, importInto, requireImported, seconds, settleHouse } from './house.ts';
import { copyAndMerge } from './limit.ts';
import { loadByPgloader, pgloaderVersion } from './pgloader.ts';
import { writeVideos } from './video-file.ts';

export default defineJob({
  name: 'import/insert',
  measures: '1,000,000 new videos from one file, with checks, rejects, origins and audit',
  unit: 'rows/s',
  better: 'more',
  targets: [{ kind: 'ratio', against: '\\copy + merge', atLeast: 0.8 }],
  mostRounds: 2,
  open: async (bench) => {
    const house = await houseOf(bench);
    const videos = bench.sized(1_000_000, 1000);
    const file = join(house.folder, 'videos.csv');
    const clean = join(house.folder, 'clean.csv');
    await writeVideos(file, { videos, rejectEvery: 1000, seed: bench.seed });
    await writeVideos(clean, { videos, seed: bench.seed });
    const empty = async () => {
      await emptyHouse(house);
      await settleHouse(house);
    };
    const pgloader = await pgloaderVersion();
    return {
      versions: { ...house.versions, ...(pgloader !== undefined && { pgloader }) },
      contenders: [
        {
          name: 'cairn',
          role: 'subject',
          prepare: empty,
          run: async () => {
            const took = await seconds(async () => {
              const { inserted, rejected } = await requireImported(importInto(house, file, 'videos.csv'));
              if (inserted + rejected !== videos || rejected !== Math.floor(videos / 1000))
                throw new Error(`${inserted} inserted and ${rejected} rejected of ${videos}`);
            });
            return { value: videos / took };
          },
        },
        {
          name: '\\copy + merge',
          role: 'limit',
          prepare: empty,
          run: async () => {
            const took = await seconds(async () => {
              const written = await copyAndMerge(house.limit, clean);
              if (written !== videos) throw new Error(`${written} of ${videos} rows`);
            });
            return { value: videos / took };
          },
        },
        pgloader === undefined
          ? { name: 'pgloader', role: 'peer', missing: 'pgloader is not installed' }
          : {
              name: 'pgloader',
              role: 'peer',
              prepare: empty,
              run: async () => {
                const took = await seconds(() => loadByPgloader(clean, house.limitUrl));
                const { rows } = await house.limit.query<{ count: string }>(
                  'SELECT count(*)::text AS count FROM videos',
                );
                if (Number(rows[0]?.count) !== videos) throw new Error(`${rows[0]?.count} of ${videos} rows`);
                return { value: videos / took };
              },
            },
      ],
    };
  },
});
