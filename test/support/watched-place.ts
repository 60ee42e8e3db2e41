/** A source that is waited for by hand, and a watcher over it. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach } from 'vitest';
import { createNotices } from '../../src/database/notices.ts';
import { silentLog } from '../../src/kernel/log.ts';
import { type Connector, defineConnector } from '../../src/sources/connector.ts';
import { startWatcher, type Watcher } from '../../src/sources/watch/watcher.ts';
import type { TestDatabase } from './database.ts';
import { clearSources, seedSource } from './sources.ts';
import { keyConnector, useSourcesHouse } from './sources-house.ts';

type Told = Awaited<ReturnType<NonNullable<Connector['waitForChanges']>>>;

/** One for a test file; sources, waits and jobs are forgotten before each test, watchers stopped after it. */
export async function useWatchedPlace(database: TestDatabase) {
  /** The place of the tests: each wait is answered by hand. */
  const waiting: { cursor: string; signal: AbortSignal; answer: (told: Told) => void; fail: (why: Error) => void }[] =
    [];
  const hooked: { url: string; secret: string; state: string | null; transactions: number }[] = [];
  const { keys: _, ...place } = keyConnector('http://127.0.0.1:1');
  const connector = defineConnector({
    ...place,
    id: 'waited',
    waitForChanges: (cursor, { signal }) =>
      new Promise((resolve, reject) => {
        waiting.push({ cursor, signal, answer: resolve, fail: reject });
        signal.addEventListener('abort', () => reject(signal.reason as Error));
      }),
    webhooks: {
      receive: async ({ headers }, secret) =>
        headers.get('signature') === secret ? { dirty: ['it'], status: 200 } : { dirty: [], status: 403 },
      register: async (_context, hook) => {
        await sleep(150);
        const { rows } = await database.owner.query(
          `SELECT FROM pg_stat_activity
            WHERE datname = current_database() AND state = 'idle in transaction' AND xact_start < now() - interval '0.1 seconds'`,
        );
        hooked.push({ ...hook, transactions: rows.length });
        return { state: `hook ${hooked.length}`, expiresAt: new Date(Date.now() + 3 * 86_400_000) };
      },
    },
  });
  const house = await useSourcesHouse(database, { url: 'http://127.0.0.1:1', connectors: [connector] });

  const running: { stop: () => Promise<unknown> }[] = [];
  beforeEach(async () => {
    waiting.length = 0;
    hooked.length = 0;
    await clearSources(database.owner);
  });
  afterEach(() => stopAll());

  function start(options: { publicUrl?: string | undefined } = {}): Watcher {
    const notices = createNotices(database.apiUrl, silentLog());
    const watcher = startWatcher({ house: { ...house, publicUrl: undefined, ...options }, notices, lookMs: 50 });
    const stop = async (): Promise<void> => {
      await watcher.stop();
      await notices.close();
    };
    running.push({ stop });
    return { stop };
  }

  const source = async (state: Record<string, unknown> = { cursor: 'c1' }, given = {}): Promise<string> => {
    const sourceId = await seedSource(database.owner, { source_type: 'waited', ...given });
    await database.owner.query(
      'INSERT INTO source_states (source_id, owner_id, cursor, dirty_at, next_attempt_at) VALUES ($1, $2, $3, $4, $5)',
      [sourceId, 'hub', state['cursor'] ?? null, state['dirty_at'] ?? null, state['next_attempt_at'] ?? null],
    );
    return sourceId;
  };
  const jobs = async (): Promise<string[]> =>
    (
      await database.owner.query<{ singleton: string }>("SELECT singleton FROM jobs WHERE kind = 'sync' ORDER BY id")
    ).rows.map(({ singleton }) => singleton);
  const endJobs = () => database.owner.query("UPDATE jobs SET status = 'completed', finished_at = now()");
  const state = async (sourceId: string) =>
    (await database.owner.query('SELECT * FROM source_states WHERE source_id = $1', [sourceId])).rows[0];
  const stopAll = async (): Promise<void> => {
    await Promise.all(running.splice(0).map(({ stop }) => stop()));
  };
  return { waiting, hooked, start, source, jobs, endJobs, state, stopAll };
}
