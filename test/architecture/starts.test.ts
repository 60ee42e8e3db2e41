/** What a start loads: every module costs it a millisecond, and some packages are hundreds of them. */
import { readFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { PROJECT_ROOT } from '../../src/kernel/config.ts';

/** Of one import or re-export: what it names, unless it is of types alone, and whence. What is imported by a call is loaded later. */
const STATEMENT = /^(?:import|export)\s+(?!type\b)(?:[^'";]*?\sfrom\s+)?'([^']+)';/gm;

/** The packages that are loaded with `roots` (from the project's folder), and by which file. */
async function packagesOf(roots: readonly string[]): Promise<Map<string, string>> {
  const packages = new Map<string, string>();
  const seen = new Set<string>();
  const waiting = roots.map((root) => join(PROJECT_ROOT, root));
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (seen.has(file)) continue;
    seen.add(file);
    for (const [, target = ''] of (await readFile(file, 'utf8')).matchAll(STATEMENT)) {
      if (target.startsWith('.')) waiting.push(resolve(dirname(file), target));
      else packages.set(target, relative(PROJECT_ROOT, file));
    }
  }
  return packages;
}

const COMMAND = ['src/compose.ts', 'src/ingest/registry.ts'];
const WORKER = ['upkeep', 'start-jobs', 'start-watching', 'worker-server', 'services', 'stop'];

test.each([
  ['an import', [...COMMAND, 'src/cli/commands/import.ts'], 'pg-copy-streams'],
  [
    'a worker',
    [...COMMAND, 'src/cli/commands/serve.ts', ...WORKER.map((name) => `src/server/${name}.ts`)],
    'prom-client',
  ],
])(
  '%s starts without the API’s types, checks of other people’s words and readers of rare files',
  async (_, roots, used) => {
    const packages = await packagesOf(roots);
    expect([...packages.keys()]).toContain(used);
    const large = /^(?:graphql|graphql-yoga|@pothos\/|typebox|yaml|ajv|@duckdb\/|hyparquet|@aws-sdk\/|@googleapis\/)/;
    expect([...packages].filter(([name]) => large.test(name))).toEqual([]);
  },
);
