/** Looks at the server and its database once a second while they are under load. */
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { LoadedServer } from './server.ts';

export interface Watched {
  /** Megabytes, one sample a second. */
  readonly memory: readonly number[];
  /** The most that were seen of each. */
  readonly most: {
    /** Connections of the server's own pools, and their bounds. */
    readonly readPool: number;
    readonly writePool: number;
    /** Connections of everybody to the database. */
    readonly connections: number;
    /** Sessions that waited for a connection. */
    readonly waiting: number;
    /** Milliseconds that the server's event loop was held up by one thing. */
    readonly stall: number;
  };
  /** Processors that the server's own process kept busy, its database's aside. */
  readonly processors: number;
  /** Looks that the server did not answer within ten seconds. */
  readonly unanswered: number;
}

export interface Watch {
  readonly end: () => Promise<Watched>;
}

const METRICS_PATIENCE_MS = 10_000;

export function startWatch(server: LoadedServer, ownerUrl: string, token: string): Watch {
  const memory: number[] = [];
  const most = { readPool: 0, writePool: 0, connections: 0, waiting: 0, stall: 0 };
  let unanswered = 0;
  const processor: { readonly at: number; readonly seconds: number }[] = [];
  const ending = new AbortController();
  const metrics = async (): Promise<void> => {
    const text = await metricsOf(server.url, token).catch(() => undefined);
    if (text === undefined) {
      unanswered += 1;
      return;
    }
    const read = (name: string): number => figureIn(text, name) ?? 0;
    most.readPool = Math.max(most.readPool, read('cairn_pool_connections{pool="read"}'));
    most.writePool = Math.max(most.writePool, read('cairn_pool_connections{pool="write"}'));
    most.waiting = Math.max(most.waiting, read('cairn_pool_waiting{pool="read"}'));
    processor.push({ at: performance.now(), seconds: read('process_cpu_seconds_total') });
    most.stall = Math.max(most.stall, read('nodejs_eventloop_lag_max_seconds') * 1_000);
  };
  const watching = (async () => {
    const owner = new pg.Client({ connectionString: ownerUrl, application_name: 'load watch' });
    await owner.connect();
    let looking = Promise.resolve();
    let isLooking = false;
    while (!ending.signal.aborted) {
      memory.push((await server.memory()) ?? Number.NaN);
      const { rows } = await owner.query<{ count: number }>(
        "SELECT count(*)::int AS count FROM pg_stat_activity WHERE application_name LIKE 'cairn %'",
      );
      most.connections = Math.max(most.connections, rows[0]?.count ?? 0);
      if (!isLooking) {
        isLooking = true;
        looking = metrics().finally(() => {
          isLooking = false;
        });
      }
      await sleep(1_000, undefined, { signal: ending.signal }).catch(() => undefined);
    }
    await looking;
    await owner.end();
  })();
  return {
    end: async () => {
      ending.abort();
      await watching;
      return { memory: memory.filter(Number.isFinite), most, processors: busyIn(processor), unanswered };
    },
  };
}

function busyIn(samples: readonly { readonly at: number; readonly seconds: number }[]): number {
  const [first, last] = [samples.at(0), samples.at(-1)];
  if (first === undefined || last === undefined || last.at === first.at) return 0;
  return (last.seconds - first.seconds) / ((last.at - first.at) / 1_000);
}

/** The text of a scrape. */
export async function metricsOf(url: string, token: string): Promise<string> {
  const answer = await fetch(`${url}/metrics`, {
    headers: { authorization: `Bearer ${token}` },
    signal: AbortSignal.timeout(METRICS_PATIENCE_MS),
  });
  if (answer.status !== 200) throw new Error(`The metrics answered ${answer.status}`);
  return answer.text();
}

/** A figure by its name with labels; undefined where the scrape does not have it. */
export function figureIn(text: string, name: string): number | undefined {
  const line = text.split('\n').find((each) => each.startsWith(`${name} `));
  return line === undefined ? undefined : Number(line.slice(name.length + 1));
}
