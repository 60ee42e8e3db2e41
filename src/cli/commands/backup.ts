/** `cairn backup`: everything that the database holds, while it is in use, as a folder that `cairn restore` takes. */
import { resolve } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { type BackupSource, type Manifest, takeBackup } from '../../backup/take.ts';
import { verifyBackup } from '../../backup/verify.ts';
import { findHome } from '../../database/embedded/placement.ts';
import { openEmbedded } from '../../database/embedded/server.ts';
import { armCrashPoints } from '../../kernel/crash-point.ts';
import { AppError } from '../../kernel/errors.ts';
import { readVersion } from '../../server/health.ts';
import { showBytes, size } from '../byte-progress.ts';
import type { CommandContext } from '../context.ts';
import { rowsInWords, rowsTable } from '../row-counts.ts';
import { plural } from '../table.ts';
import type { Terminal } from '../terminal.ts';

interface Options {
  readonly portable?: boolean;
  readonly keep?: number;
  readonly verify?: boolean;
  readonly tables?: boolean;
  readonly json?: boolean;
}

export function backupCommand(context: CommandContext): Command {
  return new Command('backup')
    .summary('back up the database while it is in use')
    .description(
      [
        'Writes a new folder below the one named. Of the embedded server it holds the files of the cluster and the log that makes them one state; of a server of your own, or with --portable, the rows of every table on one snapshot, which any later release and PostgreSQL restores. A folder whose name ends in .part is no backup.',
        'A backup holds secrets: the hashes of tokens and sessions and, of the embedded server, its owner’s password. It is readable for this user alone; keep it so. Not part of it are the files that were imported, what still waits in inbox/, exports and uploads in files/, and the keys that seal secrets (CAIRN_KEYS, or sealing-keys in the data folder): keep copies of those.',
      ].join('\n\n'),
    )
    .argument('<folder>', 'where backups are kept; with --verify, one backup')
    .option('--portable', 'rows instead of files: for another machine, another server or a newer PostgreSQL')
    .option('--keep <number>', 'remove all but so many backups of this database and kind', readKeep)
    .option('--verify', 'check every byte of a backup and write nothing')
    .option('--tables', 'tell the rows of each table')
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      `
Examples:
  npm run -s cairn -- backup /backups --keep 7
  npm run -s cairn -- backup /backups --portable
  npm run -s cairn -- backup /backups/cairn-2026-01-31T03-00-00.000Z-physical --verify

Exit code: 0 done, 2 nothing was written, or the backup is damaged.`,
    )
    .action(async (given: string, options: Options) => {
      armCrashPoints(context.settings().crash);
      const folder = resolve(context.folder, given);
      if (options.verify) await verify(context, folder, options);
      else await take(context, folder, options);
      context.finish(0);
    });
}

function readKeep(text: string): number {
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It must be a whole number, at least 1.');
}

async function verify({ terminal, interruption }: CommandContext, folder: string, options: Options): Promise<void> {
  const progress = showBytes(terminal, 'checked');
  const manifest = await verifyBackup(folder, { signal: interruption.signal, ...progress }).finally(progress.close);
  if (options.json) terminal.print(JSON.stringify({ folder, ...summary(manifest) }));
  else terminal.print([folder, `is whole: ${contents(manifest)}`, ...tables(terminal, manifest, options)].join('\n'));
}

async function take(context: CommandContext, destination: string, options: Options): Promise<void> {
  const { terminal, interruption } = context;
  const { source, release } = await openSource(context, options.portable === true);
  try {
    interruption.throwIfInterrupted();
    const progress = showBytes(terminal, 'copied');
    const { folder, manifest, removed } = await takeBackup(source, {
      destination,
      release: readVersion(),
      log: context.openLog('command'),
      keep: options.keep,
      signal: interruption.signal,
      ...progress,
    }).finally(progress.close);
    const words = [
      folder,
      `holds ${contents(manifest)}`,
      ...tables(terminal, manifest, options),
      ...removed.map((old) => `removed ${old}`),
      `Restore it: npm run -s cairn -- restore ${folder} --into NEW_FOLDER`,
    ];
    terminal.print(options.json ? JSON.stringify({ folder, ...summary(manifest), removed }) : words.join('\n'));
  } finally {
    await release();
  }
}

interface OpenSource {
  readonly source: BackupSource;
  readonly release: () => Promise<void>;
}

/** The database as it is: a backup taken before an upgrade must not upgrade it. */
async function openSource(context: CommandContext, portable: boolean): Promise<OpenSource> {
  const { databaseUrl, dataDir } = context.settings();
  if (databaseUrl !== undefined) {
    return { source: { kind: 'portable', ownerUrl: databaseUrl }, release: async () => undefined };
  }
  const home = await findHome(dataDir);
  if (home === undefined) {
    throw new AppError('DATA_DIR_INVALID', `There is no database in ${dataDir}`, {
      path: dataDir,
      hint: 'Set CAIRN_DATA_DIR to the data folder, or DATABASE_URL to the server, that is to be backed up.',
    });
  }
  const { ownerUrl, release } = await openEmbedded(dataDir, context.openLog('command'));
  const { data, password } = home;
  return {
    source: portable ? { kind: 'portable', ownerUrl } : { kind: 'physical', ownerUrl, data, password },
    release,
  };
}

/** As the restore of it tells them. */
function contents(manifest: Manifest): string {
  const { files, createdAt } = manifest;
  return `${rowsInWords(rowsOf(manifest))}, as of ${createdAt} (${plural(files.length, 'file')}, ${size(bytesOf(manifest))})`;
}

const tables = (terminal: Terminal, manifest: Manifest, options: Options): string[] =>
  options.tables ? [rowsTable(terminal, rowsOf(manifest))] : [];

function summary(manifest: Manifest) {
  const { kind, createdAt, release, database, files } = manifest;
  const migration = manifest.migrations.at(-1)?.name ?? null;
  return {
    kind,
    createdAt,
    release,
    postgresql: database.version,
    migration,
    files: files.length,
    bytes: bytesOf(manifest),
    rows: rowsOf(manifest),
  };
}

function rowsOf(manifest: Manifest): Readonly<Record<string, number>> {
  return manifest.kind === 'physical'
    ? manifest.rows
    : Object.fromEntries(manifest.tables.map(({ name, rows }) => [name, rows]));
}

function bytesOf({ files }: Manifest): number {
  return files.reduce((sum, file) => sum + file.size, 0);
}
