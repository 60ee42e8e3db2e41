/**
 * A process that imports one file into the queue of the small datasets: `import-child.ts FILE DATABASE_URL`. It tells its
 * parent when records are being read, so that it can be killed in the middle, and prints its outcome as JSON.
 */
import { basename } from 'node:path';
import { closePools, openPools } from '../../src/database/pools.ts';
import { registryOf } from '../../src/ingest/registry.ts';
import { importFile } from '../../src/ingest/run.ts';
import { silentLog } from '../../src/kernel/log.ts';
import { SMALL_DATASETS } from './small-datasets.ts';

const [file = '', url = ''] = process.argv.slice(2);
const pools = openPools(url, silentLog());
const database = {
  ...pools,
  ownerUrl: url,
  apiUrl: url,
  applied: [],
  close: async () => undefined,
};
const actor = { kind: 'command', label: 'command:test', role: 'admin' } as const;
let told = false;
let peak = 0;
const result = await importFile(
  { ...registryOf(SMALL_DATASETS), database, log: silentLog() },
  {
    file,
    path: basename(file),
    dataset: 'queue',
    actor,
    onProgress({ read }) {
      peak = Math.max(peak, process.memoryUsage.rss());
      if (told || read < 20_000) return;
      told = true;
      process.send?.('reading');
    },
  },
);
process.stdout.write(`${JSON.stringify({ ...result, peak })}\n`);
await closePools(pools);
process.disconnect?.();
