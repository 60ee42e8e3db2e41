import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { promisify } from 'node:util';
import { expect, onTestFinished, test, vi } from 'vitest';
import { duckdbFormat } from '../../src/exports/formats/duckdb.ts';
import { folderStore } from '../../src/files/folder-store.ts';
import { PROJECT_ROOT } from '../../src/kernel/config.ts';

const run = promisify(execFile);

async function folder(): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), 'cairn-full-'));
  onTestFinished(() => rm(made, { recursive: true }));
  return made;
}

async function* chunks(count: number): AsyncGenerator<Uint8Array> {
  for (let left = count; left > 0; left -= 1) yield randomBytes(65_536);
}

const MOST = { most: 1e9 };

test('on a full disk nothing is kept, the fault says so, and what fits is kept afterwards', async (context) => {
  const root = await folder();
  try {
    await run('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'none', root]);
  } catch {
    return context.skip('no tmpfs can be mounted here');
  }
  onTestFinished(() => run('umount', [root]).then(() => undefined));
  const store = folderStore(root);
  const small = await store.put(chunks(4), MOST);
  await expect(store.put(chunks(64), MOST)).rejects.toMatchObject({ code: 'DISK_FULL', kind: 'config' });
  expect(await readdir(join(root, 'unfinished'))).toEqual([]);
  const found = [];
  for await (const { hash } of store.list()) found.push(hash);
  expect(found).toEqual([small.hash]);
  expect((await store.put(chunks(4), MOST)).size).toBe(262_144);
});

/** Puts for ever; prints a line when bytes are on their way. */
const CHILD = `
  import { folderStore } from '${join(PROJECT_ROOT, 'src/files/folder-store.ts')}';
  import { randomBytes } from 'node:crypto';
  async function* bytes() {
    for (let n = 0; n < 40; n += 1) {
      if (n === 20) process.stdout.write('half\\n');
      yield randomBytes(65536);
      await new Promise((go) => setTimeout(go, 1));
    }
  }
  for (;;) await folderStore(process.argv[1]).put(bytes(), { most: 1e9 });
`;

test('a process that is killed while it puts leaves no blob that is not whole, and what it leaves is removed', async () => {
  const root = await folder();
  for (let round = 0; round < 5; round += 1) {
    const child: ChildProcess = spawn(process.execPath, ['--input-type=module', '-e', CHILD, root], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    for (let halves = 0; halves <= round && child.stdout !== null; halves += 1) await once(child.stdout, 'data');
    child.kill('SIGKILL');
    await once(child, 'close');
  }
  const store = folderStore(root);
  expect((await readdir(join(root, 'unfinished'))).length).toBeGreaterThan(0);
  const sizes = [];
  for await (const { size } of store.list()) sizes.push(size);
  expect(sizes.length).toBeGreaterThan(0);
  expect(new Set(sizes)).toEqual(new Set([40 * 65_536]));
  await store.removeUnfinished(new Date(Date.now() + 1_000));
  expect(await readdir(join(root, 'unfinished'))).toEqual([]);
});

test('a DuckDB file for which the temporary folder has no room is refused as such, not as a fault of ours', async (context) => {
  const root = await folder();
  try {
    await run('mount', ['-t', 'tmpfs', '-o', 'size=200k', 'none', root]);
  } catch {
    return context.skip('no tmpfs can be mounted here');
  }
  onTestFinished(() => run('umount', [root]).then(() => undefined));
  vi.stubEnv('TMPDIR', root);
  onTestFinished(() => void vi.unstubAllEnvs());
  const rows = {
    columns: [{ name: 'text', kind: 'text' as const, nullable: false }],
    batches: (async function* () {
      for (let left = 40; left > 0; left -= 1) yield [[randomBytes(20_000).toString('hex')]];
    })(),
  };
  await expect(duckdbFormat.write(rows, new PassThrough().resume(), { name: 'texts' })).rejects.toMatchObject({
    code: 'DISK_FULL',
  });
  expect(await readdir(root)).toEqual([]);
});
