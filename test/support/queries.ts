/** Records the SQL that pools send, so that a test can count statements and see them. */
import type pg from 'pg';

export interface Recording {
  /** Every statement since the start or the last `clear`, in order. */
  readonly all: () => string[];
  /** The same without what a session itself sends: BEGIN, COMMIT, ROLLBACK and the actor. */
  readonly statements: () => string[];
  readonly clear: () => void;
  readonly stop: () => void;
}

const OWN = /^\s*(BEGIN|COMMIT|ROLLBACK)\b|set_config\('cairn\./i;

/** Starts recording what connections of these pools send from now on. */
export function recordQueries(...pools: readonly pg.Pool[]): Recording {
  const seen: string[] = [];
  const restores: (() => void)[] = [];
  for (const pool of pools) {
    const originals = new Map<pg.PoolClient, unknown>();
    const onAcquire = (client: pg.PoolClient): void => {
      if (originals.has(client)) return;
      const original = client.query;
      originals.set(client, original);
      const recorded = (...sent: readonly unknown[]): unknown => {
        seen.push(textOf(sent[0]));
        return Reflect.apply(original, client, sent);
      };
      Object.defineProperty(client, 'query', { value: recorded, configurable: true, writable: true });
    };
    pool.on('acquire', onAcquire);
    restores.push(() => {
      pool.off('acquire', onAcquire);
      // The method is the prototype's: what was put before it is taken away.
      for (const client of originals.keys()) Reflect.deleteProperty(client, 'query');
    });
  }
  return {
    all: () => [...seen],
    statements: () => seen.filter((text) => !OWN.test(text)),
    clear: () => {
      seen.length = 0;
    },
    stop: () => {
      for (const restore of restores) restore();
    },
  };
}

function textOf(sent: unknown): string {
  if (typeof sent === 'string') return sent;
  const text: unknown = typeof sent === 'object' && sent !== null ? Reflect.get(sent, 'text') : undefined;
  return typeof text === 'string' ? text : String(sent);
}
