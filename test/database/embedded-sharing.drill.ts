/** Several processes, one data folder: who starts the server, who ends it, and what a violent end leaves behind. */
import { spawn } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { attachOrStart } from '../../src/database/embedded/attach.ts';
import { findHome } from '../../src/database/embedded/placement.ts';
import { isAlive } from '../../src/database/embedded/postmaster.ts';
import { ask, postmasterPid, startUser, temporaryFolder } from '../support/embedded.ts';

test('a server and a command share one PostgreSQL; the last one out ends it', async () => {
  const folder = await temporaryFolder();
  const server = await startUser(folder);
  const command = await startUser(folder);
  expect([server.how, command.how]).toEqual(['started', 'attached']);
  expect(command.port).toBe(server.port);

  expect(await server.end('SIGTERM')).toBe(0);
  expect(await ask(command.ownerUrl, 'SELECT 1')).toBe(1);

  expect(await command.end('SIGTERM')).toBe(0);
  expect(await postmasterPid(folder)).toBeUndefined();
});

test('a command that comes and goes leaves the server running', async () => {
  const folder = await temporaryFolder();
  const server = await startUser(folder);
  const command = await startUser(folder);
  expect(await command.end('SIGTERM')).toBe(0);
  expect(await ask(server.ownerUrl, 'SELECT 1')).toBe(1);
});

test('SIGTERM ends it cleanly: everything is on disk and nothing is left', async () => {
  const folder = await temporaryFolder();
  const server = await startUser(folder);
  expect(await server.end('SIGTERM')).toBe(0);
  expect(await postmasterPid(folder)).toBeUndefined();
  const log = await readFile(join(folder, 'postgres', 'server.log'), 'utf8');
  expect(log.trim()).toMatch(/database system is shut down$/);
});

test('two first starts at once make one cluster and one server', async () => {
  const folder = await temporaryFolder();
  const users = await Promise.all([startUser(folder), startUser(folder)]);
  expect(users.map(({ how }) => how).sort()).toEqual(['attached', 'started']);
  expect(new Set(users.map(({ ownerUrl }) => ownerUrl)).size).toBe(1);
});

test('a PostgreSQL orphaned by kill -9 is adopted, and ended by the last one out', async () => {
  const folder = await temporaryFolder();
  const killed = await startUser(folder);
  const pid = await postmasterPid(folder);
  await killed.end('SIGKILL');

  const next = await startUser(folder);
  expect(next.how).toBe('attached');
  expect(await postmasterPid(folder)).toBe(pid);
  await next.end('SIGTERM');
  expect(await postmasterPid(folder)).toBeUndefined();
});

test('a PostgreSQL that a killed start had just launched is adopted, even where it says so after we looked for it', async () => {
  const folder = await temporaryFolder();
  const first = await startUser(folder);
  await first.end('SIGTERM');
  const home = await findHome(folder);
  if (home === undefined) throw new Error('There is no cluster');
  let other = first;
  const late = async (): Promise<never> => {
    other = await startUser(folder);
    throw new Error('lock file "postmaster.pid" already exists');
  };
  expect(await attachOrStart(home, late)).toEqual({ port: other.port, how: 'attached' });
  await other.end('SIGTERM');
  await expect(attachOrStart(home, () => Promise.reject(new Error('no room')))).rejects.toThrow('no room');
});

test('a process killed beside others does not keep the server alive after them', async () => {
  const folder = await temporaryFolder();
  const server = await startUser(folder);
  const command = await startUser(folder);
  await command.end('SIGKILL');
  await server.end('SIGTERM');
  expect(await postmasterPid(folder)).toBeUndefined();
});

test('a PostgreSQL killed with its process starts again with its rows', async () => {
  const folder = await temporaryFolder();
  const killed = await startUser(folder);
  await ask(killed.ownerUrl, 'CREATE TABLE kept AS SELECT 7 AS value');
  const pid = (await postmasterPid(folder)) ?? 0;
  await killed.end('SIGKILL');
  process.kill(pid, 'SIGKILL');
  while (isAlive(pid)) await sleep(20);

  const next = await startUser(folder);
  expect(next.how).toBe('started');
  expect(await ask(next.ownerUrl, 'SELECT value FROM kept')).toBe(7);
});

test('a postmaster.pid whose number now belongs to another program does not stop the start', async () => {
  const folder = await temporaryFolder();
  const first = await startUser(folder);
  await first.end('SIGTERM');
  const stranger = spawn('sleep', ['60'], { stdio: 'ignore' });
  onTestFinished(() => {
    stranger.kill();
  });
  const data = join(folder, 'postgres', 'data');
  await writeFile(join(data, 'postmaster.pid'), `${stranger.pid}\n${data}\n1\n${first.port}\n\n127.0.0.1\n\nready\n`);

  const next = await startUser(folder);
  expect(next.how).toBe('started');
});
