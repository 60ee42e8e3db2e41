/**
 * A backup of the embedded cluster while it runs: PostgreSQL is told that one begins, its files are copied as they are, it is
 * told that the copy ended, and the write-ahead log from the one to the other mends what changed in between. All of it in one
 * session: should that end, so does the backup.
 */
import { mkdir, readFile, statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type pg from 'pg';
import { crashPoint } from '../../kernel/crash-point.ts';
import { syncFolder } from '../../kernel/durable.ts';
import { AppError } from '../../kernel/errors.ts';
import { copyFile, inParallel, SECRET_FOLDER, type Watch, writeFile } from '../durable.ts';
import type { BackupFile, PhysicalManifest, RowCounts } from '../manifest.ts';
import { countRows, readFacts, readMigrations, withOwner } from '../owner.ts';
import { CONTROL_FILE, listCluster } from './cluster-files.ts';
import { segmentNames } from './wal.ts';

/** The cluster's files, in a backup. */
export const CLUSTER = 'cluster';
/** The owner's password: the cluster knows only its hash, and the application's password follows from it. */
export const PASSWORD = 'password';

export interface PhysicalSource {
  readonly ownerUrl: string;
  /** PostgreSQL's data directory. */
  readonly data: string;
  /** The file of the owner's password. */
  readonly password: string;
}

type PhysicalFacts = Omit<PhysicalManifest, 'format' | 'createdAt' | 'release'>;

const WIDTH = 8;

/**
 * Copies the cluster into `folder`, an empty one; returns what the manifest says of it.
 * @throws AppError CONFIG_INVALID, INTERRUPTED, DATABASE_UNREACHABLE
 */
export async function takePhysical(source: PhysicalSource, folder: string, watch: Watch): Promise<PhysicalFacts> {
  return withOwner(source.ownerUrl, watch.signal, async (owner) => {
    await requireSpace(owner, folder);
    const copy = openCopy(source, folder, watch);
    // Ends with this session. Without it the server may remove a segment before it is copied.
    await owner.query("SELECT pg_create_physical_replication_slot('cairn_backup_' || pg_backend_pid(), true, true)");
    const startLsn = await ask(owner, "SELECT pg_backup_start('cairn', true)::text");
    crashPoint('backup.started');
    const folders = await copy.cluster();
    crashPoint('backup.copied');
    const counted = await countAtEnd(owner);
    const { rows: stopped } = await owner.query<{ lsn: string; label: string; map: string }>(
      'SELECT lsn::text, labelfile AS label, spcmapfile AS map FROM pg_backup_stop(false)',
    );
    const [stop = { lsn: '', label: '', map: '' }] = stopped;
    crashPoint('backup.stopped');
    await copy.text('backup_label', stop.label);
    if (stop.map !== '') await copy.text('tablespace_map', stop.map);
    const timeline = Number(await ask(owner, 'SELECT timeline_id::text FROM pg_control_checkpoint()'));
    const segmentSize = Number(
      await ask(owner, "SELECT setting FROM pg_settings WHERE name = 'wal_segment_size' AND unit = 'B'"),
    );
    const segments = segmentNames(timeline, segmentSize, startLsn, stop.lsn);
    await copy.segments(segments, timeline);
    await copy.password();
    await copy.sync(folders);
    const database = await readFacts(owner);
    return {
      kind: 'physical',
      database,
      migrations: await readMigrations(owner),
      cluster: { major: database.version.split('.')[0] ?? '', platform: thisPlatform() },
      wal: { startLsn, stopLsn: stop.lsn, timeline, segmentSize, segments },
      folders: folders.map((path) => `${CLUSTER}/${path}`),
      files: copy.files(),
      rows: counted.rows,
      rowsExact: (await ask(owner, SNAPSHOT)) === counted.snapshot,
    };
  });
}

/** `linux-x64`: a cluster's files are read by no other. */
export function thisPlatform(): string {
  return `${process.platform}-${process.arch}`;
}

/** A disk that the copy fills may be the one that the server itself writes to: it is refused before. */
async function requireSpace(owner: pg.Client, folder: string): Promise<void> {
  const needed = Number(await ask(owner, 'SELECT sum(pg_database_size(oid))::text FROM pg_database'));
  const { bavail, bsize } = await statfs(folder);
  if (bavail * bsize > needed) return;
  const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;
  throw new AppError(
    'CONFIG_INVALID',
    `The backup needs ${megabytes(needed)}, and the disk of ${dirname(folder)} has ${megabytes(bavail * bsize)} left`,
    {
      path: folder,
      hint: 'Free some, name a folder on another disk, or add --portable, which takes a fraction of it.',
    },
  );
}

/** Names every transaction that had ended; the same text later means that none has ended since. */
const SNAPSHOT = 'SELECT pg_current_snapshot()::text';

async function countAtEnd(owner: pg.Client): Promise<{ rows: RowCounts; snapshot: string }> {
  await owner.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
  const snapshot = await ask(owner, SNAPSHOT);
  const rows = await countRows(owner);
  await owner.query('COMMIT');
  return { rows, snapshot };
}

async function ask(owner: pg.Client, sql: string): Promise<string> {
  const { rows } = await owner.query<[string]>({ text: sql, rowMode: 'array' });
  return rows[0]?.[0] ?? '';
}

interface Copy {
  /** Everything but the log; returns the folders made. */
  readonly cluster: () => Promise<readonly string[]>;
  readonly text: (path: string, text: string) => Promise<void>;
  readonly segments: (names: readonly string[], timeline: number) => Promise<void>;
  readonly password: () => Promise<void>;
  readonly sync: (folders: readonly string[]) => Promise<void>;
  readonly files: () => BackupFile[];
}

function openCopy({ data, password }: PhysicalSource, folder: string, watch: Watch): Copy {
  const target = join(folder, CLUSTER);
  const written: BackupFile[] = [];
  const copyOne = async (path: string): Promise<boolean> => {
    const found = await copyFile(join(data, path), join(target, path), watch);
    if (found !== undefined) written.push({ path: `${CLUSTER}/${path}`, ...found });
    return found !== undefined;
  };
  const text = async (path: string, content: string | Uint8Array): Promise<void> => {
    const found = await writeFile(join(target, path), [Buffer.from(content)], watch);
    written.push({ path: `${CLUSTER}/${path}`, ...found });
  };
  return {
    cluster: async () => {
      const { folders, files } = await listCluster(data);
      await mkdir(target, { mode: SECRET_FOLDER });
      for (const path of folders) await mkdir(join(target, path), { mode: SECRET_FOLDER });
      // A file that is gone was dropped while the backup ran; the log tells of it.
      await inParallel(files, WIDTH, async (path) => void (await copyOne(path)));
      await text(CONTROL_FILE, await readSteadily(join(data, CONTROL_FILE)));
      return folders;
    },
    text,
    segments: async (names, timeline) => {
      const history = `pg_wal/${names[0]?.slice(0, 8)}.history`;
      if (timeline > 1) await copyOne(history);
      for (const name of names) if (!(await copyOne(`pg_wal/${name}`))) throw missingSegment(name);
    },
    password: async () => {
      const found = await copyFile(password, join(folder, PASSWORD), watch);
      if (found !== undefined) written.push({ path: PASSWORD, ...found });
    },
    sync: (folders) =>
      inParallel([...folders.map((path) => join(target, path)), target, dirname(target)], WIDTH, syncFolder),
    files: () => written.toSorted((a, b) => (a.path < b.path ? -1 : 1)),
  };
}

/** The server may be writing this file: what two reads agree on is whole. */
async function readSteadily(path: string): Promise<Buffer> {
  for (let last = await readFile(path); ; ) {
    const next = await readFile(path);
    if (next.equals(last)) return next;
    last = next;
  }
}

function missingSegment(name: string): AppError {
  return new AppError('INTERNAL', `The server removed the log segment ${name} before it was copied`, {
    hint: 'Take the backup again, at a time when less is written.',
  });
}
