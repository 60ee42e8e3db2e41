/** The rules of src that hold for the bench as well, and the one between them. */
import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { expect, test } from 'vitest';
import { PROJECT_ROOT } from '../../src/kernel/config.ts';

async function filesOf(folder: string): Promise<{ path: string; text: string }[]> {
  const entries = await readdir(join(PROJECT_ROOT, folder), { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts') && !entry.parentPath.includes('/generated'))
    .map((entry) => join(entry.parentPath, entry.name));
  return Promise.all(
    paths.map(async (path) => ({ path: relative(PROJECT_ROOT, path), text: await readFile(path, 'utf8') })),
  );
}

const bench = await filesOf('bench');

test('files of the bench are small and named in kebab-case; a job is named so', () => {
  const name = /\/_?[a-z0-9]+(-[a-z0-9]+)*(\.job)?\.ts$/;
  expect(bench.filter(({ path }) => !name.test(path)).map(({ path }) => path)).toEqual([]);
  expect(bench.filter(({ text }) => text.split('\n').length > 301).map(({ path }) => path)).toEqual([]);
});

test('the product does not know how it is measured', async () => {
  const knowing = (await filesOf('src')).filter(({ text }) => /from '(\.\.\/)+(bench|test|faults)\//.test(text));
  expect(knowing.map(({ path }) => path)).toEqual([]);
});
