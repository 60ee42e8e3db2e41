/** The memory of a process that imports one large file. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { defineJob } from '../job.ts';
import { emptyHouse, houseOf, seconds } from './house.ts';
import { writeVideos } from './video-file.ts';

const NOTES = 20_000;
const MEGABYTE = 1024 * 1024;

export default defineJob({
  name: 'import/memory',
  measures: 'one file of 1 GB: 50,000 videos with notes of 20,000 characters',
  unit: 'MB/s',
  better: 'more',
  targets: [{ kind: 'bound', figure: 'peak MB', atMost: 400 }],
  mostRounds: 1,
  open: async (bench) => {
    const house = await houseOf(bench);
    const videos = bench.sized(50_000, 100);
    const file = join(house.folder, 'large.csv');
    const bytes = await writeVideos(file, { videos, notes: NOTES, seed: bench.seed });
    const child = join(import.meta.dirname, 'import-process.ts');
    return {
      versions: house.versions,
      contenders: [
        {
          name: 'cairn',
          role: 'subject',
          prepare: () => emptyHouse(house),
          run: async () => {
            let told = '';
            const took = await seconds(async () => {
              const run = await promisify(execFile)(process.execPath, [child, house.ingest.database.apiUrl, file]);
              told = run.stdout;
            });
            const { status, inserted, peakMb } = JSON.parse(told);
            if (status !== 'imported' || inserted !== videos) throw new Error(`The import: ${told}`);
            return { value: bytes / MEGABYTE / took, figures: { 'peak MB': peakMb } };
          },
        },
      ],
    };
  },
});
