/** Runs of the tests that were killed leave no server and no memory taken. */
import { mkdir, readdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { isAlive } from '../../src/database/embedded/postmaster.ts';
import { ask, postmasterPid, startUser, temporaryFolder } from './embedded.ts';
import { makeRunFolders, removeLeft } from './run-folders.ts';

/** As if it had been made long ago. */
async function age(folder: string): Promise<string> {
  await utimes(folder, 0, 0);
  return folder;
}

test('what a killed run left is removed and its server ended; what runs, or has only just begun, is let be', async () => {
  const [memory, disk] = [await temporaryFolder(), await temporaryFolder()];
  for (const name of ['cairn-run-killed', 'cairn-run-runs', 'cairn-run-young', 'another'])
    for (const place of [memory, disk]) await mkdir(join(place, name));
  const killed = await startUser(join(memory, 'cairn-run-killed', 'house'));
  const runs = await startUser(join(memory, 'cairn-run-runs', 'house'));
  const pid = (await postmasterPid(join(memory, 'cairn-run-killed', 'house'))) ?? 0;
  for (const name of ['cairn-run-killed', 'cairn-run-runs', 'another'])
    for (const place of [memory, disk]) await age(join(place, name));
  await killed.end('SIGKILL');
  expect(isAlive(pid)).toBe(true);

  await removeLeft([disk, memory, join(disk, 'not-there')]);
  expect(isAlive(pid)).toBe(false);
  for (const place of [memory, disk])
    expect((await readdir(place)).sort()).toEqual(['another', 'cairn-run-runs', 'cairn-run-young']);
  expect(await ask(runs.ownerUrl, 'SELECT 1')).toBe(1);
});

test('where there is room and no folder can be made, the server lies on the disk', async () => {
  const file = join(await temporaryFolder(), 'no-folder');
  await writeFile(file, '');
  const { folder, dataDir, remove } = await makeRunFolders(file);
  await remove();
  expect(dataDir).toBe(join(folder, 'house'));
});
