/** One form of records, sent to the server and imported as a file: the same bytes either way. */
import { emptyHouse, importInto, requireImported, seconds, settleHouse } from '../import/house.ts';
import { defineJob, type Job } from '../job.ts';
import { ingestFile, type RecordFiles, restHouseOf, writeRecords } from './rest-house.ts';

export interface IngestForm {
  readonly name: string;
  /** For people. */
  readonly form: string;
  readonly file: keyof RecordFiles;
  readonly type: string;
  /** What the file import calls it. */
  readonly path: string;
}

export function ingestJob({ name, form, file, type, path }: IngestForm): Job {
  return defineJob({
    name: `ingest/${name}`,
    measures: `100,000 new videos sent as ${form} to POST /api/v1/data/ingest/videos, beside the import of the same bytes as a file`,
    unit: 'rows/s',
    better: 'more',
    targets: [{ kind: 'ratio', against: 'file import', atLeast: 0.7 }],
    open: async (bench) => {
      const rest = await restHouseOf(bench);
      const { house } = rest;
      const videos = bench.sized(100_000, 1_000);
      const files = await writeRecords(house.folder, videos, bench.seed);
      const prepare = async (): Promise<void> => {
        await emptyHouse(house);
        await settleHouse(house);
      };
      const rowsPerSecond = async (work: () => Promise<void>) => ({ value: videos / (await seconds(work)) });
      return {
        versions: house.versions,
        contenders: [
          {
            name: 'cairn',
            role: 'subject',
            prepare,
            run: () => rowsPerSecond(() => ingestFile(rest, files[file], type, videos)),
          },
          {
            name: 'file import',
            role: 'limit',
            prepare,
            run: () =>
              rowsPerSecond(async () => {
                const { inserted } = await requireImported(importInto(house, files[file], path));
                if (inserted !== videos) throw new Error(`${inserted} of ${videos} rows`);
              }),
          },
        ],
      };
    },
  });
}
