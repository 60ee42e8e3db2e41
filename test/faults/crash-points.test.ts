import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { PROJECT_ROOT } from '../../src/kernel/config.ts';
import { crashPointNames } from '../../src/kernel/crash-point.ts';

test('every crash point that is listed stands in the code, and every one in the code is listed', async () => {
  const source = join(PROJECT_ROOT, 'src');
  const files = (await readdir(source, { recursive: true })).filter((name) => name.endsWith('.ts'));
  const called = new Set<string>();
  // The list's own comment shows how a call is written.
  for (const file of files)
    for (const [, name] of (await readFile(join(source, file), 'utf8')).matchAll(/crashPoint\('([^']+)'\)/g))
      if (name !== undefined && name !== 'its.name') called.add(name);
  expect([...called].toSorted()).toEqual(crashPointNames().toSorted());
});
