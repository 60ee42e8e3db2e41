/** `cairn import`: files and folders in, a table of what happened out. */
import { Command } from 'commander';
import { UNREADABLE } from '../../ingest/walk.ts';
import { type CommandContext, type ExitCode, withHouse } from '../context.ts';
import { firstRejects, SHOWN_REJECTS } from '../first-rejects.ts';
import { groupPaths } from '../import-paths.ts';
import { importJson, importReport } from '../import-report.ts';
import { type ImportOutcome, runImport } from '../run-import.ts';

interface Options {
  readonly dataset?: string;
  readonly root?: string;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

export function importCommand(context: CommandContext): Command {
  return new Command('import')
    .summary('take files and folders in')
    .description('Takes files and folders in. What did not change since its last import is left alone.')
    .argument('<path...>', 'files and folders')
    .option('--dataset <name>', 'files: take them into this dataset; folders: only its files')
    .option('--root <dir>', 'keep paths relative to this folder (default: the folder given, or the file’s own)')
    .option('--dry-run', 'show what would happen and write nothing')
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      `
Examples:
  npm run -s cairn -- import samples
  npm run -s cairn -- import ~/team/00_SEARCH_QUEUE --root ~/team --dry-run
  npm run -s cairn -- import people.csv --dataset employees --json

Exit code: 0 all taken in, 1 some records were rejected or some file failed, 2 nothing could be done.`,
    )
    .action(async (paths: string[], options: Options) => {
      const groups = await groupPaths(context.folder, paths, options.root);
      await withHouse(context, async ({ ingest }) => {
        const outcome = await runImport(context, ingest, groups, options);
        const { terminal, actor } = context;
        if (options.json) terminal.print(importJson(outcome));
        else {
          const rejects = await firstRejects(ingest, actor, outcome, SHOWN_REJECTS);
          terminal.print(importReport(terminal, outcome, rejects));
        }
        context.finish(exitCodeOf(outcome));
      });
    });
}

function exitCodeOf({ imports, refused, skipped, totals }: ImportOutcome): ExitCode {
  if (imports.length === 0 && refused.length > 0) return 2;
  const failed = imports.some(({ status }) => status === 'failed');
  // What lies in a folder that nobody may read was not taken in, whatever it is.
  const isUnread = skipped.some(({ reason }) => reason === UNREADABLE);
  return failed || isUnread || totals.rejected > 0 || refused.length > 0 ? 1 : 0;
}
