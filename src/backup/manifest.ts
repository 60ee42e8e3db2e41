/** What a backup says of itself: enough to check every byte of it, and to know where it can be restored, before anything is written. */
import { readdir, readFile } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { AppError } from '../kernel/errors.ts';
import { hashBytes } from '../kernel/hash.ts';

/** A newer release may write another; an older one refuses what it cannot read. */
export const FORMAT = 1;

export const MANIFEST = 'manifest.json';
/** As `sha256sum --check` reads it. */
const MANIFEST_HASH = 'manifest.sha256';

export interface BackupFile {
  /** From the backup's folder, with slashes. */
  readonly path: string;
  readonly size: number;
  readonly sha256: string;
}

export interface Migration {
  readonly name: string;
  /** SHA-256 of its SQL. */
  readonly checksum: string;
}

/** Rows by table; a partitioned table stands for its partitions. */
export type RowCounts = Readonly<Record<string, number>>;

interface Common {
  readonly format: typeof FORMAT;
  /** ISO, UTC: when it was begun. */
  readonly createdAt: string;
  /** The release that wrote it. */
  readonly release: string;
  readonly database: DatabaseFacts;
  readonly migrations: readonly Migration[];
  readonly files: readonly BackupFile[];
}

export interface DatabaseFacts {
  /** Tells databases apart, so that one's old backups are never removed for another's new ones. */
  readonly id: string;
  readonly name: string;
  /** `18.4` */
  readonly version: string;
  /** What PostgreSQL says of its build. */
  readonly build: string;
}

/** The files of an embedded cluster and the log that makes them one state. */
export interface PhysicalManifest extends Common {
  readonly kind: 'physical';
  readonly cluster: {
    readonly major: string;
    /** `linux-x64`: the layout of pages depends on it. */
    readonly platform: string;
  };
  readonly wal: {
    readonly startLsn: string;
    readonly stopLsn: string;
    readonly timeline: number;
    readonly segmentSize: number;
    /** Every segment from start to stop, in order. */
    readonly segments: readonly string[];
  };
  /** Folders, also empty ones: PostgreSQL misses those that are not there. */
  readonly folders: readonly string[];
  readonly rows: RowCounts;
  /** Whether nothing was committed between the counts and the end of the backup: then the restored counts are the same. */
  readonly rowsExact: boolean;
}

export interface TableFile {
  readonly name: string;
  readonly file: string;
  readonly columns: readonly string[];
  readonly rows: number;
  /** Of the text that COPY gave, before compression: equal rows have equal hashes. */
  readonly contentSize: number;
  readonly contentSha256: string;
}

export interface Partition {
  readonly parent: string;
  readonly name: string;
  /** `FOR VALUES FROM ('…') TO ('…')` or `DEFAULT` */
  readonly bound: string;
}

export interface Sequence {
  readonly name: string;
  /** As text: a bigint. */
  readonly value: string;
  readonly isCalled: boolean;
}

/** The rows of every table on one snapshot, as text that any later PostgreSQL reads. */
export interface PortableManifest extends Common {
  readonly kind: 'portable';
  readonly tables: readonly TableFile[];
  readonly partitions: readonly Partition[];
  readonly sequences: readonly Sequence[];
}

export type Manifest = PhysicalManifest | PortableManifest;
export type BackupKind = Manifest['kind'];

/** The manifest's two files, as text by name. */
export function renderManifest(manifest: Manifest): Readonly<Record<string, string>> {
  const text = `${JSON.stringify(manifest, undefined, 1)}\n`;
  return { [MANIFEST]: text, [MANIFEST_HASH]: `${hashBytes(text)}  ${MANIFEST}\n` };
}

/**
 * Reads and checks the manifest of the backup in `folder`.
 * @throws AppError FILE_MISSING, FILE_CHANGED, FILE_MALFORMED
 */
export async function readManifest(folder: string): Promise<Manifest> {
  const [text, hash] = await Promise.all([read(folder, MANIFEST), read(folder, MANIFEST_HASH)]);
  if (hash.slice(0, 64) !== hashBytes(text)) {
    throw new AppError('FILE_CHANGED', `${MANIFEST} is not what its hash in ${MANIFEST_HASH} says`, {
      path: join(folder, MANIFEST),
      hint: 'This backup was altered or damaged. Use another one.',
    });
  }
  const manifest: Manifest = JSON.parse(text);
  if (manifest.format !== FORMAT) {
    throw new AppError('FILE_MALFORMED', `The backup has format ${manifest.format}; this release reads ${FORMAT}`, {
      path: join(folder, MANIFEST),
      hint: `Restore it with the release that wrote it (${manifest.release}) or a later one.`,
    });
  }
  requireInside(folder, manifest);
  return manifest;
}

/** What a finished backup is called. */
const BACKUP = /^cairn-.*-(physical|portable)$/;
const EXAMPLE = 'backups/cairn-2026-01-31T03-00-00.000Z-physical';

async function read(folder: string, name: string): Promise<string> {
  try {
    return await readFile(join(folder, name), 'utf8');
  } catch (cause) {
    const held = await readdir(folder).catch(() => undefined);
    const newest = held
      ?.filter((entry) => BACKUP.test(entry))
      .sort()
      .at(-1);
    const isPart = folder.replace(/\/+$/, '').endsWith('.part');
    const isDamaged = held?.some((entry) => entry === MANIFEST || entry === MANIFEST_HASH) && !isPart;
    const words = isDamaged ? 'The backup in FOLDER is damaged: it has no' : 'FOLDER is no backup: it has no';
    const example = newest === undefined ? EXAMPLE : join(folder, newest);
    throw new AppError(
      'FILE_MISSING',
      held === undefined ? `There is no folder ${folder}` : `${words.replace('FOLDER', folder)} ${name}`,
      { cause, path: folder, hint: hintOf(isPart, isDamaged === true, example) },
    );
  }
}

function hintOf(isPart: boolean, isDamaged: boolean, example: string): string {
  if (isPart) return 'A backup was interrupted there. Name one that was finished.';
  if (isDamaged) return 'Use another backup, or bring this file back from a copy of this one. Nothing was written.';
  return `Name the folder of one backup, such as ${example}.`;
}

/** A path that leads out of the backup would make a restore read or write what is not the backup's. */
function requireInside(folder: string, manifest: Manifest): void {
  const folders = manifest.kind === 'physical' ? manifest.folders : [];
  for (const path of [...manifest.files.map((file) => file.path), ...folders]) {
    if (posix.normalize(path) === path && !path.startsWith('/') && !path.startsWith('..') && !path.includes('\\'))
      continue;
    throw new AppError('FILE_MALFORMED', `The manifest names "${path}", which is outside of the backup`, {
      path: join(folder, MANIFEST),
      hint: 'This backup was altered. Use another one.',
    });
  }
}
