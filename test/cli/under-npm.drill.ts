/** The server as npm runs it: under a shell that dies of the signal which npm passes on. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { PROJECT_ROOT } from '../../src/kernel/config.ts';
import { useTestDatabase } from '../support/database.ts';

const database = await useTestDatabase();

function npmStart(): { readonly npm: ChildProcess; readonly out: () => string } {
  const npm = spawn('npm', ['start'], {
    cwd: PROJECT_ROOT,
    // A group of its own: whatever is left of it ends with the test.
    detached: true,
    env: { PATH: process.env['PATH'], DATABASE_URL: database.ownerUrl, PORT: '0' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  for (const stream of [npm.stdout, npm.stderr])
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      out += chunk;
    });
  const { pid } = npm;
  onTestFinished(() => {
    try {
      if (pid !== undefined) process.kill(-pid, 'SIGKILL');
    } catch (gone) {
      expect(gone).toMatchObject({ code: 'ESRCH' });
    }
  });
  return { npm, out: () => out };
}

test('SIGTERM to npm stops the server that npm started', async () => {
  const { npm, out } = npmStart();
  await expect.poll(out, { timeout: 60_000 }).toMatch(/\/sign-in\?code=\S+/);
  const url = `${/Cairn serves (\S+)\/graphql/.exec(out())?.[1]}/health`;
  expect((await fetch(url)).status).toBe(200);
  npm.kill('SIGTERM');
  // Both pipes close once nothing of it is left.
  await once(npm, 'close', { signal: AbortSignal.timeout(15_000) });
  expect(out()).toContain('stopping');
  await expect(fetch(url)).rejects.toThrow();
});

test('SIGTERM to npm and all it started is one signal: an open request is still answered', async () => {
  const { npm, out } = npmStart();
  await expect.poll(out, { timeout: 60_000 }).toMatch(/\/sign-in\?code=\S+/);
  const { port } = new URL(`${/Cairn serves (\S+)\/graphql/.exec(out())?.[1]}`);
  const socket = connect(Number(port), '127.0.0.1');
  await once(socket, 'connect');
  // Half of a request: the server waits for the rest of it, well past the moment at which it sees that its shell is gone.
  socket.write('GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\n');
  await sleep(200);
  if (npm.pid === undefined) throw new Error('npm did not start');
  process.kill(-npm.pid, 'SIGTERM');
  await expect.poll(out).toContain('stopping');
  await sleep(600);
  socket.write('Connection: close\r\n\r\n');
  let answer = '';
  socket.setEncoding('utf8').on('data', (text: string) => {
    answer += text;
  });
  await once(socket, 'close');
  expect(answer).toContain('HTTP/1.1 200');
  expect(out()).not.toContain('stopping at once');
});
