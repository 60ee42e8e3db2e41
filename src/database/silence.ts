/**
 * Connections that carry nothing any more although both ends hold them open: a firewall forgot them, a network went away.
 * Neither end would notice for hours. The import that waits on one would stand still, and its locks with it.
 */
import { Writable } from 'node:stream';
import pg from 'pg';
import type { Log } from '../kernel/log.ts';
import type { Connections } from './close-pool.ts';
import { CopyOut } from './copy-out.ts';
import { sqlState } from './errors.ts';
import { ENDS_WATCHED } from './watched-ends.ts';
import { cutConnection, endConnection, wireOf } from './wire.ts';

/** A busy machine answers too, only later: one that is not waited for would never be told of what is silent. */
const ANSWER_MS = 10_000;

/** A statement under way, and how far its connection had got when it was last looked at. */
interface Waiting {
  readonly query: unknown;
  readonly bytes: number;
  readonly since: number;
  /** The server said once that it waits for us. An answer on its way at that moment is here by the next look. */
  isDoubted: boolean;
}

interface Suspect {
  readonly client: pg.PoolClient;
  readonly waiting: Waiting;
}

/** A backend that the server is asked about. */
interface Asked {
  readonly pid: number;
  /** Whether it is to be ended if it waits for us. */
  readonly isCertain: boolean;
  /** Seconds since its connection was last taken into use, where that was given up: it is to be ended, and none that got its number since. */
  readonly givenUpAfter: number | null;
}

/**
 * Looks at the connections of `pool` every `patienceMs` / 4. Where a statement has been under way for so long without a byte
 * in either direction, the server is asked over a new connection; if it says at two looks that it waits for us, or knows
 * nothing of the connection, both ends of it are cut: the statement fails as one whose connection was lost. A statement that the server
 * works on may take as long as it takes. Of a connection that was given up (it failed, or somebody cut it) the other end is ended at
 * the next look: what cut it may not have told the server, whose transaction would stand there with its locks. Ends with the pool.
 */
export function watchSilence(pool: pg.Pool, connections: Connections, log: Log, patienceMs: number): void {
  const waiting = new WeakMap<pg.PoolClient, Waiting>();
  const givenUp = new Map<number, number>();
  const usedSince = new WeakMap<pg.PoolClient, number>();
  pool.on('acquire', (client) => void usedSince.set(client, performance.now()));
  pool.on('release', (fault: unknown, client) => {
    const wire = wireOf(client);
    if (wire !== undefined && (fault instanceof Error || wire.stream.destroyed))
      givenUp.set(wire.pid, usedSince.get(client) ?? performance.now());
  });
  let asking = false;

  const silent = (): Map<number, Suspect> => {
    const found = new Map<number, Suspect>();
    for (const client of connections.keys()) {
      const wire = wireOf(client);
      if (wire === undefined || wire.query === null || isOurTurn(wire.query)) {
        waiting.delete(client);
        continue;
      }
      const bytes = wire.stream.bytesRead + wire.stream.bytesWritten;
      const last = waiting.get(client);
      if (last === undefined || last.query !== wire.query || last.bytes !== bytes)
        waiting.set(client, { query: wire.query, bytes, since: performance.now(), isDoubted: false });
      else if (performance.now() - last.since >= patienceMs) found.set(wire.pid, { client, waiting: last });
    }
    return found;
  };

  const look = async (): Promise<void> => {
    const suspects = silent();
    const left = [...givenUp];
    if (suspects.size + left.length === 0) return;
    const asked: Asked[] = [
      ...[...suspects].map(([pid, { waiting: own }]) => ({ pid, isCertain: own.isDoubted, givenUpAfter: null })),
      ...left.map(([pid, since]) => ({ pid, isCertain: true, givenUpAfter: (performance.now() - since) / 1_000 })),
    ];
    const waitingPids = await waitingForUs(pool, asked, patienceMs);
    for (const [pid] of left) givenUp.delete(pid);
    for (const pid of waitingPids) {
      const suspect = suspects.get(pid);
      if (suspect === undefined) continue;
      if (!suspect.waiting.isDoubted) {
        suspect.waiting.isDoubted = true;
        continue;
      }
      log.warn({ pid }, 'a connection to the database carries nothing any more and is cut');
      cutConnection(suspect.client, 'it carried nothing any more');
    }
  };

  const timer = setInterval(() => {
    if (pool.ended) return clearInterval(timer);
    if (asking) return;
    asking = true;
    look()
      .catch((err: unknown) => {
        // A server that is not there holds nothing. One that cannot be asked may be back at the next look.
        if (isDown(err)) givenUp.clear();
        else log.warn({ err }, 'silent connections could not be asked about');
      })
      .finally(() => {
        asking = false;
      });
  }, patienceMs / 4);
  timer.unref();
}

/** Which of the backends wait for their client or are gone; those among them that are certain are ended. */
async function waitingForUs(pool: pg.Pool, asked: readonly Asked[], patienceMs: number): Promise<readonly number[]> {
  const limit = Math.max(patienceMs, ANSWER_MS);
  const client = new pg.Client({
    connectionString: pool.options.connectionString,
    application_name: 'cairn silence',
    connectionTimeoutMillis: limit,
    query_timeout: limit,
    options: ENDS_WATCHED,
  });
  client.on('error', () => undefined);
  await client.connect();
  try {
    const { rows } = await client.query<{ pid: number }>(
      `SELECT p.pid, CASE WHEN p.is_certain THEN pg_terminate_backend(a.pid) END
         FROM unnest($1::integer[], $2::boolean[], $3::float8[]) AS p(pid, is_certain, given_up_after)
         LEFT JOIN pg_stat_activity a
           ON a.pid = p.pid AND a.usename = current_user
          AND (p.given_up_after IS NULL OR a.backend_start < now() - make_interval(secs => p.given_up_after))
        WHERE p.given_up_after IS NOT NULL OR a.pid IS NULL OR a.state LIKE 'idle%'
           OR (a.state = 'active' AND a.wait_event_type = 'Client')`,
      [asked.map(({ pid }) => pid), asked.map(({ isCertain }) => isCertain), asked.map((each) => each.givenUpAfter)],
    );
    return rows.map(({ pid }) => pid);
  } finally {
    await endConnection(client);
  }
}

/** Refused, or told that the server starts or stops. */
const isDown = (thrown: unknown): boolean => /^(ECONNREFUSED|57P0[123])$/.test(sqlState(thrown) ?? '');

/** A COPY that has sent all it was given waits for us, not for the server; so does one whose reader takes nothing more. */
function isOurTurn(query: unknown): boolean {
  if (query instanceof CopyOut) return query.isFull;
  return query instanceof Writable && query.writableLength === 0 && !query.writableEnded;
}
