/**
 * Connections that carry nothing any more although both ends hold them open: a firewall forgot them, a network went away.
 * Neither end would notice for hours. The import that waits on one would stand still, and its locks with it.
 */
import { Writable } from 'node:stream';
import pg from 'pg';
import type { Log } from '../kernel/log.ts';
import { CopyOut } from './copy-out.ts';

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
  readonly wire: Wire;
  readonly waiting: Waiting;
}

/** The driver's own parts, which its types leave out. */
interface Wire {
  readonly pid: number;
  readonly query: unknown;
  readonly stream: { readonly bytesRead: number; readonly bytesWritten: number; destroy(fault: Error): void };
}

/**
 * Looks at the connections of `pool` every `patienceMs` / 4. Where a statement has been under way for so long without a byte
 * in either direction, the server is asked over a new connection; if it says at two looks that it waits for us, or knows
 * nothing of the connection, both ends of it are cut: the statement fails as one whose connection was lost. A statement that the server
 * works on may take as long as it takes. Ends with the pool.
 */
export function watchSilence(pool: pg.Pool, log: Log, patienceMs: number): void {
  const clients = new Set<pg.PoolClient>();
  const waiting = new WeakMap<pg.PoolClient, Waiting>();
  pool.on('connect', (client) => clients.add(client));
  pool.on('remove', (client) => clients.delete(client));
  let asking = false;

  const silent = (): Map<number, Suspect> => {
    const found = new Map<number, Suspect>();
    for (const client of clients) {
      const wire = wireOf(client);
      if (wire === undefined || wire.query === null || isOurTurn(wire.query)) {
        waiting.delete(client);
        continue;
      }
      const bytes = wire.stream.bytesRead + wire.stream.bytesWritten;
      const last = waiting.get(client);
      if (last === undefined || last.query !== wire.query || last.bytes !== bytes)
        waiting.set(client, { query: wire.query, bytes, since: performance.now(), isDoubted: false });
      else if (performance.now() - last.since >= patienceMs) found.set(wire.pid, { wire, waiting: last });
    }
    return found;
  };

  const look = async (): Promise<void> => {
    const suspects = silent();
    if (suspects.size === 0) return;
    const certain = [...suspects].filter(([, { waiting: own }]) => own.isDoubted).map(([pid]) => pid);
    for (const pid of await waitingForUs(pool, [...suspects.keys()], certain, patienceMs)) {
      const suspect = suspects.get(pid);
      if (suspect === undefined) continue;
      if (!suspect.waiting.isDoubted) {
        suspect.waiting.isDoubted = true;
        continue;
      }
      log.warn({ pid }, 'a connection to the database carries nothing any more and is cut');
      const fault = new Error('Connection terminated: it carried nothing any more');
      suspect.wire.stream.destroy(Object.assign(fault, { code: 'ECONNRESET' }));
    }
  };

  const timer = setInterval(() => {
    if (pool.ended) return clearInterval(timer);
    if (asking) return;
    asking = true;
    look()
      // The server cannot be asked: it may be back at the next look.
      .catch((err: unknown) => log.warn({ err }, 'silent connections could not be asked about'))
      .finally(() => {
        asking = false;
      });
  }, patienceMs / 4);
  timer.unref();
}

/** Which of the backends wait for their client or are gone; those among them that are `certain` are ended. */
async function waitingForUs(
  pool: pg.Pool,
  pids: readonly number[],
  certain: readonly number[],
  patienceMs: number,
): Promise<readonly number[]> {
  const limit = Math.max(patienceMs, ANSWER_MS);
  const client = new pg.Client({
    connectionString: pool.options.connectionString,
    application_name: 'cairn silence',
    connectionTimeoutMillis: limit,
    query_timeout: limit,
  });
  client.on('error', () => undefined);
  await client.connect();
  try {
    const { rows } = await client.query<{ pid: number }>(
      `SELECT p.pid, CASE WHEN p.pid = ANY ($2::integer[]) THEN pg_terminate_backend(a.pid) END
         FROM unnest($1::integer[]) AS p(pid)
         LEFT JOIN pg_stat_activity a ON a.pid = p.pid AND a.usename = current_user
        WHERE a.pid IS NULL OR a.state LIKE 'idle%' OR (a.state = 'active' AND a.wait_event_type = 'Client')`,
      [pids, certain],
    );
    return rows.map(({ pid }) => pid);
  } finally {
    await client.end();
  }
}

/** A COPY that has sent all it was given waits for us, not for the server; so does one whose reader takes nothing more. */
function isOurTurn(query: unknown): boolean {
  if (query instanceof CopyOut) return query.isFull;
  return query instanceof Writable && query.writableLength === 0 && !query.writableEnded;
}

function wireOf(client: pg.PoolClient): Wire | undefined {
  const pid: unknown = Reflect.get(client, 'processID');
  const query: unknown = Reflect.get(client, '_activeQuery') ?? null;
  const connection: unknown = Reflect.get(client, 'connection');
  if (typeof pid !== 'number' || typeof connection !== 'object' || connection === null) return undefined;
  const stream: unknown = Reflect.get(connection, 'stream');
  return isStream(stream) ? { pid, query, stream } : undefined;
}

function isStream(value: unknown): value is Wire['stream'] {
  return typeof value === 'object' && value !== null && 'bytesRead' in value && 'bytesWritten' in value;
}
