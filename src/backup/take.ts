/** Takes a backup: a finished folder with a manifest that says what is in it, or nothing. */
import { join } from 'node:path';
import { crashPoint } from '../kernel/crash-point.ts';
import type { Log } from '../kernel/log.ts';
import { type Watch, writeFile } from './durable.ts';
import { backupName, fillBackup, removeOld } from './folder.ts';
import { type BackupKind, FORMAT, type Manifest, renderManifest } from './manifest.ts';
import { type PhysicalSource, takePhysical } from './physical/take.ts';
import { takePortable } from './portable/take.ts';

/** What is backed up: an embedded cluster as files, or any database through its server. */
export type BackupSource =
  | ({ readonly kind: 'physical' } & PhysicalSource)
  | { readonly kind: 'portable'; readonly ownerUrl: string };

export interface TakeOptions extends Watch {
  /** The folder that backups are kept in; made if absent. */
  readonly destination: string;
  /** The version of this program. */
  readonly release: string;
  readonly log: Log;
  /** Keeps so many backups of this kind and database and removes the older ones. Undefined: all. */
  readonly keep?: number | undefined;
}

export interface TakenBackup {
  readonly folder: string;
  readonly manifest: Manifest;
  readonly bytes: number;
  readonly removed: readonly string[];
}

/**
 * Takes a backup of `source` while it is in use.
 * @throws AppError CONFLICT, CONFIG_INVALID, INTERRUPTED, DATABASE_UNREACHABLE
 */
export async function takeBackup(source: BackupSource, options: TakeOptions): Promise<TakenBackup> {
  const { destination, release, log, keep } = options;
  const createdAt = new Date();
  const written: Manifest[] = [];
  const folder = await fillBackup(destination, backupName(createdAt, source.kind), async (unfinished) => {
    const facts = await fill(source, unfinished, options);
    const manifest = { format: FORMAT, createdAt: createdAt.toISOString(), release, ...facts } as const;
    for (const [name, text] of Object.entries(renderManifest(manifest))) {
      await writeFile(join(unfinished, name), [Buffer.from(text)], options);
    }
    written.push(manifest);
    crashPoint('backup.written');
  });
  const [manifest] = written;
  if (manifest === undefined) throw new Error('A backup without a manifest was finished');
  const removed = keep === undefined ? [] : await removeOld(destination, manifest, keep);
  const bytes = manifest.files.reduce((sum, file) => sum + file.size, 0);
  log.info({ folder, bytes, removed }, 'backup taken');
  return { folder, manifest, bytes, removed };
}

function fill(source: BackupSource, folder: string, watch: Watch) {
  return source.kind === 'physical'
    ? takePhysical(source, folder, watch)
    : takePortable(source.ownerUrl, folder, watch);
}

export type { BackupKind, Manifest };
