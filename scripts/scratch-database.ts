import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { prepare } from '../src/database/connect.ts';
import { openEmbedded } from '../src/database/embedded/server.ts';
import { MIGRATIONS } from '../src/database/migrate.ts';
import { silentLog } from '../src/kernel/log.ts';

/** Runs `work` on a database that holds the migrations and nothing else, in a folder that is removed afterwards. */
export async function withScratchDatabase<T>(work: (owner: pg.Client, ownerUrl: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'cairn-scratch-'));
  await chmod(folder, 0o755);
  try {
    const server = await openEmbedded(folder, silentLog(), { settings: { fsync: 'off' } });
    try {
      await prepare(server.ownerUrl, MIGRATIONS);
      const owner = new pg.Client(server.ownerUrl);
      await owner.connect();
      try {
        return await work(owner, server.ownerUrl);
      } finally {
        await owner.end();
      }
    } finally {
      await server.release();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
