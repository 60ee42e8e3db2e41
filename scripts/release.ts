/**
 * `npm run release -- 1.2.3`: what is pending becomes that release, and its APIs are what later changes are held against.
 * Writes files only; whoever runs it commits and tags.
 */
import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PROJECT_ROOT } from '../src/kernel/config.ts';
import { API_FILES, apiChanges } from './api-changes.ts';
import { changelogFaults } from './changelog.ts';

/**
 * The changelog with what is pending under `version`, and an empty Pending above it.
 * @throws Error when nothing is pending, or the version is there already
 */
export function releasedChangelog(changelog: string, version: string): string {
  if (!/^\d+\.\d+\.\d+$/.test(version)) throw new Error(`"${version}" is no version such as 1.2.3`);
  if (changelog.includes(`\n## ${version}\n`)) throw new Error(`CHANGELOG.md has a release ${version} already`);
  const pending = /^## Pending\n+(?=\S)(?!## )/m;
  if (!pending.test(changelog)) throw new Error('CHANGELOG.md has nothing under "## Pending"');
  return changelog.replace(pending, `## Pending\n\n## ${version}\n\n`);
}

const at = (path: string): string => join(PROJECT_ROOT, path);

async function release(version: string): Promise<void> {
  const [changelog, manifest] = await Promise.all([
    readFile(at('CHANGELOG.md'), 'utf8'),
    readFile(at('package.json'), 'utf8'),
  ]);
  const faults = changelogFaults(await apiChanges(), changelog);
  if (faults.length > 0) throw new Error(faults.join('\n'));
  await writeFile(at('CHANGELOG.md'), releasedChangelog(changelog, version));
  for (const [current, released] of API_FILES) await copyFile(at(current), at(released));
  await writeFile(at('package.json'), manifest.replace(/^( {2}"version": )"[^"]*"/m, `$1"${version}"`));
}

if (import.meta.main) {
  try {
    await release(process.argv[2] ?? '');
  } catch (thrown) {
    process.stderr.write(`${thrown instanceof Error ? thrown.message : String(thrown)}\n`);
    process.exitCode = 1;
  }
}
