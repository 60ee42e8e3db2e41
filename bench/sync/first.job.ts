/** A first sync of many small files: what connecting a place costs. */
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { seconds, settleHouse } from '../import/house.ts';
import { defineJob } from '../job.ts';
import { createRandom } from '../random.ts';
import { addFolder, houseOf } from './place.ts';

const PER_FOLDER = 100;
const WORDS = [
  ...(['agent', 'model', 'market', 'startup', 'research', 'interview', 'guide', 'review', 'budget', 'design'] as const),
  ...(['growth', 'product', 'customer', 'pricing', 'data', 'video', 'channel', 'course', 'season', 'report'] as const),
] as const;

export default defineJob({
  name: 'sync/first',
  measures: 'a first sync of 10,000 notes of some hundred words, which become documents that can be searched',
  unit: 'files/s',
  better: 'more',
  targets: [{ kind: 'ratio', against: 'read and hash', atLeast: 0.02 }],
  mostRounds: 2,
  open: async (bench) => {
    const house = await houseOf(bench);
    const files = bench.sized(10_000, 20);
    const place = await addFolder(house, 'first');
    await writeNotes(place.root, files, bench.seed);
    return {
      versions: house.versions,
      contenders: [
        {
          name: 'cairn',
          role: 'subject',
          prepare: async () => {
            await place.forget();
            await settleHouse(house);
          },
          run: async () => {
            const took = await seconds(async () => {
              const { created } = await place.sync();
              if (created !== files) throw new Error(`${created} of ${files} files became documents`);
            });
            return { value: files / took };
          },
        },
        {
          name: 'read and hash',
          role: 'limit',
          run: async () => ({ value: files / (await seconds(() => hashAll(place.root))) }),
        },
      ],
    };
  },
});

async function writeNotes(root: string, files: number, seed: number): Promise<void> {
  const random = createRandom(seed);
  for (let n = 0; n < files; n += 1) {
    const folder = join(root, String(Math.floor(n / PER_FOLDER)).padStart(4, '0'));
    if (n % PER_FOLDER === 0) await mkdir(folder, { recursive: true });
    const words = Array.from({ length: 300 }, () => random.pick<string>(WORDS));
    await writeFile(join(folder, `note ${n}.md`), `---\ntitle: Note ${n}\n---\n${words.join(' ')}\n`);
  }
}

async function hashAll(root: string): Promise<void> {
  for (const folder of await readdir(root)) {
    for (const name of await readdir(join(root, folder)))
      createHash('sha256')
        .update(await readFile(join(root, folder, name)))
        .digest('hex');
  }
}
