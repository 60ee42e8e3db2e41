/** Fails when the schema breaks clients of the last release and the changelog does not say so. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PROJECT_ROOT } from '../src/kernel/config.ts';
import { changelogFaults } from './schema-changes.ts';

const read = (path: string): Promise<string> => readFile(join(PROJECT_ROOT, path), 'utf8');
const faults = changelogFaults(
  await read('schema.released.graphql'),
  await read('schema.graphql'),
  await read('CHANGELOG.md'),
);
for (const fault of faults) process.stderr.write(`${fault}\n`);
if (faults.length > 0) process.exitCode = 1;
