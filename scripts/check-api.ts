/** Fails when openapi.json is no OpenAPI, or when an API breaks clients of the last release and the changelog does not say so. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Validator } from '@seriousme/openapi-schema-validator';
import { PROJECT_ROOT } from '../src/kernel/config.ts';
import { apiChanges } from './api-changes.ts';
import { changelogFaults } from './changelog.ts';

const read = (path: string): Promise<string> => readFile(join(PROJECT_ROOT, path), 'utf8');

/** What is wrong with the document as such. */
async function openapiFaults(): Promise<string[]> {
  const validator = new Validator();
  const document: Record<string, unknown> = JSON.parse(await read('openapi.json'));
  const { valid, errors } = await validator.validate(document);
  if (valid && validator.version === '3.1') return [];
  return [`openapi.json is no OpenAPI 3.1: ${JSON.stringify(errors ?? validator.version)}`];
}

const faults = [...(await openapiFaults()), ...changelogFaults(await apiChanges(), await read('CHANGELOG.md'))];
for (const fault of faults) process.stderr.write(`${fault}\n`);
if (faults.length > 0) process.exitCode = 1;
