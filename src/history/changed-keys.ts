/** Which rows a notice speaks of, read from the change log once for all who watch the table. */
import type pg from 'pg';
import { readOnce } from '../database/read-once.ts';
import { HOUSEKEEPER } from '../kernel/actor.ts';
import type { Log } from '../kernel/log.ts';
import type { ChangeNotice } from './change-notice.ts';

/**
 * The business keys of the rows that a notice's changes, and what lies between them, have touched. Undefined where they
 * are too many to be looked at one by one, or cannot be read now.
 */
export type ChangedKeys = (notice: ChangeNotice) => Promise<readonly string[] | undefined>;

/** Beyond these, reading a whole list is cheaper than looking at its rows. */
export const MOST_CHANGES = 2_000;
/** All who watch ask within a moment of the notice. */
const MOST_KEPT = 100;

const TEXT = 'SELECT DISTINCT record_id AS key FROM change_log WHERE id BETWEEN $1 AND $2 AND table_name = $3';

/** Keys by notice, kept for the moment in which all who watch ask for them. */
export function createChangedKeys(read: pg.Pool, log: Log): ChangedKeys {
  const kept = new Map<string, Promise<readonly string[] | undefined>>();
  const readKeys = async ({ table, from, to }: ChangeNotice): Promise<readonly string[] | undefined> => {
    try {
      // Everybody's: they lead to rows that each reads for themselves, and sees or does not.
      const rows = await readOnce<{ key: string }>(read, HOUSEKEEPER, {
        label: 'changed keys',
        text: TEXT,
        values: [from, to, table],
      });
      return rows.map(({ key }) => key);
    } catch (err) {
      log.warn({ err, table }, 'changed keys could not be read; whole lists are looked at instead');
      return undefined;
    }
  };
  return (notice) => {
    if (notice.to - notice.from >= MOST_CHANGES) return Promise.resolve(undefined);
    const name = `${notice.table} ${notice.from} ${notice.to}`;
    const known = kept.get(name);
    if (known !== undefined) return known;
    const asked = readKeys(notice);
    kept.set(name, asked);
    const [oldest] = kept.keys();
    if (kept.size > MOST_KEPT && oldest !== undefined) kept.delete(oldest);
    return asked;
  };
}
