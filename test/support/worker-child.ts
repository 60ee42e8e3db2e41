/**
 * A process that runs jobs: `worker-child.ts DATABASE_URL`. It prints a line for each that begins, and on SIGTERM stops as a
 * server does.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { createNotices } from '../../src/database/notices.ts';
import { closePools, openPools } from '../../src/database/pools.ts';
import { defineJob } from '../../src/jobs/job.ts';
import { openPgBoss } from '../../src/jobs/pg-boss-carrier.ts';
import { startWorker } from '../../src/jobs/worker.ts';
import { createLog } from '../../src/kernel/log.ts';

const [url = ''] = process.argv.slice(2);
const log = createLog({ level: 'warn' });
const pools = openPools(url, log);
const notices = createNotices(url, log);
const worker = startWorker({
  database: { ...pools, ownerUrl: url, apiUrl: url, applied: [], close: async () => undefined },
  log,
  notices,
  fillContext: () => undefined,
  loadJobs: async () => [
    defineJob({
      kind: 'nap',
      role: 'viewer',
      retries: 0,
      concurrency: 2,
      run: async (_context, { id, arguments: { milliseconds }, attempt, signal }) => {
        process.stdout.write(`${id}\n`);
        await sleep(attempt === 1 ? Number(milliseconds) : 0, undefined, { signal });
        return { by: process.pid };
      },
    }),
  ],
  openCarrier: () => openPgBoss(pools.write, log),
});
process.on('SIGTERM', async () => {
  await worker.stop(500);
  await notices.close();
  await closePools(pools);
});
