/**
 * Links to kept files, each for one actor and for a while: the address carries its end and a signature over the file, that
 * end and that actor. The key lies in the database, made by whichever process needs it first: so all processes on it
 * recognise each other's links, across restarts, and nobody has to set a secret. Who can read that table can read the rest.
 */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type pg from 'pg';
import { asDatabaseError } from '../database/errors.ts';
import type { Actor } from '../kernel/actor.ts';

export interface Link {
  /** Below the server's address, such as `/files/0198…?expires=…&signature=…`. */
  readonly path: string;
  readonly expiresAt: Date;
}

export interface Links {
  /** A link for this actor alone; it lasts an hour unless told otherwise. */
  readonly make: (fileId: string, actor: Pick<Actor, 'label'>, expiresAt?: Date) => Promise<Link>;
  /** Whether the address is one that {@link make} made for this actor, and not yet over. */
  readonly isGood: (url: URL, fileId: string, actor: Pick<Actor, 'label'>) => Promise<boolean>;
}

export const FILES_PATH = '/files/';
const LASTS_MS = 3_600_000;
const PURPOSE = 'files';
const KEY_BYTES = 32;

export function openLinks(pool: pg.Pool, now: () => number = Date.now): Links {
  let key: Promise<Buffer> | undefined;
  const sign = async (fileId: string, expires: number, { label }: Pick<Actor, 'label'>): Promise<Buffer> => {
    key ??= readKey(pool);
    const known = await key.catch((thrown: unknown) => {
      // The database may be back for the next link.
      key = undefined;
      throw thrown;
    });
    return createHmac('sha256', known).update(`${fileId}\n${expires}\n${label}`).digest();
  };
  return {
    make: async (fileId, actor, expiresAt = new Date(now() + LASTS_MS)) => {
      const expires = Math.floor(expiresAt.getTime() / 1000);
      const signature = (await sign(fileId, expires, actor)).toString('base64url');
      return {
        path: `${FILES_PATH}${fileId}?expires=${expires}&signature=${signature}`,
        expiresAt: new Date(expires * 1000),
      };
    },
    isGood: async (url, fileId, actor) => {
      const [expires, signature] = [only(url, 'expires'), only(url, 'signature')];
      if (!/^[1-9]\d{0,11}$/.test(expires) || !/^[A-Za-z0-9_-]{43}$/.test(signature)) return false;
      // Also of a link that is over: how long an answer takes must not tell which of the two is wrong.
      const right = await sign(fileId, Number(expires), actor);
      const isSigned = timingSafeEqual(right, Buffer.from(signature, 'base64url'));
      return isSigned && Number(expires) * 1000 > now();
    },
  };
}

/** A parameter that stands there once. */
const only = (url: URL, name: string): string => {
  const [value, ...more] = url.searchParams.getAll(name);
  return value === undefined || more.length > 0 ? '' : value;
};

/** What tells this database from others, wherever it is moved to; no secret. */
export const databaseMark = async (pool: pg.Pool): Promise<string> =>
  createHmac('sha256', await readKey(pool))
    .update('the database of a store')
    .digest('hex');

async function readKey(pool: pg.Pool): Promise<Buffer> {
  try {
    // Of two processes that make one at once, the first one's is everybody's.
    await pool.query('INSERT INTO signing_keys (purpose, key) VALUES ($1, $2) ON CONFLICT (purpose) DO NOTHING', [
      PURPOSE,
      randomBytes(KEY_BYTES),
    ]);
    const { rows } = await pool.query<{ key: Buffer }>('SELECT key FROM signing_keys WHERE purpose = $1', [PURPOSE]);
    const [found] = rows;
    if (found === undefined) throw new Error('The key of links was not kept');
    return found.key;
  } catch (thrown) {
    throw asDatabaseError(thrown);
  }
}
