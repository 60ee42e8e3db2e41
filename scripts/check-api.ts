/** Fails when an API breaks clients of the last release and the changelog does not say so. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PROJECT_ROOT } from '../src/kernel/config.ts';
import { apiChanges } from './api-changes.ts';
import { changelogFaults } from './changelog.ts';

const changelog = await readFile(join(PROJECT_ROOT, 'CHANGELOG.md'), 'utf8');
const faults = changelogFaults(await apiChanges(), changelog);
for (const fault of faults) process.stderr.write(`${fault}\n`);
if (faults.length > 0) process.exitCode = 1;
