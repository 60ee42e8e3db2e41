/** What a connection asks of its server, so that what it held is soon free when the other end is gone without a word. */
import type pg from 'pg';
import { endsWithin } from '../kernel/ends-within.ts';
import { cutConnection } from './wire.ts';

/**
 * An end that answers nothing is found out within a minute: by keepalive where nothing is under way, by `unread` where an answer
 * is on its way. The system's own patience for that is a quarter of an hour, in which a transaction keeps its locks.
 * `unread` is also how many milliseconds a reader may take nothing.
 */
export const endsWatched = (unread = 60_000): string =>
  `-c tcp_keepalives_idle=30 -c tcp_keepalives_interval=10 -c tcp_keepalives_count=3 -c tcp_user_timeout=${unread}`;

/** The same the other way round: the driver's options. */
export const KEPT_ALIVE = { keepAlive: true, keepAliveInitialDelayMillis: 30_000 } as const;

/** As long as a connection may take to be made. */
const ANSWER_MS = 15_000;

/** Servers on Windows refuse the setting. */
const WATCH_CLIENT = `
  SELECT set_config('client_connection_check_interval', '2s', false) WHERE version() !~* 'windows|mingw|visual'`;

/**
 * A killed client's statement ends within seconds. Without this the server works on it for as long as it takes, its locks
 * held, and finds out when it has an answer to send.
 */
export async function endWithClient(client: pg.ClientBase, patienceMs = ANSWER_MS): Promise<void> {
  const asked = client.query(WATCH_CLIENT);
  // Who connects has its limit of time behind it by now, and nobody watches over a new connection yet.
  if (!(await endsWithin(patienceMs, asked))) cutConnection(client, 'the server took it and answers nothing');
  await asked;
}
