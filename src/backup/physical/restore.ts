/** Puts the files of a physical backup into a data folder, checked byte by byte on the way, and looks at what comes up. */
import { mkdir, readFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { installCluster, removeCluster } from '../../database/embedded/install.ts';
import { findHome } from '../../database/embedded/placement.ts';
import { type EmbeddedOptions, openEmbedded } from '../../database/embedded/server.ts';
import { syncFolder } from '../../kernel/durable.ts';
import { AppError } from '../../kernel/errors.ts';
import type { Log } from '../../kernel/log.ts';
import { copyFile, inParallel, SECRET_FOLDER, throwIfStopped, type Watch } from '../durable.ts';
import type { PhysicalManifest, RowCounts } from '../manifest.ts';
import { countRows, withOwner } from '../owner.ts';
import { requireSame, verifySizes } from '../verify.ts';
import { CLUSTER, PASSWORD, thisPlatform } from './take.ts';

const WIDTH = 8;

export interface PhysicalTarget extends Watch {
  readonly dataDir: string;
  readonly log: Log;
  readonly embedded?: EmbeddedOptions | undefined;
}

/**
 * Restores `folder` into the data folder, which has no cluster yet; returns the rows found. A cluster that does not come up,
 * or with other rows than it should have, is taken out again.
 * @throws AppError CONFLICT, DATA_DIR_VERSION, FILE_MISSING, FILE_CHANGED, DATA_DIR_INVALID, INTERRUPTED
 */
export async function restorePhysical(
  folder: string,
  manifest: PhysicalManifest,
  target: PhysicalTarget,
): Promise<RowCounts> {
  requirePlatform(manifest);
  await verifySizes(folder, manifest);
  await requireWhole(folder, manifest);
  const password = (await readFile(join(folder, PASSWORD), 'utf8')).trim();
  await installCluster(target.dataDir, {
    major: manifest.cluster.major,
    password,
    fill: (data) => copyIn(folder, manifest, data, target),
  });
  const home = await findHome(target.dataDir);
  if (home !== undefined) await syncFolder(home.folder);
  try {
    return await lookAt(manifest, target);
  } catch (thrown) {
    await removeCluster(target.dataDir);
    throw thrown;
  }
}

function requirePlatform({ cluster }: PhysicalManifest): void {
  if (cluster.platform === thisPlatform()) return;
  throw new AppError(
    'DATA_DIR_VERSION',
    `The backup holds files of a server on ${cluster.platform}; this is ${thisPlatform()}`,
    { hint: 'Take one with --portable there: it can be restored on any platform.' },
  );
}

/** A manifest of ours names everything that a cluster needs; whatever else made it is refused before a byte is written. */
async function requireWhole(folder: string, { files, wal }: PhysicalManifest): Promise<void> {
  const names = new Set(files.map(({ path }) => path));
  const needed = [
    PASSWORD,
    ...['PG_VERSION', 'backup_label', 'global/pg_control'].map((name) => `${CLUSTER}/${name}`),
    ...wal.segments.map((name) => `${CLUSTER}/pg_wal/${name}`),
  ];
  const missing = needed.filter((name) => !names.has(name));
  if (missing.length === 0) return;
  throw new AppError('FILE_MISSING', `The backup in ${folder} lacks ${missing.join(', ')}`, {
    path: folder,
    hint: 'Use another backup. Nothing was written.',
  });
}

async function copyIn(folder: string, manifest: PhysicalManifest, data: string, watch: Watch): Promise<void> {
  const within = (path: string): string => join(data, relative(CLUSTER, path));
  for (const path of manifest.folders) await mkdir(within(path), { mode: SECRET_FOLDER });
  await inParallel(manifest.files, WIDTH, async (file) => {
    throwIfStopped(watch.signal);
    if (file.path === PASSWORD) return;
    const copied = await copyFile(join(folder, file.path), within(file.path), watch);
    if (copied !== undefined) requireSame(folder, file, copied);
  });
  await inParallel([...manifest.folders.map(within), data, dirname(data)], WIDTH, syncFolder);
}

/** Starts the server, which replays the log up to the end of the backup or refuses to start, and counts. */
async function lookAt(
  manifest: PhysicalManifest,
  { dataDir, log, embedded, signal }: PhysicalTarget,
): Promise<RowCounts> {
  const server = await openEmbedded(dataDir, log, embedded);
  try {
    const rows = await withOwner(server.ownerUrl, signal, countRows);
    if (manifest.rowsExact) requireCounts(manifest.rows, rows);
    return rows;
  } finally {
    await server.release();
  }
}

/** @throws AppError FILE_CHANGED when a table has other rows than the backup says */
export function requireCounts(expected: RowCounts, found: RowCounts): void {
  const wrong = Object.entries(expected)
    .filter(([name, rows]) => found[name] !== rows)
    .map(([name, rows]) => `${name} has ${found[name] ?? 'no'} rows instead of ${rows}`);
  if (wrong.length === 0) return;
  throw new AppError('FILE_CHANGED', `The restored database is not the one backed up: ${wrong.join('; ')}`, {
    hint: 'Nothing was kept. Use another backup.',
  });
}
