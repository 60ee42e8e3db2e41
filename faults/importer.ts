/**
 * A process that imports folders, for being killed: it loads everything, says that it is ready, and then takes one line of
 * standard input after the other, `{"root", "url", "crash"}`, with `crash` as the product reads CAIRN_CRASH. Each outcome is
 * a line of JSON.
 */
import { flushCompileCache } from 'node:module';
import { createInterface } from 'node:readline';
import { loadRegistry } from '../src/ingest/registry.ts';
import { armCrashPoints, readCrashSetting } from '../src/kernel/crash-point.ts';
import { importOnce } from './import-once.ts';
import type { ImportOrder } from './importers.ts';
import { READY } from './outcome.ts';

const registry = await loadRegistry();
process.stdout.write(`${READY}\n`);
for await (const line of createInterface({ input: process.stdin })) {
  const { root, url, crash }: ImportOrder = JSON.parse(line);
  armCrashPoints(readCrashSetting(crash, []));
  process.stdout.write(`${JSON.stringify(await importOnce(registry, root, url))}\n`);
  // Node writes what it compiled when the process ends, which none does of itself here: each would compile all anew.
  flushCompileCache();
}
