/**
 * A process that imports one folder, for being killed: `importer.ts FOLDER DATABASE_URL`, with CAIRN_CRASH as the product
 * reads it. The pipeline, its pools and its datasets are the product's; only the start (migrations, role) is left out.
 * Prints the outcome as JSON.
 */
import { closePools, openPools } from '../src/database/pools.ts';
import { loadRegistry } from '../src/ingest/registry.ts';
import { importFolder } from '../src/ingest/run.ts';
import { armCrashPoints, readCrashSetting } from '../src/kernel/crash-point.ts';
import { asAppError } from '../src/kernel/errors.ts';
import { silentLog } from '../src/kernel/log.ts';
import type { Outcome } from './outcome.ts';

/** The product waits longer; here a case must end. */
const SILENCE_MS = 500;
const [root = '', url = ''] = process.argv.slice(2);
armCrashPoints(readCrashSetting(process.env['CAIRN_CRASH'], []));
const pools = openPools(url, silentLog(), { silence: SILENCE_MS });
const database = { ...pools, ownerUrl: url, apiUrl: url, applied: [], close: async () => undefined };
const actor = { kind: 'command', label: 'command:faults', role: 'admin' } as const;
const tell = (outcome: Outcome): boolean => process.stdout.write(`${JSON.stringify(outcome)}\n`);
try {
  const { imports } = await importFolder({ ...(await loadRegistry()), database, log: silentLog() }, { root, actor });
  tell({ imports });
} catch (thrown) {
  const { code, kind, message } = asAppError(thrown);
  tell({ imports: [], error: { code, kind, message } });
  process.exitCode = 2;
}
await closePools(pools);
