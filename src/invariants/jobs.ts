/** What the queue carries is what the table of jobs says, and nothing runs without anybody who runs it. */
import { QUEUE_SCHEMA } from '../jobs/queue-schema.ts';
import { countOf, faultsOf, type Invariant, plural, together } from './invariant.ts';

/** A lapsed lease, or a job that no worker would be given, is found within seconds by any worker that stands. */
const GRACE = "interval '2 minutes'";

export const jobs: Invariant = {
  name: 'jobs',
  holds: 'the queue carries the jobs that wait or run, and no others',
  advice:
    'Start a worker (`npm start`, or `serve --role worker`): it sets right what it finds. If the fault stays, report it.',
  async look({ client, isAlone }) {
    const looks = [
      await faultsOf(
        client,
        `SELECT format('the queue carries %s of kind %s, which no job has', b.id, b.name) AS fault
           FROM ${QUEUE_SCHEMA}.job b
          WHERE NOT EXISTS (SELECT FROM jobs j WHERE j.ticket = b.id AND j.kind = b.name)`,
      ),
      await faultsOf(
        client,
        `SELECT format('the job %s (%s) has ended and is still carried', j.job_id, j.kind) AS fault
           FROM jobs j
          WHERE j.status IN ('completed', 'failed') AND j.ticket IS NOT NULL`,
      ),
      // Where nobody else is, nobody had the time to set it right.
      await faultsOf(
        client,
        `SELECT format('the job %s (%s) runs without a process since %s', job_id, kind, lease_until) AS fault
           FROM jobs
          WHERE status = 'running' AND lease_until < now() - ${GRACE} AND NOT $1`,
        [isAlone],
      ),
      await faultsOf(
        client,
        `SELECT format('the job %s (%s) waits since %s, and the queue does not carry it', j.job_id, j.kind, j.not_before) AS fault
           FROM jobs j
           LEFT JOIN ${QUEUE_SCHEMA}.job b ON b.id = j.ticket AND b.name = j.kind
          WHERE j.status = 'queued' AND b.id IS NULL AND j.not_before < now() - ${GRACE} AND NOT $1`,
        [isAlone],
      ),
    ];
    return together(plural(await countOf(client, 'SELECT count(*) FROM jobs'), 'job'), looks);
  },
};
