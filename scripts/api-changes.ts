/** What both APIs break for clients of the last release. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PROJECT_ROOT } from '../src/kernel/config.ts';
import type { ApiChange } from './changelog.ts';
import { openapiChanges } from './openapi-changes.ts';
import { breakingChanges } from './schema-changes.ts';

/** Each API's file, and that of the last release. */
export const API_FILES = [
  ['schema.graphql', 'schema.released.graphql'],
  ['openapi.json', 'openapi.released.json'],
] as const;

/** Compares the committed files. */
export async function apiChanges(): Promise<ApiChange[]> {
  const read = (path: string): Promise<string> => readFile(join(PROJECT_ROOT, path), 'utf8');
  const [[schema, releasedSchema], [openapi, releasedOpenapi]] = API_FILES;
  return [
    ...breakingChanges(await read(releasedSchema), await read(schema)),
    ...openapiChanges(await read(releasedOpenapi), await read(openapi)),
  ];
}
