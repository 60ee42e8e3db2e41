/** What `doctor --deep` would find wrong in a test's database. */

import type { Ingest } from '../../src/ingest/run.ts';
import { checkInvariants } from '../../src/invariants/check-invariants.ts';

/** The faults of all invariants; nobody else uses the database. */
export async function brokenInvariants(ingest: Ingest): Promise<string[]> {
  const found: string[] = [];
  for await (const { faults } of checkInvariants(ingest.database.write, { registry: ingest, isAlone: true }))
    found.push(...faults);
  return found;
}
