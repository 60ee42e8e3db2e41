/** Restores a backup into a place that is empty, and proves that what is there then is what was backed up. */
import { type EmbeddedOptions, openEmbedded } from '../database/embedded/server.ts';
import { AppError } from '../kernel/errors.ts';
import type { Log } from '../kernel/log.ts';
import type { Watch } from './durable.ts';
import type { Manifest, PhysicalManifest, PortableManifest, RowCounts } from './manifest.ts';
import { readManifest } from './manifest.ts';
import { restorePhysical } from './physical/restore.ts';
import { restorePortable } from './portable/restore.ts';
import { verifyBackup } from './verify.ts';

/** A server of the user's own, by its owner's address, or a data folder for the embedded one. */
export type RestoreTarget = { readonly databaseUrl: string } | { readonly dataDir: string };

export interface RestoreOptions extends Watch {
  readonly target: RestoreTarget;
  readonly log: Log;
  readonly embedded?: EmbeddedOptions;
  readonly migrations?: string;
}

export interface RestoredBackup {
  readonly manifest: Manifest;
  readonly rows: RowCounts;
  readonly migratedOn: readonly string[];
  /** Tables and sequences of the backup that no migration makes: their rows were not restored. */
  readonly leftOut: readonly string[];
}

/**
 * Restores the backup in `folder`. Every file is checked against the manifest before anything starts to work with it.
 * @throws AppError FILE_MISSING, FILE_CHANGED, FILE_MALFORMED, CONFLICT, DATA_DIR_VERSION, MIGRATION_FAILED, BAD_USER_INPUT, INTERRUPTED
 */
export async function restoreBackup(folder: string, options: RestoreOptions): Promise<RestoredBackup> {
  const manifest = await readManifest(folder);
  const restored =
    manifest.kind === 'physical'
      ? await restoreFiles(folder, manifest, options)
      : await restoreRows(folder, manifest, options);
  options.log.info({ folder, rows: restored.rows }, 'backup restored');
  return { manifest, ...restored };
}

async function restoreFiles(folder: string, manifest: PhysicalManifest, { target, ...options }: RestoreOptions) {
  if (!('dataDir' in target)) {
    throw new AppError(
      'BAD_USER_INPUT',
      'This backup holds the files of an embedded server, not rows for another one',
      {
        hint: 'Restore it into a data folder with --into; a backup taken with --portable goes into any server.',
      },
    );
  }
  const rows = await restorePhysical(folder, manifest, { dataDir: target.dataDir, ...options });
  return { rows, migratedOn: [], leftOut: [] };
}

async function restoreRows(
  folder: string,
  manifest: PortableManifest,
  { target, log, embedded, ...options }: RestoreOptions,
) {
  await verifyBackup(folder, { signal: options.signal });
  if ('databaseUrl' in target) return restorePortable(folder, manifest, { ownerUrl: target.databaseUrl, ...options });
  const server = await openEmbedded(target.dataDir, log, embedded);
  try {
    return await restorePortable(folder, manifest, { ownerUrl: server.ownerUrl, ...options });
  } finally {
    await server.release();
  }
}
