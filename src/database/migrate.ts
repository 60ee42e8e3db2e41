/** Migrations are Prisma's folders, applied at start, one process at a time. */
import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { MigrationList, SchemaEngine } from '@prisma/schema-engine-wasm';
import { PROJECT_ROOT } from '../kernel/config.ts';
import { AppError } from '../kernel/errors.ts';
import { forgetInterrupted } from './interrupted-migrations.ts';
import { PATIENCE, type Patience } from './patient-script.ts';
import type { SchemaFile } from './schema-engine.ts';

export const MIGRATIONS = join(PROJECT_ROOT, 'prisma', 'migrations');
export const SCHEMA = join(PROJECT_ROOT, 'prisma', 'schema');

const NO_FILTERS = { externalTables: [], externalEnums: [] };

/**
 * Applies what `folder` holds and the database lacks; returns the names of the applied. Call it under the database's lock.
 * @throws AppError MIGRATION_FAILED when one fails or failed earlier, or when the database is ahead of this release; DATABASE_BUSY
 * when others keep a table from it.
 */
export async function applyMigrations(
  ownerUrl: string,
  folder: string = MIGRATIONS,
  patience: Patience = PATIENCE,
): Promise<string[]> {
  const migrationsList = await readMigrations(folder);
  await forgetInterrupted(ownerUrl);
  let isLocked = false;
  let blockedBy: string | undefined;
  const apply = async (engine: SchemaEngine): Promise<string[]> => {
    await refuseForeignHistory(engine, migrationsList);
    try {
      const { appliedMigrationNames } = await engine.applyMigrations({ migrationsList, filters: NO_FILTERS });
      return appliedMigrationNames;
    } catch (cause) {
      const [failed = 'unknown'] = await failedNames(engine, migrationsList);
      if (!isLocked) throw failedMigration(failed, cause);
      // Nothing is wrong with it: the next start tries it again by itself.
      if (failed !== 'unknown') await engine.markMigrationRolledBack({ migrationName: failed });
      throw lockedMigration(failed, blockedBy, cause);
    }
  };
  return withSchemaEngine(ownerUrl, [], apply, {
    patience,
    blocked: (by) => {
      blockedBy = by;
    },
    gaveUp: () => {
      isLocked = true;
    },
  });
}

function lockedMigration(name: string, by: string | undefined, cause: unknown): AppError {
  const words = by === undefined ? 'others hold' : `others hold (${by})`;
  return new AppError('DATABASE_BUSY', `The migration ${name} needs a table that ${words}`, {
    cause,
    hint: 'It left nothing behind. Let them end, or end them, then start again.',
  });
}

/** As the engine's own; loaded when it is needed, for a start that has nothing to migrate does without it. */
const withSchemaEngine: typeof import('./schema-engine.ts').withSchemaEngine = async (
  ownerUrl,
  files,
  work,
  waiting,
) => {
  const engine = await import('./schema-engine.ts');
  return engine.withSchemaEngine(ownerUrl, files, work, waiting);
};

/** Records that a failed migration was rolled back, so that the next start tries it again. */
export async function retryMigration(ownerUrl: string, migrationName: string): Promise<void> {
  await withSchemaEngine(ownerUrl, [], (engine) => engine.markMigrationRolledBack({ migrationName }));
}

/**
 * The SQL that would turn the database at `ownerUrl` into what the Prisma schema in `schemaFolder` says; empty if it is that
 * already. It sees tables, columns, keys and plain indexes; the rest is in the catalogue's dump.
 */
export async function diffSchema(ownerUrl: string, schemaFolder: string = SCHEMA): Promise<string> {
  const files = await readSchema(schemaFolder);
  return withSchemaEngine(ownerUrl, files, async (engine) => {
    const { stdout } = await engine.diff({
      from: { tag: 'schemaDatasource', files: [...files], configDir: PROJECT_ROOT },
      to: { tag: 'schemaDatamodel', files: [...files] },
      script: true,
      exitCode: null,
      filters: NO_FILTERS,
    });
    const script = (stdout ?? '').trim();
    return script === '-- This is an empty migration.' ? '' : script;
  });
}

async function refuseForeignHistory(engine: SchemaEngine, migrationsList: MigrationList): Promise<void> {
  const { failedMigrationNames, history } = await engine.diagnoseMigrationHistory({
    migrationsList,
    optInToShadowDatabase: false,
    filters: NO_FILTERS,
  });
  const failed = failedMigrationNames[0];
  if (failed !== undefined) throw failedMigration(failed, undefined);
  if (history === null || history.diagnostic === 'databaseIsBehind') return;
  const unknown = history.unpersistedMigrationNames.join(', ');
  throw new AppError('MIGRATION_FAILED', `The database holds migrations that this release does not know: ${unknown}`, {
    hint: 'A newer release has used this database. Start that release, or use another database.',
  });
}

async function failedNames(engine: SchemaEngine, migrationsList: MigrationList): Promise<string[]> {
  const found = await engine.diagnoseMigrationHistory({
    migrationsList,
    optInToShadowDatabase: false,
    filters: NO_FILTERS,
  });
  return found.failedMigrationNames;
}

function failedMigration(name: string, cause: unknown): AppError {
  const reason = cause instanceof Error ? `:\n${cause.message}` : ' at an earlier start';
  return new AppError('MIGRATION_FAILED', `The migration ${name} failed${reason}`, {
    cause,
    hint: `It was rolled back whole and left nothing behind. Correct it (or what it met in the data), then run: npm run -s cairn -- migrate --retry ${name}`,
  });
}

async function readMigrations(baseDir: string): Promise<MigrationList> {
  const entries = await readdir(baseDir, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  const migrationDirectories = await Promise.all(
    names.sort().map(async (path) => {
      const content = await readFile(join(baseDir, path, 'migration.sql'), 'utf8');
      return { path, migrationFile: { path: 'migration.sql', content: { tag: 'ok' as const, value: content } } };
    }),
  );
  const lock = await readFile(join(baseDir, 'migration_lock.toml'), 'utf8').catch(() => null);
  return {
    baseDir,
    lockfile: { path: 'migration_lock.toml', content: lock },
    shadowDbInitScript: '',
    migrationDirectories,
  };
}

async function readSchema(folder: string): Promise<SchemaFile[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.prisma')).sort();
  return Promise.all(
    names.map(async (name) => ({
      path: relative(PROJECT_ROOT, join(folder, name)),
      content: await readFile(join(folder, name), 'utf8'),
    })),
  );
}
