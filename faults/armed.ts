/**
 * Loaded before the product (`node --import`): a server that runs already arms a crash point when a line of its standard
 * input names one, as CAIRN_CRASH would, and says so. One start then serves several cases.
 */
import { createInterface } from 'node:readline';
import { armCrashPoints, readCrashSetting } from '../src/kernel/crash-point.ts';
import { ARMED } from './outcome.ts';

createInterface({ input: process.stdin }).on('line', (line) => {
  armCrashPoints(readCrashSetting(line, []));
  process.stderr.write(`${ARMED} ${line}\n`);
});
// It must not keep a server from ending.
process.stdin.unref();
