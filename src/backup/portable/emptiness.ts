/** Whether a database can take a backup in: one that holds rows is nobody's to overwrite. */
import type pg from 'pg';
import { identifier } from '../../database/copy.ts';
import { AppError } from '../../kernel/errors.ts';
import type { PortableManifest } from '../manifest.ts';
import { readMigrations, TABLES } from '../owner.ts';

/**
 * Passes a database without tables, and one whose tables were made by the backup's own migrations and hold no row: what an
 * interrupted restore leaves.
 * @throws AppError CONFLICT
 */
export async function requireEmpty(owner: pg.Client, manifest: PortableManifest): Promise<void> {
  const { rows: tables } = await owner.query<{ name: string }>(TABLES);
  const filled: string[] = [];
  for (const { name } of tables) {
    const { rows } = await owner.query<{ found: boolean }>(`SELECT EXISTS (SELECT FROM ${identifier(name)}) AS found`);
    if (rows[0]?.found) filled.push(name);
  }
  if (filled.length > 0) throw refused(owner, `it holds rows in ${filled.slice(0, 5).join(', ')}`);
  const known = new Set(manifest.migrations.map(({ name }) => name));
  const applied = await readMigrations(owner);
  const later = applied.filter(({ name }) => !known.has(name));
  if (later.length > 0) throw refused(owner, 'its tables are newer than the backup');
  if (applied.length === 0 && tables.length > 0) throw refused(owner, 'it holds tables that are not Cairn’s');
}

function refused(owner: pg.Client, reason: string): AppError {
  return new AppError('CONFLICT', `The database "${owner.database}" is not empty: ${reason}`, {
    hint: 'Restore into a new database (CREATE DATABASE, then name it in DATABASE_URL) or, with --into, a new data folder.',
  });
}
