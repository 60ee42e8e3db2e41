/** `cairn restore`: a backup into an empty data folder or database, checked before, while and after. */
import { resolve } from 'node:path';
import { Command } from 'commander';
import { type RestoreTarget, restoreBackup } from '../../backup/restore.ts';
import { armCrashPoints } from '../../kernel/crash-point.ts';
import { showBytes } from '../byte-progress.ts';
import type { CommandContext } from '../context.ts';
import { restoreJson, restoreReport } from '../restore-report.ts';
import { finishRestore } from '../restored.ts';

interface Options {
  readonly into?: string;
  readonly quick?: boolean;
  readonly tables?: boolean;
  readonly json?: boolean;
}

export function restoreCommand(context: CommandContext): Command {
  return new Command('restore')
    .summary('restore a backup into an empty data folder or database')
    .description(
      'Checks every byte of a backup, puts it into the data folder or database of the settings, which must be empty, counts what is there then, and checks what cairn doctor --deep does. A portable backup of an older release is migrated on.',
    )
    .argument('<backup>', 'the folder that cairn backup named')
    .option('--into <dir>', 'a new data folder for the embedded server, instead of the settings’ own')
    .option('--quick', 'leave out what cairn doctor --deep checks: minutes on a large database')
    .option('--tables', 'tell the rows of each table')
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      `
Examples:
  npm run -s cairn -- restore /backups/cairn-2026-01-31T03-00-00.000Z-physical --into ./restored
  CAIRN_DATA_DIR=./restored npm start
  DATABASE_URL=postgresql://… npm run -s cairn -- restore /backups/cairn-2026-01-31T03-00-00.000Z-portable

No backup holds files/ and sealing-keys of a data folder: copy them from the former into the new one.

A newer PostgreSQL: with the old release, backup --portable; with the new one, restore --into a new folder.

Exit code: 0 restored, 1 restored, but something was left out or does not hold, 2 nothing was restored.`,
    )
    .action(async (given: string, { into, quick = false, tables = false, json }: Options) => {
      armCrashPoints(context.settings().crash);
      const target = targetOf(context, into);
      const { interruption, terminal } = context;
      const progress = showBytes(terminal, 'restored');
      const log = context.openLog('command');
      const { signal } = interruption;
      const restored = await restoreBackup(resolve(context.folder, given), {
        target,
        log,
        signal,
        ...progress,
      }).finally(progress.close);
      const finished = await finishRestore(context, target, !quick);
      const done = { target, restored, finished };
      terminal.print(
        json ? restoreJson(done) : restoreReport(terminal, done, { tables, settings: context.settings() }),
      );
      context.finish(restored.leftOut.length + (finished.faults?.length ?? 0) > 0 ? 1 : 0);
    });
}

function targetOf(context: CommandContext, into: string | undefined): RestoreTarget {
  if (into !== undefined) return { dataDir: resolve(context.folder, into) };
  const { databaseUrl, dataDir } = context.settings();
  return databaseUrl === undefined ? { dataDir } : { databaseUrl };
}
