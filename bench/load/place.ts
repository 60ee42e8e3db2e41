/** Where the load is: an embedded server with the library in it, and tokens for everybody. */
import { join } from 'node:path';
import { createToken } from '../../src/access/tokens.ts';
import { openDatabase } from '../../src/database/connect.ts';
import { openEmbedded } from '../../src/database/embedded/server.ts';
import type { Role } from '../../src/kernel/actor.ts';
import { silentLog } from '../../src/kernel/log.ts';
import type { Releasers } from '../../src/kernel/release.ts';
import { readNewWords } from '../../src/search/vocabulary.ts';
import { fillLibrary } from '../reads/fill.ts';
import type { LibrarySize } from '../reads/library.ts';

export interface Place {
  readonly dataDir: string;
  readonly ownerUrl: string;
  readonly users: readonly string[];
  readonly hostile: { readonly viewers: readonly [string, ...string[]]; readonly editor: string };
  readonly watcher: string;
}

const COMMAND = { kind: 'command', label: 'command:load', role: 'admin' } as const;
const USERS = 20;
const HOSTILE = 3;

/** Makes it in `folder`. It stands until it is released. */
export async function openPlace(folder: string, size: LibrarySize, seed: number, releasers: Releasers): Promise<Place> {
  const log = silentLog();
  const dataDir = join(folder, 'data');
  const server = await openEmbedded(dataDir, log);
  releasers.add('PostgreSQL', server.release);
  const database = await openDatabase({ databaseUrl: undefined, dataDir }, log);
  const tokenOf = async (name: string, role: Role): Promise<string> =>
    (await createToken(database, COMMAND, { name, role })).token;
  try {
    await fillLibrary(server.ownerUrl, size, seed);
    // The server's upkeep would read the words of so many new rows while it is measured, and never again.
    while ((await readNewWords(database)) > 0);
    const users: string[] = [];
    for (let user = 1; user <= USERS; user += 1) users.push(await tokenOf(`user ${user}`, 'viewer'));
    const viewers: [string, ...string[]] = [await tokenOf('hostile 1', 'viewer')];
    for (let viewer = 2; viewer <= HOSTILE; viewer += 1) viewers.push(await tokenOf(`hostile ${viewer}`, 'viewer'));
    const editor = await tokenOf('hostile editor', 'editor');
    const watcher = await tokenOf('watcher', 'viewer');
    return { dataDir, ownerUrl: server.ownerUrl, users, hostile: { viewers, editor }, watcher };
  } finally {
    await database.close();
  }
}
