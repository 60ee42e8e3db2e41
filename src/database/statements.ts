/** Which statements are prepared on connections: those that come again. */
import { createHash } from 'node:crypto';
import type pg from 'pg';
import { createRecent } from '../kernel/recent.ts';

/**
 * A prepared statement stays on its connection until that ends, and each costs the server memory. Lists whose columns and
 * filters vary make texts without end: those are prepared that came twice, and lately.
 */
const MOST_NAMES = 500;
/** Texts that are remembered by their hash until they come again. */
const MOST_SEEN = 5_000;
/** Statements that one connection may have prepared: it is ended after them, and the next one begins without any. */
const MOST_PREPARED = 1_000;

/** Names statements, and counts what connections prepare under the names. */
export interface StatementNames {
  /**
   * The name under which a text is prepared on the connection: the reader's name and the text's hash, since one reader's
   * text varies with the columns asked for and a name may stand for one text only. Undefined for a text that came a first time.
   */
  readonly nameOn: (client: pg.ClientBase, label: string, text: string) => string | undefined;
  /** Whether the connection has prepared so much that it is to be ended. */
  readonly isFull: (client: pg.ClientBase) => boolean;
}

/** Names of their own. */
export function createStatementNames(): StatementNames {
  const names = createRecent<string>(MOST_NAMES);
  const cameOnce = createRecent<true>(MOST_SEEN);
  const prepared = new WeakMap<pg.ClientBase, Set<string>>();
  return {
    nameOn: (client, label, text) => {
      const known = names.get(text);
      const name = known ?? nameOf(label, text);
      if (known === undefined) {
        if (cameOnce.get(name) === undefined) {
          cameOnce.set(name, true);
          return undefined;
        }
        names.set(text, name);
      }
      const own = prepared.get(client) ?? new Set();
      prepared.set(client, own.add(name));
      return name;
    },
    isFull: (client) => (prepared.get(client)?.size ?? 0) >= MOST_PREPARED,
  };
}

function nameOf(label: string, text: string): string {
  const hash = createHash('sha1').update(text).digest('base64url').slice(0, 16);
  // PostgreSQL cuts names at 63 bytes without a word.
  return `${label.slice(0, 45)}:${hash}`;
}

/** The names of this process: every connection of a pool may be asked for any of them. */
export const statementNames = createStatementNames();
