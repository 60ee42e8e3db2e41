/** The drill: both kinds of backup, taken of a server while an import runs, restored into new data folders and put to work. */
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { restoreBackup } from '../../src/backup/restore.ts';
import { type TakenBackup, takeBackup } from '../../src/backup/take.ts';
import { type Database, openDatabase } from '../../src/database/connect.ts';
import { findHome } from '../../src/database/embedded/placement.ts';
import { importFile } from '../../src/ingest/import-file.ts';
import { sweepImports } from '../../src/ingest/journal.ts';
import { loadRegistry } from '../../src/ingest/registry.ts';
import { checkInvariants } from '../../src/invariants/check-invariants.ts';
import { silentLog } from '../../src/kernel/log.ts';
import { FAST, folderForTest, makeDataDir } from '../support/backups.ts';
import { startCairn } from '../support/cairn-process.ts';
import { TESTER } from '../support/database.ts';
import { useFolder } from '../support/folder.ts';

const log = silentLog();
const registry = await loadRegistry();
const SMALL = 300;
const LARGE = 10_000;
const channels = (mark: string, size: number): string =>
  `channel_id,name\n${Array.from({ length: size }, (_, n) => `${mark}-${n},${mark} name ${n}`).join('\n')}\n`;

const files = await useFolder({ 'channels.csv': channels('S', SMALL), 'more/channels.csv': channels('L', LARGE) });
const backups = await makeDataDir();
const dataDir = await makeDataDir();
let database: Database;
let taken: Record<'physical' | 'portable', TakenBackup>;

function importOf(path: string, onProgress?: () => void) {
  return importFile(
    { ...registry, database, log },
    { file: join(files, path), path, actor: TESTER, ...(onProgress && { onProgress }) },
  );
}

beforeAll(async () => {
  database = await openDatabase({ dataDir, databaseUrl: undefined }, log, { embedded: FAST });
  expect(await importOf('channels.csv')).toMatchObject({ status: 'imported', inserted: SMALL });
  const home = await findHome(dataDir);
  if (home === undefined) throw new Error('There is no cluster');
  const { ownerUrl } = database;
  let begun = (): void => undefined;
  const started = new Promise<void>((resolve) => {
    begun = resolve;
  });
  const importing = importOf('more/channels.csv', () => begun());
  await started;
  const to = { destination: backups, release: '0.0.0', log };
  const portable = await takeBackup({ kind: 'portable', ownerUrl }, to);
  const physical = await takeBackup({ kind: 'physical', ownerUrl, ...home }, to);
  expect(await importing).toMatchObject({ status: 'imported', inserted: LARGE });
  taken = { physical, portable };
});
afterAll(() => database.close());

test('a portable backup restored has each import whole or not at all, and every invariant', async () => {
  const into = await folderForTest();
  const { rows } = await restoreBackup(taken.portable.folder, { target: { dataDir: into }, log, embedded: FAST });
  const restored = await openDatabase({ dataDir: into, databaseUrl: undefined }, log, { embedded: FAST });
  try {
    const ended = await sweepImports(restored.write, 0);
    expect(rows).toMatchObject(expectedRows(ended));
    const faults: string[] = [];
    for await (const found of checkInvariants(restored.write, { registry, roots: [files] }))
      faults.push(...found.faults);
    expect(faults).toEqual([]);
    const again = await importFile(
      { ...registry, database: restored, log },
      { file: join(files, 'more/channels.csv'), path: 'more/channels.csv', actor: TESTER },
    );
    expect(again.inserted).toBe(ended === 0 ? 0 : LARGE);
  } finally {
    await restored.close();
  }
});

/** The large import is there with all its changes, or its line was ended and nothing else of it is there. */
function expectedRows(ended: number) {
  const rows = ended === 0 ? SMALL + LARGE : SMALL;
  return { channels: rows, change_log: rows, imports: 2 };
}

test('a backup is readable for its owner alone, and holds nothing of the running server', async () => {
  const { folder, manifest } = taken.physical;
  for (const path of ['', 'manifest.json', 'password', 'cluster', 'cluster/global/pg_control']) {
    expect((await stat(join(folder, path))).mode & 0o077, path).toBe(0);
  }
  const paths = manifest.files.map(({ path }) => path);
  expect(paths.filter((path) => /postmaster|pgsql_tmp|pg_replslot\/|pg_internal/.test(path))).toEqual([]);
  expect(await readFile(join(folder, 'cluster', 'backup_label'), 'utf8')).toContain('START WAL LOCATION');
  const slots = await database.write.query('SELECT count(*)::int AS slots FROM pg_replication_slots');
  expect(slots.rows).toEqual([{ slots: 0 }]);
});

test('the command restores a physical one and finds every invariant; the server serves what it holds', async () => {
  const into = await folderForTest();
  const command = startCairn(['restore', taken.physical.folder, '--into', into, '--json'], {});
  expect(await command.ended, command.err()).toBe(0);
  const told = JSON.parse(command.out());
  expect(told).toMatchObject({
    kind: 'physical',
    into,
    leftOut: [],
    faults: [],
    rows: expectedRows(told.endedImports),
  });
  const env = { CAIRN_DATA_DIR: into, PORT: '0', CAIRN_ADMIN_TOKEN: 'a-token-of-the-drill' };
  const server = startCairn(['serve'], env);
  await expect.poll(server.out, { timeout: 30_000 }).toMatch(/\/sign-in\?code=\S+/);
  const answer = await fetch(/http:\S+\/graphql/.exec(server.out())?.[0] ?? '', {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${env.CAIRN_ADMIN_TOKEN}` },
    body: JSON.stringify({ query: '{ channels { totalCount } channel(channelId: "S-7") { name } }' }),
  });
  expect(await answer.json()).toEqual({
    data: { channels: { totalCount: told.rows.channels }, channel: { name: 'S name 7' } },
  });
  server.process.kill('SIGTERM');
  expect(await server.ended).toBe(0);
});
