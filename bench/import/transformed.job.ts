/** A large file whose records go through steps, beside the same file taken in as it is. */
import { join } from 'node:path';
import { importFile } from '../../src/ingest/run.ts';
import { compileTransform, type RecordTransform } from '../../src/ingest/transform/transform.ts';
import { defineJob } from '../job.ts';
import { BENCHER, emptyHouse, houseOf, requireImported, seconds, settleHouse } from './house.ts';
import { writeVideos } from './video-file.ts';

export default defineJob({
  name: 'import/transformed',
  measures: '200,000 new videos from one file through four steps: renamed, mapped, set and filtered',
  unit: 'rows/s',
  better: 'more',
  targets: [{ kind: 'ratio', against: 'without steps', atLeast: 0.8 }],
  mostRounds: 3,
  open: async (bench) => {
    const house = await houseOf(bench);
    const videos = bench.sized(200_000, 1000);
    const file = join(house.folder, 'transformed.csv');
    await writeVideos(file, { videos, seed: bench.seed });
    const transform = await compileTransform([
      {
        name: 'Tidy',
        steps: [
          { kind: 'rename', names: { language: 'spoken' } },
          { kind: 'map', field: 'spoken', values: { en: 'English', de: 'German' } },
          { kind: 'set', field: 'origin', value: 'bench' },
          { kind: 'filter', field: 'status', isNot: ['none'] },
        ],
      },
    ]);
    const prepare = async () => {
      await emptyHouse(house);
      await settleHouse(house);
    };
    const takeIn = (through: RecordTransform | undefined) => async () => {
      const request = { file, path: 'videos.csv', actor: BENCHER, transform: through };
      const took = await seconds(async () => {
        const { inserted } = await requireImported(importFile(house.ingest, request));
        if (inserted !== videos) throw new Error(`${inserted} of ${videos} inserted`);
      });
      return { value: videos / took };
    };
    return {
      versions: house.versions,
      contenders: [
        { name: 'cairn', role: 'subject', prepare, run: takeIn(transform) },
        { name: 'without steps', role: 'limit', prepare, run: takeIn(undefined) },
      ],
    };
  },
});
