import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { discover, requireDefault, requireUnique } from '../../src/kernel/discover.ts';

async function folderOf(files: Record<string, string>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'cairn-discover-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
  return folder;
}

const isText = (value: unknown): value is string => typeof value === 'string';

test('files are found by their ending, in order, examples and other people’s code aside', async () => {
  const folder = await folderOf({
    'b.thing.mjs': 'export default "b"',
    'a/deep.thing.mjs': 'export default "deep"',
    '_example.thing.mjs': 'throw new Error("loaded")',
    '_drafts/c.thing.mjs': 'throw new Error("loaded")',
    'generated/d.thing.mjs': 'throw new Error("loaded")',
    'other.mjs': 'throw new Error("loaded")',
  });
  const found = await discover(folder, '.thing.mjs');
  expect(found.map((one) => requireDefault(one, isText, 'a text'))).toEqual(['deep', 'b']);
});

test('a file that cannot be loaded stops the start with its path', async () => {
  const folder = await folderOf({ 'bad.mjs': 'throw new Error("why")' });
  await expect(discover(folder, '.mjs')).rejects.toMatchObject({
    code: 'DECLARATION_INVALID',
    path: join(folder, 'bad.mjs'),
    message: expect.stringContaining('why'),
  });
});

test('a file without the right export stops the start with its path', async () => {
  const folder = await folderOf({ 'named.mjs': 'export const thing = "x"' });
  const [found] = await discover(folder, '.mjs');
  expect(() => found && requireDefault(found, isText, 'a text')).toThrow(/named\.mjs must export a text by default/);
});

test('a name declared twice names both files', () => {
  const declared = [
    { name: 'videos', path: 'a.ts' },
    { name: 'people', path: 'b.ts' },
    { name: 'videos', path: 'c.ts' },
  ];
  expect(() => requireUnique(declared, 'dataset')).toThrow('The dataset "videos" is declared in a.ts and in c.ts');
});
