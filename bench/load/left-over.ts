/** What may be left when nobody asks any more: connections at rest, and nothing else. */
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { figureIn, metricsOf } from './watch.ts';

export interface LeftOver {
  readonly idleTransactions: number;
  readonly running: number;
  readonly subscriptions: number;
  readonly waiting: number;
  /** 1 where the server did not tell its metrics. */
  readonly unanswered: number;
}

const PATIENCE_MS = 30_000;

/** Looks until nothing is left, or for thirty seconds: a cancelled statement takes a moment to end. */
export async function leftOver(url: string, ownerUrl: string, token: string): Promise<LeftOver> {
  const owner = new pg.Client({ connectionString: ownerUrl, application_name: 'load watch' });
  await owner.connect();
  try {
    for (const until = performance.now() + PATIENCE_MS; ; await sleep(250)) {
      const found = await look(owner, url, token);
      if (Object.values(found).every((count) => count === 0) || performance.now() > until) return found;
    }
  } finally {
    await owner.end();
  }
}

async function look(owner: pg.Client, url: string, token: string): Promise<LeftOver> {
  const { rows } = await owner.query<{ idle: number; running: number }>(`
    SELECT count(*) FILTER (WHERE state LIKE 'idle in transaction%')::int AS idle,
           count(*) FILTER (WHERE state = 'active')::int AS running
      FROM pg_stat_activity
     WHERE application_name IN ('cairn read', 'cairn write')`);
  const text = await metricsOf(url, token).catch(() => undefined);
  return {
    idleTransactions: rows[0]?.idle ?? 0,
    running: rows[0]?.running ?? 0,
    subscriptions: figureIn(text ?? '', 'cairn_subscriptions_open') ?? 0,
    waiting: figureIn(text ?? '', 'cairn_pool_waiting{pool="read"}') ?? 0,
    unanswered: text === undefined ? 1 : 0,
  };
}
