/** Imports one file and prints the outcome and its own peak of memory as JSON: `import-process.ts DATABASE_URL FILE`. */
import { closePools, openPools } from '../../src/database/pools.ts';
import { loadRegistry } from '../../src/ingest/registry.ts';
import { importFile } from '../../src/ingest/run.ts';
import { silentLog } from '../../src/kernel/log.ts';

const [url = '', file = ''] = process.argv.slice(2);
const log = silentLog();
const pools = openPools(url, log);
const database = { ...pools, ownerUrl: url, apiUrl: url, applied: [], close: async () => undefined };
const ingest = { ...(await loadRegistry()), database, log };
const actor = { kind: 'command', label: 'command:bench', role: 'admin' } as const;
const result = await importFile(ingest, { file, path: 'videos.csv', actor });
await closePools(pools);
// Kilobytes, as the system counted them over the whole life of the process.
process.stdout.write(JSON.stringify({ ...result, peakMb: process.resourceUsage().maxRSS / 1024 }));
