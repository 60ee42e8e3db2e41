/** `cairn restore`: a backup into an empty data folder or database, checked before, while and after. */
import { resolve } from 'node:path';
import { Command } from 'commander';
import { type RestoredBackup, type RestoreTarget, restoreBackup } from '../../backup/restore.ts';
import { openDatabase } from '../../database/connect.ts';
import { sweepImports } from '../../ingest/journal.ts';
import { showBytes } from '../byte-progress.ts';
import type { CommandContext } from '../context.ts';
import { count, plural } from '../table.ts';

interface Options {
  readonly into?: string;
  readonly json?: boolean;
}

export function restoreCommand(context: CommandContext): Command {
  return new Command('restore')
    .summary('restore a backup into an empty data folder or database')
    .description(
      `Checks every byte of a backup, puts it into the data folder or database of the settings, which must be empty, and compares
what is there then with what was backed up. A portable backup of an older release is migrated on.`,
    )
    .argument('<backup>', 'the folder that cairn backup named')
    .option('--into <dir>', 'a new data folder for the embedded server, instead of the settings’ own')
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      `
Examples:
  npm run -s cairn -- restore /backups/cairn-2026-01-31T03-00-00.000Z-physical --into ./restored
  CAIRN_DATA_DIR=./restored npm start
  DATABASE_URL=postgresql://… npm run -s cairn -- restore /backups/cairn-2026-01-31T03-00-00.000Z-portable

A newer PostgreSQL: with the old release, backup --portable; with the new one, restore --into a new folder.

Exit code: 0 restored, 1 restored but for tables that no migration makes, 2 nothing was restored.`,
    )
    .action(async (given: string, { into, json }: Options) => {
      const target = targetOf(context, into);
      const { interruption, terminal } = context;
      const progress = showBytes(terminal, 'restored');
      const log = context.openLog('command');
      const restored = await restoreBackup(resolve(context.folder, given), {
        target,
        log,
        signal: interruption.signal,
        ...progress,
      }).finally(progress.close);
      const finished = await finish(context, target);
      terminal.print(
        json
          ? JSON.stringify(asJson(target, restored, finished))
          : describe(target, restored, finished, context.settings().dataDir),
      );
      context.finish(restored.leftOut.length > 0 ? 1 : 0);
    });
}

function targetOf(context: CommandContext, into: string | undefined): RestoreTarget {
  if (into !== undefined) return { dataDir: resolve(context.folder, into) };
  const { databaseUrl, dataDir } = context.settings();
  return databaseUrl === undefined ? { dataDir } : { databaseUrl };
}

interface Finished {
  /** Migrations applied to what was restored. */
  readonly applied: readonly string[];
  /** Imports that ran while the backup was taken: nothing of them is in it. */
  readonly ended: number;
}

/** Opens what was restored as every command does, which migrates it on, and ends the lines of imports that nobody runs any more. */
async function finish(context: CommandContext, target: RestoreTarget): Promise<Finished> {
  const config =
    'dataDir' in target
      ? { dataDir: target.dataDir, databaseUrl: undefined }
      : { ...context.settings(), databaseUrl: target.databaseUrl };
  const database = await openDatabase(config, context.openLog('command'));
  try {
    return { applied: database.applied, ended: await sweepImports(database.write, 0) };
  } finally {
    await database.close();
  }
}

function placeOf(target: RestoreTarget): string {
  return 'dataDir' in target
    ? target.dataDir
    : `the database "${decodeURIComponent(new URL(target.databaseUrl).pathname.slice(1))}"`;
}

function describe(target: RestoreTarget, restored: RestoredBackup, finished: Finished, dataDir: string): string {
  const { rows, leftOut, manifest } = restored;
  const applied = [...restored.migratedOn, ...finished.applied];
  const total = Object.values(rows).reduce((sum, found) => sum + found, 0);
  const lines = [
    `Restored into ${placeOf(target)}: ${count(total)} rows of ${plural(Object.keys(rows).length, 'table')}, as of ${manifest.createdAt}.`,
  ];
  for (const name of applied) lines.push(`applied ${name}`);
  if (finished.ended > 0) {
    const imports = plural(finished.ended, 'import');
    lines.push(`${imports} ran while the backup was taken: nothing of them is in it. Import their files again.`);
  }
  if (leftOut.length > 0) {
    lines.push(`Left out, since no migration makes them: ${leftOut.join(', ')}. Their rows are in the backup.`);
  }
  if ('dataDir' in target && target.dataDir !== dataDir)
    lines.push(`Serve it: CAIRN_DATA_DIR=${target.dataDir} npm start`);
  return lines.join('\n');
}

function asJson(target: RestoreTarget, { manifest, rows, migratedOn, leftOut }: RestoredBackup, finished: Finished) {
  return {
    into: 'dataDir' in target ? target.dataDir : new URL(target.databaseUrl).pathname.slice(1),
    kind: manifest.kind,
    createdAt: manifest.createdAt,
    rows,
    applied: [...migratedOn, ...finished.applied],
    endedImports: finished.ended,
    leftOut,
  };
}
