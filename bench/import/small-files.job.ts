/** Ten thousand small files that nobody knew. */
import { defineJob } from '../job.ts';
import { emptyHouse, houseOf, settleHouse } from './house.ts';
import { hashSmallFiles, importSmallFiles, writeSmallFiles } from './small-files.ts';

export default defineJob({
  name: 'import/small-files',
  measures: '10,000 files of one new video each, every file an import of its own',
  unit: 'files/s',
  better: 'more',
  targets: [{ kind: 'ratio', against: 'read and hash', atLeast: 0.25 }],
  mostRounds: 2,
  open: async (bench) => {
    const house = await houseOf(bench);
    const files = bench.sized(10_000, 20);
    const root = await writeSmallFiles(house, files, bench.seed);
    return {
      versions: house.versions,
      contenders: [
        {
          name: 'cairn',
          role: 'subject',
          prepare: async () => {
            await emptyHouse(house);
            await settleHouse(house);
          },
          run: async () => ({ value: files / (await importSmallFiles(house, root, files, 'imported')) }),
        },
        { name: 'read and hash', role: 'limit', run: async () => ({ value: files / (await hashSmallFiles(root)) }) },
      ],
    };
  },
});
