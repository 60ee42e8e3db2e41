/** What really runs, which is not always what package.json asks for. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PROJECT_ROOT } from '../../src/kernel/config.ts';

/** The version of an installed package. */
export async function readPackageVersion(name: string): Promise<string> {
  const text = await readFile(join(PROJECT_ROOT, 'node_modules', name, 'package.json'), 'utf8');
  const manifest: unknown = JSON.parse(text);
  const version: unknown =
    typeof manifest === 'object' && manifest !== null ? Reflect.get(manifest, 'version') : undefined;
  return typeof version === 'string' ? version : 'unknown';
}
