/** The migrations of a backup and those of this release: which of them make the tables that the rows fit into. */
import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AppError } from '../../kernel/errors.ts';
import { hashBytes } from '../../kernel/hash.ts';
import type { PortableManifest } from '../manifest.ts';

/**
 * Passes a backup all of whose migrations this release has, unaltered and in this order.
 * @throws AppError MIGRATION_FAILED
 */
export async function requireKnownMigrations(manifest: PortableManifest, migrations: string): Promise<void> {
  const known = await listMigrations(migrations);
  const unknown = manifest.migrations.filter(({ name }) => !known.includes(name));
  if (unknown.length > 0) {
    const names = unknown.map(({ name }) => name).join(', ');
    throw new AppError('MIGRATION_FAILED', `The backup is of a newer release: this one lacks its migrations ${names}`, {
      hint: `Restore it with the release that wrote it (${manifest.release}) or a later one.`,
    });
  }
  for (const { name, checksum } of manifest.migrations) {
    const sql = await readFile(join(migrations, name, 'migration.sql'));
    if (hashBytes(sql) === checksum) continue;
    throw new AppError(
      'MIGRATION_FAILED',
      `The backup’s tables were made by another version of the migration ${name}`,
      {
        hint: `Restore it with the release that wrote it (${manifest.release}).`,
      },
    );
  }
}

/** Runs `work` over a folder that holds the backup's migrations and no later one. */
export async function withMigrationsUpTo<T>(
  manifest: PortableManifest,
  migrations: string,
  work: (folder: string) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'cairn-migrations-'));
  try {
    for (const { name } of manifest.migrations) {
      await cp(join(migrations, name), join(folder, name), { recursive: true });
    }
    await cp(join(migrations, 'migration_lock.toml'), join(folder, 'migration_lock.toml'));
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function listMigrations(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
}
