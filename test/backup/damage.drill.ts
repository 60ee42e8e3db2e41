/** A backup that is not what it was is refused by name, before anything is written. */
import { appendFile, mkdir, readFile, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Manifest } from '../../src/backup/manifest.ts';
import { restoreBackup } from '../../src/backup/restore.ts';
import { takeBackup } from '../../src/backup/take.ts';
import { verifyBackup } from '../../src/backup/verify.ts';
import { findHome } from '../../src/database/embedded/placement.ts';
import { type EmbeddedServer, openEmbedded } from '../../src/database/embedded/server.ts';
import { hashBytes } from '../../src/kernel/hash.ts';
import { silentLog } from '../../src/kernel/log.ts';
import { emptyDatabase, FAST, folderForTest, makeDataDir, takePortableOf } from '../support/backups.ts';
import { useTestDatabase } from '../support/database.ts';

const log = silentLog();
const database = await useTestDatabase();
const dataDir = await makeDataDir();
const backups = await makeDataDir();
let server: EmbeddedServer;
let portable: { readonly folder: string; readonly manifest: Manifest };
let physical: { readonly folder: string; readonly manifest: Manifest };

beforeAll(async () => {
  portable = await takePortableOf(database.ownerUrl, backups);
  server = await openEmbedded(dataDir, log, FAST);
  const home = await findHome(dataDir);
  if (home === undefined) throw new Error('There is no cluster');
  physical = await takeBackup(
    { kind: 'physical', ownerUrl: server.ownerUrl, ...home },
    { destination: backups, release: '0.0.0', log },
  );
});
afterAll(() => server.release());

/** Runs `check` while the file is otherwise, and puts it back. */
async function whileDamaged(
  file: string,
  damage: (file: string) => Promise<void>,
  check: () => Promise<void>,
): Promise<void> {
  const bytes = await readFile(file);
  try {
    await damage(file);
    await check();
  } finally {
    await writeFile(file, bytes);
  }
}

const flip = async (file: string): Promise<void> => {
  const bytes = await readFile(file);
  bytes.writeUInt8(bytes.readUInt8(bytes.length >> 1) ^ 1, bytes.length >> 1);
  await writeFile(file, bytes);
};

const DAMAGES: readonly {
  readonly how: string;
  readonly damage: (file: string) => Promise<void>;
  readonly needsBytes?: true;
}[] = [
  { how: 'missing', damage: (file) => rename(file, `${file}.gone`) },
  { how: 'instead of', damage: async (file) => truncate(file, (await readFile(file)).length - 1), needsBytes: true },
  { how: 'instead of', damage: (file) => appendFile(file, 'x') },
  { how: 'altered', damage: flip, needsBytes: true },
];

async function refusals(
  folder: string,
  paths: readonly { readonly path: string; readonly size: number }[],
): Promise<void> {
  for (const { path, size } of paths) {
    for (const { how, damage, needsBytes } of DAMAGES) {
      if (needsBytes && size === 0) continue;
      await whileDamaged(join(folder, path), damage, async () => {
        const refused = await verifyBackup(folder).catch((thrown: unknown) => thrown);
        expect(refused).toMatchObject({ kind: 'data', message: expect.stringContaining(path) });
        expect(refused).toMatchObject({ message: expect.stringContaining(how) });
      });
    }
  }
}

test('every file of a portable backup that is missing, cut, longer or altered is named', async () => {
  await refusals(portable.folder, portable.manifest.files);
  await expect(verifyBackup(portable.folder)).resolves.toMatchObject({ kind: 'portable' });
});

test('so is every kind of file of a physical one', async () => {
  const files = physical.manifest.files;
  const of = (pattern: RegExp) => files.filter(({ path }) => pattern.test(path)).slice(0, 1);
  const chosen = [/pg_control/, /pg_wal/, /^password/, /base\/\d+\/\d+$/];
  expect(chosen.flatMap(of)).toHaveLength(chosen.length);
  await refusals(physical.folder, chosen.flatMap(of));
  await expect(verifyBackup(physical.folder)).resolves.toMatchObject({ kind: 'physical' });
});

test('a restore of an altered backup writes nothing that a server would start on', async () => {
  const { path } = physical.manifest.files.findLast((file) => /base\/\d+\/\d+$/.test(file.path) && file.size > 0) ?? {
    path: '',
  };
  const into = await folderForTest();
  await whileDamaged(join(physical.folder, path), flip, async () => {
    const restoring = restoreBackup(physical.folder, { target: { dataDir: into }, log, embedded: FAST });
    await expect(restoring).rejects.toMatchObject({ code: 'FILE_CHANGED', message: expect.stringContaining(path) });
  });
  expect(await findHome(into)).toBeUndefined();
  const { path: table } = portable.manifest.files[0] ?? { path: '' };
  await whileDamaged(join(portable.folder, table), flip, async () => {
    const databaseUrl = await emptyDatabase();
    await expect(restoreBackup(portable.folder, { target: { databaseUrl }, log })).rejects.toMatchObject({
      code: 'FILE_CHANGED',
    });
  });
});

/** A manifest that hashes right, as somebody who means harm would write it. */
async function forge(
  folder: string,
  alter: (manifest: Record<string, unknown>) => void,
  check: () => Promise<void>,
): Promise<void> {
  const path = join(folder, 'manifest.json');
  const damage = async (): Promise<void> => {
    const manifest: Record<string, unknown> = JSON.parse(await readFile(path, 'utf8'));
    alter(manifest);
    const text = JSON.stringify(manifest);
    await writeFile(path, text);
    await writeFile(join(folder, 'manifest.sha256'), `${hashBytes(text)}  manifest.json\n`);
  };
  await whileDamaged(
    join(folder, 'manifest.sha256'),
    async () => undefined,
    () => whileDamaged(path, damage, check),
  );
}

test('the manifest itself: missing, altered, of a later format, leading outside, with SQL for a bound', async () => {
  const manifest = join(portable.folder, 'manifest.json');
  for (const damage of [flip, (file: string) => rename(file, `${file}.gone`), (file: string) => truncate(file, 100)]) {
    await whileDamaged(manifest, damage, async () => {
      await expect(verifyBackup(portable.folder)).rejects.toMatchObject({
        message: expect.stringContaining('manifest.json'),
      });
    });
  }
  await forge(
    portable.folder,
    (found) => Object.assign(found, { format: 99 }),
    async () => {
      await expect(verifyBackup(portable.folder)).rejects.toMatchObject({
        code: 'FILE_MALFORMED',
        hint: expect.stringContaining('0.0.0'),
      });
    },
  );
  await forge(
    portable.folder,
    (found) => Object.assign(found, { files: [{ path: '../../etc/passwd', size: 1, sha256: '' }] }),
    async () => {
      await expect(verifyBackup(portable.folder)).rejects.toMatchObject({
        message: expect.stringContaining('outside'),
      });
    },
  );
  const bound = 'DEFAULT; DROP TABLE users';
  await forge(
    portable.folder,
    (found) => Object.assign(found, { partitions: [{ parent: 'change_log', name: 'p', bound }] }),
    async () => {
      const databaseUrl = await emptyDatabase();
      await expect(restoreBackup(portable.folder, { target: { databaseUrl }, log })).rejects.toMatchObject({
        code: 'FILE_MALFORMED',
      });
    },
  );
});

test('a data folder that holds a database is refused, and so are files of another server version or machine', async () => {
  const into = { target: { dataDir }, log, embedded: FAST };
  await expect(restoreBackup(physical.folder, into)).rejects.toMatchObject({
    code: 'CONFLICT',
    hint: expect.stringContaining('--into'),
  });
  const elsewhere = { ...into, target: { dataDir: join(await folderForTest(), 'new') } };
  await mkdir(elsewhere.target.dataDir);
  for (const cluster of [
    { major: '17', platform: `${process.platform}-${process.arch}` },
    { major: '18', platform: 'sunos-sparc' },
  ]) {
    await forge(
      physical.folder,
      (found) => Object.assign(found, { cluster }),
      async () => {
        await expect(restoreBackup(physical.folder, elsewhere)).rejects.toMatchObject({
          code: 'DATA_DIR_VERSION',
          hint: expect.stringContaining('--portable'),
        });
      },
    );
  }
  expect(await findHome(elsewhere.target.dataDir)).toBeUndefined();
  const databaseUrl = await emptyDatabase();
  await expect(restoreBackup(physical.folder, { target: { databaseUrl }, log })).rejects.toMatchObject({
    code: 'BAD_USER_INPUT',
  });
});

test('a backup without one of its two manifests is told as damaged, and a folder of backups names the newest', async () => {
  const taken = await takePortableOf(database.ownerUrl, await folderForTest());
  await expect(verifyBackup(dirname(taken.folder))).rejects.toMatchObject({
    hint: expect.stringContaining(basename(taken.folder)),
  });
  await rm(join(taken.folder, 'manifest.sha256'));
  await expect(verifyBackup(taken.folder)).rejects.toMatchObject({
    code: 'FILE_MISSING',
    message: expect.stringContaining('is damaged: it has no manifest.sha256'),
  });
});

test('a folder that is no backup, or an unfinished one, is told as such', async () => {
  await expect(verifyBackup(backups)).rejects.toMatchObject({
    code: 'FILE_MISSING',
    hint: expect.stringContaining('one backup'),
  });
  const part = join(await folderForTest(), 'cairn-2026-01-01T00-00-00.000Z-portable.part');
  await mkdir(part);
  await expect(verifyBackup(part)).rejects.toMatchObject({ hint: expect.stringContaining('interrupted') });
});
