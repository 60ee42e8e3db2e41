/** What the database tells at commit (NOTIFY), heard by one connection of the process for all who ask. */
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { Log } from '../kernel/log.ts';
import { asDatabaseError } from './errors.ts';
import { ENDS_WATCHED, KEPT_ALIVE } from './watched-ends.ts';
import { endConnection } from './wire.ts';

/** Called with each notice's payload, and with undefined when notices may have been lost: then one looks for oneself. */
export type Hear = (payload: string | undefined) => void;

export interface Hearing {
  /**
   * Resolves when every commit from now on is told. Rejects when the database cannot be listened to at the moment; it is
   * tried again until the hearing stops, and `hear` is called with undefined once it succeeds.
   */
  readonly ready: Promise<void>;
  readonly stop: () => void;
}

export interface Notices {
  /** Hears a channel's notices. A channel is a name of the code's own, never of a client's. */
  readonly on: (channel: string, hear: Hear) => Hearing;
  /** Ends the connection; nobody hears anything more. */
  readonly close: () => Promise<void>;
}

interface Line {
  readonly client: pg.Client;
  readonly opened: Promise<unknown>;
  /** The channels that are asked for on this connection. */
  readonly listened: Map<string, Promise<unknown>>;
}

/** A connection can die without a word (a firewall forgets it), so it is asked now and then whether it lives. */
const CHECK_MS = 30_000;
const CHECK_LIMIT_MS = 10_000;
const FIRST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 5_000;

/** The process's one listener. It connects when first asked for. A pooler that hands connections around would lose LISTEN. */
export function createNotices(apiUrl: string, log: Log): Notices {
  const channels = new Map<string, Set<Hear>>();
  const closing = new AbortController();
  let line: Line | undefined;
  let retrying = false;

  const isHeard = (): boolean => [...channels.values()].some(({ size }) => size > 0);

  const lose = (lost: Line, err: unknown): void => {
    if (line !== lost) return;
    line = undefined;
    // Not awaited: whoever hears of the loss need not wait for the end.
    endConnection(lost.client).catch(() => undefined);
    if (closing.signal.aborted) return;
    log.warn({ err }, 'the connection that hears the database was lost');
    void retry();
  };

  const open = (): Line => {
    const client = new pg.Client({
      connectionString: apiUrl,
      application_name: 'cairn notices',
      connectionTimeoutMillis: CHECK_LIMIT_MS,
      query_timeout: CHECK_LIMIT_MS,
      ...KEPT_ALIVE,
      options: ENDS_WATCHED,
      // Several channels are asked for at once when a process starts.
      pipeline: true,
    });
    client.on('notification', ({ channel, payload }) => {
      for (const hear of channels.get(channel) ?? []) hear(payload ?? '');
    });
    const opened = client.connect();
    const own: Line = { client, opened, listened: new Map() };
    client.on('error', (err) => lose(own, err));
    client.on('end', () => lose(own, undefined));
    opened.then(
      () => void keepChecking(own),
      (err: unknown) => lose(own, err),
    );
    return own;
  };

  const keepChecking = async (own: Line): Promise<void> => {
    while (line === own) {
      await sleep(CHECK_MS, undefined, { signal: closing.signal, ref: false }).catch(() => undefined);
      if (line === own && !closing.signal.aborted) {
        await own.client.query('SELECT').catch((err: unknown) => lose(own, err));
      }
    }
  };

  const listenTo = async (channel: string): Promise<void> => {
    line ??= open();
    const { client, opened, listened } = line;
    const asked = listened.get(channel) ?? opened.then(() => client.query(`LISTEN ${pg.escapeIdentifier(channel)}`));
    listened.set(channel, asked);
    await asked;
  };

  /** Until it succeeds, or nobody listens any more. */
  const retry = async (): Promise<void> => {
    if (retrying) return;
    retrying = true;
    for (let wait = FIRST_WAIT_MS; isHeard(); wait = Math.min(wait * 2, LONGEST_WAIT_MS)) {
      await sleep(wait, undefined, { signal: closing.signal, ref: false }).catch(() => undefined);
      if (closing.signal.aborted) break;
      try {
        await Promise.all([...channels.keys()].map(listenTo));
      } catch {
        // Told by the loss itself; tried again.
        continue;
      }
      // Lost again in the meantime.
      if (line === undefined) continue;
      log.info('the database is heard again');
      for (const hears of channels.values()) for (const hear of hears) hear(undefined);
      break;
    }
    retrying = false;
  };

  const join = async (channel: string): Promise<void> => {
    if (closing.signal.aborted) return;
    try {
      await listenTo(channel);
    } catch (thrown) {
      throw asDatabaseError(thrown);
    }
  };
  return {
    on: (channel, hear) => {
      const hears = channels.get(channel) ?? new Set<Hear>();
      channels.set(channel, hears.add(hear));
      const ready = join(channel);
      // Whoever does not wait for it hears of it by `hear`.
      ready.catch(() => undefined);
      return { ready, stop: () => void hears.delete(hear) };
    },
    close: async () => {
      closing.abort();
      const open = line;
      line = undefined;
      channels.clear();
      if (open !== undefined) await endConnection(open.client, open.opened);
    },
  };
}
