/**
 * Loaded before the server's own code, which knows nothing of it: on SIGUSR2 the process collects its garbage and writes to
 * the file of LOAD_MEMORY_FILE what it then still holds.
 */
import { renameSync, writeFileSync } from 'node:fs';

const file = process.env['LOAD_MEMORY_FILE'];
process.on('SIGUSR2', () => {
  if (file === undefined) return;
  // Twice: what the first one found dead may have held something else.
  globalThis.gc?.();
  globalThis.gc?.();
  writeFileSync(`${file}.part`, JSON.stringify(process.memoryUsage()));
  // Whole or not there: who waits for it reads it as soon as it is.
  renameSync(`${file}.part`, file);
});
