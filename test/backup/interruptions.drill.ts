/** A backup that does not come to its end leaves nothing that looks like one, and no trace on the server. */
import { execFile } from 'node:child_process';
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { type BackupSource, type TakeOptions, takeBackup } from '../../src/backup/take.ts';
import { verifyBackup } from '../../src/backup/verify.ts';
import { tryExclusive } from '../../src/database/embedded/lock.ts';
import { findHome } from '../../src/database/embedded/placement.ts';
import { type EmbeddedServer, openEmbedded } from '../../src/database/embedded/server.ts';
import { silentLog } from '../../src/kernel/log.ts';
import {
  asOwner,
  emptyDatabase,
  FAST,
  folderForTest,
  makeDataDir,
  restoreInto,
  takePortableOf,
} from '../support/backups.ts';
import { startCairn } from '../support/cairn-process.ts';
import { createTestDatabase, useTestDatabase } from '../support/database.ts';

const run = promisify(execFile);
const log = silentLog();
const database = await useTestDatabase();
const portable: BackupSource = { kind: 'portable', ownerUrl: database.ownerUrl };
const dataDir = await makeDataDir();
let server: EmbeddedServer;
let physical: BackupSource;

beforeAll(async () => {
  server = await openEmbedded(dataDir, log, FAST);
  const home = await findHome(dataDir);
  if (home === undefined) throw new Error('There is no cluster');
  physical = { kind: 'physical', ownerUrl: server.ownerUrl, ...home };
});
afterAll(() => server.release());

const options = (destination: string): TakeOptions => ({ destination, release: '0.0.0', log });
const finished = async (folder: string): Promise<string[]> =>
  (await readdir(folder)).filter((name) => name.startsWith('cairn-') && !name.endsWith('.part'));

/** A server in a backup keeps its log for it; one session at most may be left, the one that asks. */
async function traces(): Promise<unknown> {
  return asOwner(
    server.ownerUrl,
    `SELECT (SELECT count(*)::int FROM pg_replication_slots) AS slots,
            (SELECT count(*)::int FROM pg_stat_activity WHERE application_name = 'cairn backup') AS sessions`,
  );
}
const NO_TRACES = [{ slots: 0, sessions: 0 }];

test.each(['physical', 'portable'] as const)('Ctrl-C in the middle of a %s backup leaves nothing', async (kind) => {
  const destination = await folderForTest();
  const aborting = new AbortController();
  let bytes = 0;
  const onBytes = (more: number): void => {
    bytes += more;
    aborting.abort();
  };
  const source = kind === 'physical' ? physical : portable;
  await database.owner.query("INSERT INTO employees (employee_id, name) VALUES ('E1', 'Ada') ON CONFLICT DO NOTHING");
  const taking = takeBackup(source, { ...options(destination), signal: aborting.signal, onBytes });
  await expect(taking).rejects.toMatchObject({ code: 'INTERRUPTED' });
  expect(bytes).toBeGreaterThan(0);
  expect((await readdir(destination)).filter((name) => name.startsWith('cairn-'))).toEqual([]);
  await expect.poll(traces, { timeout: 10_000 }).toEqual(NO_TRACES);
});

test('a killed backup is no backup, and the next one clears it away', async () => {
  const destination = await folderForTest();
  for (const point of ['backup.started:1', 'backup.stopped:1', 'backup.written:1']) {
    const killed = startCairn(['backup', destination], { CAIRN_DATA_DIR: dataDir, CAIRN_CRASH: point });
    expect(await killed.ended).toBeNull();
    expect(await finished(destination), point).toEqual([]);
    expect(
      (await readdir(destination)).filter((name) => name.endsWith('.part')),
      point,
    ).toHaveLength(1);
  }
  const killed = startCairn(['backup', destination], {
    DATABASE_URL: database.ownerUrl,
    CAIRN_CRASH: 'backup.table:5',
  });
  expect(await killed.ended).toBeNull();
  expect(await finished(destination)).toEqual([]);
  const { folder } = await takeBackup(physical, options(destination));
  expect((await readdir(destination)).filter((name) => name.startsWith('cairn-'))).toHaveLength(1);
  await verifyBackup(folder);
  await expect.poll(traces, { timeout: 10_000 }).toEqual(NO_TRACES);
});

test('a killed restore is begun again, and gives the whole', async () => {
  await database.owner.query("INSERT INTO employees (employee_id, name) VALUES ('E2', 'Grace') ON CONFLICT DO NOTHING");
  const { folder } = await takePortableOf(database.ownerUrl, await folderForTest());
  const url = await emptyDatabase();
  const killed = startCairn(['restore', folder], { DATABASE_URL: url, CAIRN_CRASH: 'restore.table:9' });
  expect(await killed.ended).toBeNull();
  await expect
    .poll(() => asOwner(url, 'SELECT count(*)::int AS rows FROM employees'), { timeout: 10_000 })
    .toEqual([{ rows: 0 }]);
  const { rows } = await restoreInto(folder, url);
  expect(rows['employees']).toBeGreaterThan(0);
  // All rows were committed: nothing is missing but what migrates on, which any start does.
  const again = await createTestDatabase();
  const late = startCairn(['restore', folder], { DATABASE_URL: again.ownerUrl, CAIRN_CRASH: 'restore.loaded:1' });
  expect(await late.ended).toBeNull();
  expect((await again.owner.query('SELECT count(*)::int AS rows FROM employees')).rows).toEqual([
    { rows: rows['employees'] },
  ]);
  await again.close();
});

/** A disk of so many megabytes; undefined where this user may not mount one. */
async function smallDisk(megabytes: number): Promise<string | undefined> {
  const folder = join(await folderForTest(), 'disk');
  await mkdir(folder);
  try {
    await run('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'none', folder]);
  } catch {
    return undefined;
  }
  onTestFinished(async () => void (await run('umount', [folder])));
  return folder;
}

test('a full disk is told as such, and nothing is left on it', async ({ skip }) => {
  const disk = await smallDisk(1);
  if (disk === undefined) return skip('only root mounts a small disk');
  await expect(takeBackup(physical, options(disk))).rejects.toMatchObject({
    code: 'CONFIG_INVALID',
    message: expect.stringMatching(/needs \d.* MB left/),
  });
  expect(await traces()).toEqual(NO_TRACES);
  const other = await createTestDatabase();
  await other.owner.query(
    "INSERT INTO employees (employee_id, name, email) SELECT 'E' || n, md5(n::text), sha512(n::text::bytea)::text FROM generate_series(1, 20000) n",
  );
  const taking = takeBackup({ kind: 'portable', ownerUrl: other.ownerUrl }, options(disk));
  await expect(taking).rejects.toMatchObject({ code: 'CONFIG_INVALID', message: expect.stringContaining('full') });
  await other.close();
  expect(await readdir(disk)).toEqual(['.cairn-backup.lock']);
});

test('two backups into one folder: the second is refused, and the first is not touched', async () => {
  const destination = await folderForTest();
  const lock = tryExclusive(join(destination, '.cairn-backup.lock'));
  const unfinished = 'cairn-2026-01-01T00-00-00.000Z-portable.part';
  await mkdir(join(destination, unfinished));
  await expect(takeBackup(portable, options(destination))).rejects.toMatchObject({ code: 'CONFLICT' });
  expect(await readdir(destination)).toContain(unfinished);
  lock?.release();
});

test('--keep removes the oldest of this database and kind, and nothing else', async () => {
  const destination = await folderForTest();
  const other = await createTestDatabase();
  const foreign = (await takePortableOf(other.ownerUrl, destination)).folder;
  await other.close();
  await mkdir(join(destination, 'cairn-2020-01-01T00-00-00.000Z-portable'));
  const first = await takePortableOf(database.ownerUrl, destination);
  const second = await takePortableOf(database.ownerUrl, destination);
  const third = await takeBackup(portable, { ...options(destination), keep: 2 });
  expect(third.removed).toEqual([first.folder]);
  const left = (await finished(destination)).map((name) => join(destination, name));
  expect(left.toSorted()).toEqual(
    [join(destination, 'cairn-2020-01-01T00-00-00.000Z-portable'), foreign, second.folder, third.folder].toSorted(),
  );
});
