/** Which failures of the database are worth another try. */
import { expect, test } from 'vitest';
import { writeSession } from '../../src/database/session.ts';
import { tryAgain } from '../../src/database/try-again.ts';
import { silentLog } from '../../src/kernel/log.ts';
import { TESTER, useTestDatabase } from '../support/database.ts';

const database = await useTestDatabase();

/** How often a transaction is tried that the database ends with `condition` the first time. */
async function tries(condition: string): Promise<number> {
  let count = 0;
  const work = (): Promise<unknown> => {
    count += 1;
    return writeSession(database.write, TESTER, ({ query }) =>
      query('fails', `DO $$ BEGIN ${count > 1 ? 'NULL' : `RAISE ${condition}`}; END $$`),
    );
  };
  await tryAgain(silentLog(), {}, work).catch(() => undefined);
  return count;
}

test('a transaction that another got in the way of is tried again; one that a full disk ended is not, nor a wrong one', async () => {
  expect(await tries('deadlock_detected')).toBe(2);
  expect(await tries('disk_full')).toBe(1);
  expect(await tries('unique_violation')).toBe(1);
});
