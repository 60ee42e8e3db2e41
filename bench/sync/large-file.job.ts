/** The memory of a process that syncs one file too large for it. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { emptyHouse, seconds } from '../import/house.ts';
import { defineJob } from '../job.ts';
import { houseOf } from './place.ts';

const MEGABYTE = 1024 * 1024;

export default defineJob({
  name: 'sync/large-file',
  measures: 'one file of 2 GB from a place that streams it: spooled, hashed, and read as far as somebody would',
  unit: 'MB/s',
  better: 'more',
  targets: [{ kind: 'bound', figure: 'peak MB', atMost: 300 }],
  mostRounds: 1,
  open: async (bench) => {
    const house = await houseOf(bench);
    const megabytes = bench.sized(2_048, 16);
    const child = join(import.meta.dirname, 'sync-process.ts');
    return {
      versions: house.versions,
      contenders: [
        {
          name: 'cairn',
          role: 'subject',
          prepare: () => emptyHouse(house),
          run: async () => {
            let told = '';
            const { ownerUrl, apiUrl } = house.ingest.database;
            const took = await seconds(async () => {
              const run = await promisify(execFile)(process.execPath, [
                child,
                ownerUrl,
                apiUrl,
                house.folder,
                String(megabytes),
              ]);
              told = run.stdout;
            });
            const { bytes, peakMb } = JSON.parse(told);
            if (bytes !== megabytes * MEGABYTE) throw new Error(`The sync: ${told}`);
            return { value: megabytes / took, figures: { 'peak MB': peakMb } };
          },
        },
      ],
    };
  },
});
