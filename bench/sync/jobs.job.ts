/** Jobs that do nothing: what asking for one and having it run costs. */
import { setTimeout as sleep } from 'node:timers/promises';
import { createNotices } from '../../src/database/notices.ts';
import { writeSession } from '../../src/database/session.ts';
import { enqueueJob } from '../../src/jobs/enqueue.ts';
import { defineJob as defineKind } from '../../src/jobs/job.ts';
import { openPgBoss } from '../../src/jobs/pg-boss-carrier.ts';
import { startWorker } from '../../src/jobs/worker.ts';
import { silentLog } from '../../src/kernel/log.ts';
import { BENCHER, type House, seconds } from '../import/house.ts';
import { defineJob } from '../job.ts';
import { houseOf } from './place.ts';

/** Those of one take turns of two. */
const ACTORS = 20;

export default defineJob({
  name: 'sync/jobs',
  measures: '500 jobs of 20 people, asked for one by one and run by one worker',
  unit: 'jobs/s',
  better: 'more',
  targets: [{ kind: 'bound', atLeast: 30 }],
  mostRounds: 2,
  open: async (bench) => {
    const house = await houseOf(bench);
    const jobs = bench.sized(500, 20);
    return {
      versions: house.versions,
      contenders: [
        {
          name: 'cairn',
          role: 'subject',
          run: async () => ({ value: jobs / (await seconds(() => runAll(house, jobs))) }),
        },
      ],
    };
  },
});

async function runAll({ ingest: { database }, owner }: House, jobs: number): Promise<void> {
  const log = silentLog();
  await owner.query('DELETE FROM jobs');
  const notices = createNotices(database.apiUrl, log);
  let ran = 0;
  const run = async (): Promise<undefined> => {
    ran += 1;
  };
  const worker = startWorker({
    ...{ database, log, notices, fillContext: () => undefined },
    loadJobs: async () => [defineKind({ kind: 'nothing', role: 'viewer', retries: 0, concurrency: 20, run })],
    openCarrier: () => openPgBoss(database.write, log),
  });
  try {
    for (let n = 0; n < jobs; n += 1) {
      const actor = { ...BENCHER, label: `command:bench-${n % ACTORS}` };
      await writeSession(database.write, actor, ({ query }) =>
        enqueueJob(query, { kind: 'nothing', arguments: {}, actor }),
      );
    }
    const isDone = async (): Promise<boolean> => {
      const { rowCount } = await owner.query("SELECT FROM jobs WHERE status <> 'completed' LIMIT 1");
      return rowCount === 0;
    };
    while (!(await isDone())) await sleep(20);
    if (ran !== jobs) throw new Error(`${ran} of ${jobs} jobs were run`);
  } finally {
    await worker.stop(5_000);
    await notices.close();
  }
}
