/** An embedded PostgreSQL that is killed under those who use it. */

import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test, vi } from 'vitest';
import { isAlive } from '../../src/database/embedded/postmaster.ts';
import { startCairn } from '../support/cairn-process.ts';
import { ask, postmasterPid, startUser, temporaryFolder } from '../support/embedded.ts';

/** The postmaster that runs, if one does: what is left of a killed one names it still. */
async function runningPid(folder: string): Promise<number | undefined> {
  const pid = await postmasterPid(folder);
  return pid !== undefined && isAlive(pid) ? pid : undefined;
}

/** Kills the postmaster as an empty memory does, and waits until it is gone. */
async function killServer(folder: string): Promise<number> {
  const pid = await vi.waitUntil(() => runningPid(folder), { timeout: 60_000 });
  process.kill(pid, 'SIGKILL');
  while (isAlive(pid)) await sleep(20);
  return pid;
}

/** Whether the port could be taken. */
async function listens(server: Server, port: number): Promise<boolean> {
  server.listen(port, '127.0.0.1');
  return once(server, 'listening').then(
    () => true,
    () => false,
  );
}

const answers = (url: string) => ask(url, 'SELECT value FROM kept').catch(() => undefined);

test('of two that use it one starts it again, on its port and with its rows, and the last one out ends it', async () => {
  const folder = await temporaryFolder();
  const users = [await startUser(folder), await startUser(folder)];
  const url = users[0]?.ownerUrl ?? '';
  await ask(url, 'CREATE TABLE kept AS SELECT 7 AS value');
  for (let round = 0; round < 2; round += 1) {
    const killed = await killServer(folder);
    await expect.poll(() => answers(url), { timeout: 30_000 }).toBe(7);
    const pid = await postmasterPid(folder);
    expect(pid).not.toBe(killed);
    // Whoever would start a second one has looked by now.
    await sleep(1_500);
    expect(await postmasterPid(folder)).toBe(pid);
    expect(await answers(url)).toBe(7);
  }
  await users[0]?.end('SIGTERM');
  expect(await answers(url)).toBe(7);
  await users[1]?.end('SIGTERM');
  expect(await postmasterPid(folder)).toBeUndefined();
});

test('one that cannot be started again is tried again until it can', async () => {
  const folder = await temporaryFolder();
  const user = await startUser(folder);
  await ask(user.ownerUrl, 'CREATE TABLE kept AS SELECT 7 AS value');
  const stranger = createServer();
  onTestFinished(() => void stranger.close());
  // Whoever starts it again may be there first.
  do await killServer(folder);
  while (!(await listens(stranger, user.port)));
  await sleep(2_000);
  stranger.close();
  await expect.poll(() => answers(user.ownerUrl), { timeout: 60_000 }).toBe(7);
}, 120_000);

test('a hub goes on by itself, and the job that was cut is done', async () => {
  const folder = await temporaryFolder();
  const inbox = join(folder, 'inbox');
  await mkdir(inbox);
  const rows = Array.from({ length: 150_000 }, (_, row) => `C-${row},Channel ${row}\n`);
  await writeFile(join(inbox, 'channels.csv'), `channel_id,name\n${rows.join('')}`);
  const token = 'a-token-of-the-drill-0123456789';
  const env = { CAIRN_DATA_DIR: folder, CAIRN_ADMIN_TOKEN: token, CAIRN_IMPORT_ROOTS: inbox, PORT: '0' };
  const hub = startCairn(['serve'], env);
  await expect.poll(() => hub.out(), { timeout: 60_000 }).toContain('/graphql');
  const url = /serves (\S+)/.exec(hub.out())?.[1] ?? '';
  const run = async (query: string) => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify({ query }) });
    const { data }: { data: Record<string, Record<string, unknown>> } = JSON.parse(await response.text());
    return data;
  };
  const { importFile } = await run(
    'mutation { importFile(input: { path: "channels.csv", wait: false }) { importId jobId } }',
  );
  const status = () =>
    run(
      `{ import(importId: "${importFile?.['importId']}") { status } job(jobId: "${importFile?.['jobId']}") { status error { code message } } }`,
    )
      .then((data) => [data?.['import']?.['status'], data?.['job']?.['status'], data?.['job']?.['error']])
      .catch(() => undefined);
  await expect.poll(async () => (await status())?.[1], { timeout: 20_000 }).toBe('RUNNING');
  await killServer(folder);
  const ended = await vi.waitUntil(
    async () => {
      const now = await status();
      return ['COMPLETED', 'FAILED'].includes(String(now?.[1])) && now;
    },
    { timeout: 120_000, interval: 500 },
  );
  expect(
    ended,
    hub
      .err()
      .split('\n')
      .filter((line) => line.includes('a job'))
      .join('\n'),
  ).toEqual(['IMPORTED', 'COMPLETED', null]);
  expect(await run('{ channels { totalCount } }')).toEqual({ channels: { totalCount: 150_000 } });
  expect(hub.err()).toContain('ended unasked');
  hub.process.kill('SIGTERM');
  expect(await hub.ended).toBe(0);
  expect(await postmasterPid(folder)).toBeUndefined();
}, 240_000);
