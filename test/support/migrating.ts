/** `prepare` in a process of its own; run as a script it prepares and prints the migrations that it applied. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { prepare } from '../../src/database/connect.ts';

/** The names of the migrations that a fresh process applied, and what kept it alive after that. */
export async function runPrepare(
  ownerUrl: string,
  folder: string,
): Promise<{ readonly applied: string[]; readonly resources: string[] }> {
  const { stdout } = await promisify(execFile)(process.execPath, [import.meta.filename, ownerUrl, folder]);
  return JSON.parse(stdout);
}

if (process.argv[1] === import.meta.filename) {
  const [ownerUrl = '', folder = ''] = process.argv.slice(2);
  const { applied } = await prepare(ownerUrl, folder);
  process.stdout.write(JSON.stringify({ applied, resources: process.getActiveResourcesInfo() }));
}
