import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { findPostmaster, forgetGone, isAlive } from '../../src/database/embedded/postmaster.ts';
import { makeFolder } from '../support/folder.ts';

/** A process that has ended and that its parent never asks about, as under the first process of many containers. */
async function zombie(): Promise<number> {
  const parent = spawn('bash', ['-c', 'sleep 0 & echo $!; exec sleep 30'], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void parent.kill('SIGKILL'));
  const [said] = await once(parent.stdout, 'data');
  const pid = Number(String(said));
  while (process.platform === 'linux' && isAlive(pid)) await sleep(10);
  return pid;
}

test.runIf(process.platform === 'linux')(
  'a server that ended and that nobody asked about is gone',
  {
    timeout: 5_000,
  },
  async () => {
    const data = await makeFolder();
    const file = join(data, 'postmaster.pid');
    const pid = await zombie();
    expect(process.kill(pid, 0)).toBe(true);
    await writeFile(file, `${pid}\n${data}\n1\n5432\n\n127.0.0.1\n\nready\n`);
    expect(await findPostmaster(data)).toBeUndefined();
    // PostgreSQL would refuse to start beside it.
    await access(file);
    await forgetGone(data);
    await expect(access(file)).rejects.toThrow('ENOENT');
  },
);
