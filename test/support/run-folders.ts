/**
 * Where a run of the tests keeps what ends with it. A run that is killed can neither remove its folders nor end its PostgreSQL, and
 * what lies in memory stays there until the machine is restarted: the next run does both.
 */
import { chmod, mkdir, mkdtemp, readdir, rm, stat, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { tryExclusive } from '../../src/database/embedded/lock.ts';
import { findHome, type Home } from '../../src/database/embedded/placement.ts';
import { findPostmaster, isAlive } from '../../src/database/embedded/postmaster.ts';

export interface RunFolders {
  /** For what tests and their processes put away for a moment. */
  readonly folder: string;
  /** The data folder of the run's PostgreSQL: in memory where there is room. */
  readonly dataDir: string;
  readonly remove: () => Promise<void>;
}

/** Linux keeps a file system in memory here. */
const MEMORY = '/dev/shm';
/** Five times what the cluster of a whole run was seen to take. */
const ROOM = 1024 ** 3;
/** A database is a thousand files; twenty at once were not seen. */
const FILES = 20_000;
const NAME = 'cairn-run-';
/** Milliseconds within which a run that has just begun has its server, by which others know that it is there. */
const YOUNG_MS = 60_000;
/** Of folders without a server nothing says whether somebody still uses them. */
const FORGOTTEN_MS = 86_400_000;

/** Makes them, and removes those of killed runs. */
export async function makeRunFolders(memory = MEMORY): Promise<RunFolders> {
  await removeLeft([tmpdir(), memory]);
  const folder = await mkdtemp(join(tmpdir(), NAME));
  await open(folder);
  const inMemory = join(memory, basename(folder));
  const ofServer = (await hasRoom(memory)) && (await isMade(inMemory)) ? inMemory : folder;
  return {
    folder,
    dataDir: join(ofServer, 'house'),
    remove: () => removeAll([folder, ofServer]),
  };
}

/** Removes what killed runs left in these places, of which one run may use several under one name. */
export async function removeLeft(places: readonly string[]): Promise<void> {
  const found = await Promise.all(places.map((place) => readdir(place).catch(() => [])));
  const names = new Set(found.flat().filter((name) => name.startsWith(NAME)));
  for (const name of names) {
    const folders = places.map((place) => join(place, name));
    if (await isLeft(folders)) await removeAll(folders);
  }
}

/** Whether they are ours, and nobody uses them any more: then their server has been ended too. */
async function isLeft(folders: readonly string[]): Promise<boolean> {
  const found = (await Promise.all(folders.map((folder) => stat(folder).catch(() => [])))).flat();
  if (found.some(({ uid }) => uid !== process.getuid?.())) return false;
  const homes = (await Promise.all(folders.map((folder) => findHome(join(folder, 'house'))))).flatMap(
    (home) => home ?? [],
  );
  const age = Date.now() - Math.max(...found.map(({ mtimeMs }) => mtimeMs));
  if (age < (homes.length === 0 ? FORGOTTEN_MS : YOUNG_MS)) return false;
  const ended = await Promise.all(homes.map(endLeft));
  return ended.every(Boolean);
}

/** Ends the server that runs there still, if one does; false where somebody uses it. */
async function endLeft({ users, data }: Home): Promise<boolean> {
  const lock = tryExclusive(users);
  if (lock === undefined) return false;
  const server = await findPostmaster(data);
  if (server !== undefined) {
    // At once: nothing of it is to be kept.
    process.kill(server.pid, 'SIGQUIT');
    while (isAlive(server.pid)) await sleep(20);
  }
  lock.release();
  return true;
}

async function removeAll(folders: readonly string[]): Promise<void> {
  for (const folder of folders) await rm(folder, { recursive: true, force: true });
}

/** Run by root, the server is another user's process: kept reachable, the cluster stays in the folder that is removed at the end. */
const open = (folder: string): Promise<void> => chmod(folder, 0o755);

/** It may be there, have room, and be closed to us. */
const isMade = (folder: string): Promise<boolean> =>
  mkdir(folder)
    .then(() => open(folder))
    .then(
      () => true,
      () => false,
    );

/**
 * Whether a file system in memory has room for a whole run. Databases that are cloned and dropped hundreds of times on a disk cost more than
 * all that is asked of them, since ext4 looks long for an inode that was not in use a moment ago.
 */
async function hasRoom(place: string): Promise<boolean> {
  const found = await statfs(place).catch(() => undefined);
  if (found === undefined || Math.min(found.bavail * found.bsize, process.availableMemory()) < ROOM) return false;
  // None are counted where there is no limit.
  return found.files === 0 || found.ffree >= FILES;
}
