/** The change log as the tables' whole story: replayed from empty it must give what they hold. */
import type pg from 'pg';
import { registryOf } from '../../src/ingest/registry.ts';
import { changeLog } from '../../src/invariants/change-log.ts';
import { checkInvariants } from '../../src/invariants/check-invariants.ts';

/** Rows in which the replayed log and the tables differ, and changes that are none: empty, or the log has missed something. */
export async function replayedChanges(pool: pg.Pool): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const { faults } of checkInvariants(pool, { registry: registryOf([]), only: [changeLog] }))
    found.push(...faults);
  return found;
}
