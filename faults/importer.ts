/**
 * A process that imports one folder, for being killed: `importer.ts FOLDER DATABASE_URL`, with CAIRN_CRASH as the product
 * reads it. Prints the outcome as JSON.
 */
import { loadRegistry } from '../src/ingest/registry.ts';
import { armCrashPoints, readCrashSetting } from '../src/kernel/crash-point.ts';
import { importOnce } from './import-once.ts';

const [root = '', url = ''] = process.argv.slice(2);
armCrashPoints(readCrashSetting(process.env['CAIRN_CRASH'], []));
const outcome = await importOnce(await loadRegistry(), root, url);
process.stdout.write(`${JSON.stringify(outcome)}\n`);
if (outcome.error !== undefined) process.exitCode = 2;
