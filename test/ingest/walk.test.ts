import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { walk } from '../../src/ingest/walk.ts';

let root: string;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'cairn-walk-'));
});

afterAll(() => rm(root, { recursive: true, force: true }));

async function write(...paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), 'x');
  }
}

test('every file of many folders is listed once, in the order of the paths, however many folders are asked for ahead', async () => {
  const numbers = Array.from({ length: 40 }, (_, n) => String(n).padStart(2, '0'));
  const paths = numbers.flatMap((n) => [`f${n}/a.csv`, `f${n}/inner/deep/b.csv`, `f${n}.csv`]);
  await write(...paths.toReversed(), '.hidden/a.csv', 'f07/.hidden.csv');
  await symlink(join(root, 'f03'), join(root, 'a-link'));
  await symlink(tmpdir(), join(root, 'b-link'));

  const { files, skipped } = await walk(root);

  // The folder that a link names is listed where the link stands, and again under its own name.
  const linked = ['a-link/a.csv', 'a-link/inner/deep/b.csv'];
  expect(files.map(({ path }) => path)).toEqual([...linked, ...paths].sort());
  expect(skipped.map(({ path }) => path).sort()).toEqual(['.hidden', 'b-link', 'f07/.hidden.csv']);
});
