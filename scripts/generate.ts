/**
 * Writes every committed file that is derived from the code: one declaration per file in scripts/generate.
 * `--check` writes nothing and fails on a file that has drifted.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PROJECT_ROOT } from '../src/kernel/config.ts';
import { discover, requireDefault } from '../src/kernel/discover.ts';

export interface Generated {
  /** From the project's root. */
  readonly path: string;
  readonly render: () => Promise<string>;
}

const check = process.argv.includes('--check');
for (const found of await discover(join(import.meta.dirname, 'generate'), '.ts')) {
  const { path, render } = requireDefault(found, isGenerated, 'a Generated');
  const [text, committed] = await Promise.all([render(), readFile(join(PROJECT_ROOT, path), 'utf8').catch(() => '')]);
  if (text === committed) continue;
  if (check) {
    process.exitCode = 1;
    process.stderr.write(`${path} has drifted: run npm run generate and commit it\n`);
  } else {
    await writeFile(join(PROJECT_ROOT, path), text);
    process.stderr.write(`${path} written\n`);
  }
}

function isGenerated(value: unknown): value is Generated {
  return typeof value === 'object' && value !== null && 'path' in value && 'render' in value;
}
