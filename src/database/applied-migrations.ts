/** Whether there is nothing to migrate, asked in plain SQL: the schema engine takes a third of a start to say the same. */
import { readdir } from 'node:fs/promises';
import type pg from 'pg';

/**
 * Whether the database's record of migrations and `folder` name the same ones, each of them finished. Whatever else there is
 * (one missing, failed, or unknown here) is for the engine to judge. Call it under the database's lock.
 */
export async function isMigrated(owner: pg.Client, folder: string): Promise<boolean> {
  const { rows: tables } = await owner.query<{ found: boolean }>(
    "SELECT to_regclass('_prisma_migrations') IS NOT NULL AS found",
  );
  if (tables[0]?.found !== true) return false;
  // One that failed and was tried again stands there twice, the first time as rolled back.
  const { rows } = await owner.query<{ name: string; is_done: boolean }>(
    `SELECT migration_name AS name, finished_at IS NOT NULL AS is_done
       FROM _prisma_migrations
      WHERE rolled_back_at IS NULL
      ORDER BY migration_name`,
  );
  const entries = await readdir(folder, { withFileTypes: true });
  const names = new Set(entries.filter((entry) => entry.isDirectory()).map(({ name }) => name));
  return rows.length === names.size && rows.every(({ name, is_done: isDone }) => isDone && names.has(name));
}
