import { readSession } from '../../database/session.ts';
import type { WriteBackRun } from './put-back.ts';

/** The last entry of the change log that is committed for certain to those who look now. */
export async function lastChange({ house, actor }: Pick<WriteBackRun, 'house' | 'actor'>): Promise<bigint> {
  const [found] = await readSession(house.database.read, actor, (query) =>
    query<{ last: bigint | null }>('write-back last change', 'SELECT max(id) AS last FROM change_log'),
  );
  return BigInt(found?.last ?? 0);
}
