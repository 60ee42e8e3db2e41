import { createHash } from 'node:crypto';

/**
 * A prepared statement stays on its connection until that ends, and each costs the server memory. Lists whose columns and
 * filters vary make many texts: those beyond this number are planned anew each time, which is slower and bounded.
 */
const LIMIT = 500;

/**
 * The name under which a text is prepared: the reader's name and the text's hash, since one reader's text varies with the
 * columns asked for and a name may stand for one text only. Undefined when too many are prepared already.
 */
export type StatementName = (label: string, text: string) => string | undefined;

/** Names of their own, as many as a process may give. */
export function createStatementNames(): StatementName {
  const names = new Map<string, string>();
  return (label, text) => {
    const known = names.get(text);
    if (known !== undefined) return known;
    if (names.size >= LIMIT) return undefined;
    const hash = createHash('sha1').update(text).digest('base64url').slice(0, 16);
    // PostgreSQL cuts names at 63 bytes without a word.
    const name = `${label.slice(0, 45)}:${hash}`;
    names.set(text, name);
    return name;
  };
}

/** The names of this process: every connection of a pool may be asked for any of them. */
export const statementName = createStatementNames();
