/** One import of a folder, as the product does it: its pools and its pipeline; only the start (migrations, role) is left out. */
import { closePools, openPools } from '../src/database/pools.ts';
import type { Registry } from '../src/ingest/registry.ts';
import { importFolder } from '../src/ingest/run.ts';
import { asAppError } from '../src/kernel/errors.ts';
import { createLog } from '../src/kernel/log.ts';
import type { Outcome } from './outcome.ts';

/** The product waits longer; here a case must end. */
const SILENCE_MS = 1_000;

/** Never throws: a failure is the outcome's. */
export async function importOnce(registry: Registry, root: string, url: string): Promise<Outcome> {
  // Told with a case that does not hold.
  const log = createLog({ level: 'warn' });
  const pools = openPools(url, log, { silence: SILENCE_MS });
  const database = { ...pools, ownerUrl: url, apiUrl: url, applied: [], close: async () => undefined };
  const actor = { kind: 'command', label: 'command:faults', role: 'admin' } as const;
  try {
    const { imports } = await importFolder({ ...registry, database, log }, { root, actor });
    return { imports };
  } catch (thrown) {
    const { code, kind, message } = asAppError(thrown);
    return { imports: [], error: { code, kind, message } };
  } finally {
    await closePools(pools);
  }
}
