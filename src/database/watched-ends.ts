/** What a connection asks of its server, so that what it held is soon free when the other end is gone without a word. */
import type pg from 'pg';
import { endsWithin } from '../kernel/ends-within.ts';
import { cutConnection } from './wire.ts';

/** An end that answers nothing while nothing is under way is found out within a minute, by keepalive. */
export const ENDS_WATCHED = '-c tcp_keepalives_idle=30 -c tcp_keepalives_interval=10 -c tcp_keepalives_count=3';

/** The same the other way round: the driver's options. */
export const KEPT_ALIVE = { keepAlive: true, keepAliveInitialDelayMillis: 30_000 } as const;

/** As long as a connection may take to be made. */
const ANSWER_MS = 15_000;

/** Milliseconds that a reader may take nothing of an answer. */
const UNREAD_MS = 60_000;

/**
 * Where an answer is on its way to an end that is gone, the server finds out within `unread` milliseconds. The system's own
 * patience for that is a quarter of an hour, in which a transaction keeps its locks. Set once the connection is made: only Linux
 * knows the setting, and servers elsewhere write a line to their log for each connection that is made with it.
 */
const giveUpUnreadBy = (unread: number): string =>
  `SELECT set_config('tcp_user_timeout', '${unread}', false) WHERE version() ~* 'linux'`;

/** Servers on Windows refuse the setting. */
const WATCH_CLIENT = `
  SELECT set_config('client_connection_check_interval', '2s', false) WHERE version() !~* 'windows|mingw|visual'`;

/** What the server has for a client that takes nothing of it is given up within a minute. */
export async function giveUpUnread(client: pg.ClientBase): Promise<void> {
  await ask(client, giveUpUnreadBy(UNREAD_MS), ANSWER_MS);
}

/**
 * A killed client's statement ends within seconds. Without this the server works on it for as long as it takes, its locks
 * held, and finds out when it has an answer to send. That is given up when the client takes nothing of it for `unread` milliseconds.
 */
export async function endWithClient(
  client: pg.ClientBase,
  { unread = UNREAD_MS, patience = ANSWER_MS }: { readonly unread?: number; readonly patience?: number } = {},
): Promise<void> {
  await ask(client, `${WATCH_CLIENT} UNION ALL ${giveUpUnreadBy(unread)}`, patience);
}

async function ask(client: pg.ClientBase, sql: string, patienceMs: number): Promise<void> {
  const asked = client.query(sql);
  // Who connects has its limit of time behind it by now, and nobody watches over a new connection yet.
  if (!(await endsWithin(patienceMs, asked))) cutConnection(client, 'the server took it and answers nothing');
  await asked;
}
