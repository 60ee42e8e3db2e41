/** `cairn restore`: a backup into an empty data folder or database, checked before, while and after. */
import { resolve } from 'node:path';
import { Command } from 'commander';
import { type RestoredBackup, type RestoreTarget, restoreBackup } from '../../backup/restore.ts';
import { armCrashPoints } from '../../kernel/crash-point.ts';
import { showBytes } from '../byte-progress.ts';
import type { CommandContext } from '../context.ts';
import { type Finished, finishRestore } from '../restored.ts';
import { count, plural } from '../table.ts';

interface Options {
  readonly into?: string;
  readonly quick?: boolean;
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
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      `
Examples:
  npm run -s cairn -- restore /backups/cairn-2026-01-31T03-00-00.000Z-physical --into ./restored
  CAIRN_DATA_DIR=./restored npm start
  DATABASE_URL=postgresql://… npm run -s cairn -- restore /backups/cairn-2026-01-31T03-00-00.000Z-portable

A newer PostgreSQL: with the old release, backup --portable; with the new one, restore --into a new folder.

Exit code: 0 restored, 1 restored, but something was left out or does not hold, 2 nothing was restored.`,
    )
    .action(async (given: string, { into, quick = false, json }: Options) => {
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
      terminal.print(json ? asJson(target, restored, finished) : describe(context, target, restored, finished));
      context.finish(restored.leftOut.length + (finished.faults?.length ?? 0) > 0 ? 1 : 0);
    });
}

function targetOf(context: CommandContext, into: string | undefined): RestoreTarget {
  if (into !== undefined) return { dataDir: resolve(context.folder, into) };
  const { databaseUrl, dataDir } = context.settings();
  return databaseUrl === undefined ? { dataDir } : { databaseUrl };
}

function describe(
  context: CommandContext,
  target: RestoreTarget,
  restored: RestoredBackup,
  finished: Finished,
): string {
  const { rows, leftOut, manifest } = restored;
  const total = Object.values(rows).reduce((sum, found) => sum + found, 0);
  const tables = plural(Object.keys(rows).length, 'table');
  const lines = [`Restored into ${placeOf(target)}: ${count(total)} rows of ${tables}, as of ${manifest.createdAt}.`];
  for (const name of [...restored.migratedOn, ...finished.applied]) lines.push(`applied ${name}`);
  if (finished.endedImports > 0) {
    const imports = plural(finished.endedImports, 'import');
    lines.push(`${imports} ran while the backup was taken: nothing of them is in it. Import their files again.`);
  }
  if (leftOut.length > 0) {
    lines.push(`Left out, since no migration makes them: ${leftOut.join(', ')}. Their rows are in the backup.`);
  }
  for (const { check, found, advice } of finished.faults ?? []) lines.push(`${check}: ${found}`, advice ?? '');
  const isElsewhere = 'dataDir' in target && target.dataDir !== context.settings().dataDir;
  if (isElsewhere) lines.push(`Serve it: CAIRN_DATA_DIR=${target.dataDir} npm start`);
  return lines.join('\n');
}

/** Without the password that stands in an address. */
function placeOf(target: RestoreTarget): string {
  if ('dataDir' in target) return target.dataDir;
  const { host, pathname } = new URL(target.databaseUrl);
  return host + decodeURIComponent(pathname);
}

function asJson(target: RestoreTarget, restored: RestoredBackup, finished: Finished): string {
  const { manifest, rows, migratedOn, leftOut } = restored;
  return JSON.stringify({
    into: placeOf(target),
    kind: manifest.kind,
    createdAt: manifest.createdAt,
    rows,
    applied: [...migratedOn, ...finished.applied],
    endedImports: finished.endedImports,
    leftOut,
    ...(finished.faults !== undefined && { faults: finished.faults }),
  });
}
