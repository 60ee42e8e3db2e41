/**
 * Jobs carried by pg-boss, in its own schema, which the owner makes when migrations run. Of it are used its tables, their
 * order, and that one ticket is taken once. What it would do by the clock is left off: leases, retries and clean-up are
 * decided by the table `jobs`, and a second opinion could only differ.
 */
import pg from 'pg';
import { PgBoss } from 'pg-boss';
import { hashBytes } from '../kernel/hash.ts';
import type { Log } from '../kernel/log.ts';
import type { Carrier, Posting, Taking, Ticket } from './carrier.ts';
import { QUEUE_SCHEMA } from './queue-schema.ts';

/** The longest that pg-boss allows. A lease of ours ends long before, or is renewed beyond it. */
const EXPIRE_SECONDS = 86_399;
/** A job may wait for its turn for as long as its table keeps it. */
const RETENTION_SECONDS = 30 * 86_400;

interface Payload {
  readonly jobId: string;
}

/** An actor as the name of a group: labels hold addresses, which its names may not. */
const groupOf = (actor: string): string => hashBytes(actor).slice(0, 32);

/** Values as pg gives them by itself: the pools' own parsers would hand bigints to code that counts in numbers. */
const through = (client: Pick<pg.ClientBase, 'query'> | pg.Pool) => ({
  executeSql: async (text: string, values?: unknown[]) => {
    const asked = { text, types: pg.types };
    const { rows } = await client.query(values === undefined ? asked : { ...asked, values });
    return { rows };
  },
});

/** Opens pg-boss on the pool's connections. */
export async function openPgBoss(pool: pg.Pool, log: Log): Promise<Carrier> {
  const boss = new PgBoss({
    db: through(pool),
    schema: QUEUE_SCHEMA,
    migrate: false,
    createSchema: false,
    supervise: false,
    schedule: false,
    reindex: false,
  });
  boss.on('error', (err) => log.warn({ err }, 'the queue of jobs reports a fault'));
  await boss.start();
  return {
    open: (kind) =>
      boss.createQueue(kind, { retryLimit: 0, expireInSeconds: EXPIRE_SECONDS, retentionSeconds: RETENTION_SECONDS }),
    post: async (client, kind, postings) => {
      const jobs = postings.map(({ ticket, jobId, actor, notBefore, priority }: Posting) => ({
        id: ticket,
        data: { jobId },
        group: { id: groupOf(actor) },
        startAfter: notBefore,
        priority,
      }));
      await boss.insert(kind, jobs, { db: through(client) });
    },
    take: async ({ kind, most, without, perActor }: Taking) => {
      const taken = await boss.fetch<Payload>(kind, {
        batchSize: most,
        ignoreGroups: without.map(groupOf),
        groupConcurrency: perActor,
      });
      return taken.map(({ id, data }): Ticket => ({ ticket: id, jobId: data.jobId }));
    },
    alive: async (kind, tickets, seconds) => {
      const { rows } = await pool.query<{ id: string }>(
        `SELECT id
           FROM ${QUEUE_SCHEMA}.job
          WHERE name = $1 AND id = ANY($2::uuid[])
            AND (state < 'active' OR state = 'active' AND started_on > now() - make_interval(secs => $3))`,
        [kind, tickets, seconds],
      );
      return rows.map(({ id }) => id);
    },
    drop: async (client, kind, tickets) => {
      if (tickets.length > 0) await boss.deleteJob(kind, [...tickets], { db: through(client) });
    },
    close: () => boss.stop({ graceful: false, close: false }),
  };
}
