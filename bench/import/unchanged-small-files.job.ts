/** Ten thousand small files that did not change: what a nightly run meets. */
import { defineJob } from '../job.ts';
import { emptyHouse, houseOf } from './house.ts';
import { hashSmallFiles, importSmallFiles, writeSmallFiles } from './small-files.ts';

export default defineJob({
  name: 'import/unchanged-small-files',
  measures: '10,000 small files that are as they were',
  unit: 'files/s',
  better: 'more',
  targets: [{ kind: 'ratio', against: 'read and hash', atLeast: 0.25 }],
  open: async (bench) => {
    const house = await houseOf(bench);
    const files = bench.sized(10_000, 20);
    const root = await writeSmallFiles(house, files, bench.seed);
    await emptyHouse(house);
    await importSmallFiles(house, root, files, 'imported');
    return {
      versions: house.versions,
      contenders: [
        {
          name: 'cairn',
          role: 'subject',
          run: async () => ({ value: files / (await importSmallFiles(house, root, files, 'unchanged')) }),
        },
        { name: 'read and hash', role: 'limit', run: async () => ({ value: files / (await hashSmallFiles(root)) }) },
      ],
    };
  },
});
