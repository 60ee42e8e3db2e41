/** `cairn rejects`: the records that did not pass, on the screen or as files. */
import { resolve } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { datasetNamed } from '../../ingest/match.ts';
import type { Ingest } from '../../ingest/run.ts';
import { type CommandContext, withHouse } from '../context.ts';
import { exportRejects, REASONS_FILE } from '../reject-export.ts';
import {
  countRejects,
  type ListedReject,
  listRejects,
  REJECT_STATUSES,
  type RejectChoice,
  rejectJson,
} from '../reject-list.ts';
import { plural, renderTable } from '../table.ts';

interface ListOptions extends RejectChoice {
  readonly limit: number;
  readonly json?: boolean;
}

interface ExportOptions extends RejectChoice {
  readonly to: string;
  readonly json?: boolean;
}

export function rejectsCommand(context: CommandContext): Command {
  return new Command('rejects')
    .summary('list and export the records that did not pass')
    .description('The records that did not pass, kept with their original bytes until someone fixes or drops them.')
    .addHelpText(
      'after',
      `
Examples:
  npm run -s cairn -- rejects list --dataset videos
  npm run -s cairn -- rejects list --json --limit 1000
  npm run -s cairn -- rejects export --to /tmp/rejects`,
    )
    .addCommand(list(context), { isDefault: true })
    .addCommand(exporting(context));
}

function list(context: CommandContext): Command {
  return choosing(new Command('list'))
    .description('Lists rejects: by default the open ones.')
    .option('--limit <number>', 'at most so many', readLimit, 100)
    .option('--json', 'print one JSON object, with the original text of each')
    .action(({ limit, json, ...choice }: ListOptions) =>
      withHouse(context, async ({ database, ingest }) => {
        const { actor, terminal } = context;
        requireDataset(ingest, choice);
        const total = await countRejects(database, actor, choice);
        const found = await listRejects(database, actor, choice, limit);
        terminal.print(json ? JSON.stringify({ rejects: found.map(rejectJson), total }) : table(context, found, total));
        context.finish(0);
      }),
    );
}

function exporting(context: CommandContext): Command {
  return choosing(new Command('export'))
    .description(
      'Writes the original bytes of rejects to files, one per file they came from, and their reasons to a CSV.',
    )
    .requiredOption('--to <dir>', 'an empty or new folder')
    .option('--json', 'print one JSON object')
    .action(({ to, json, ...choice }: ExportOptions) =>
      withHouse(context, async ({ database, ingest }) => {
        const folder = resolve(context.folder, to);
        requireDataset(ingest, choice);
        const exported = await exportRejects(database, context.actor, choice, folder);
        const words = `${plural(exported.rejects, 'reject')} in ${plural(exported.files.length, 'file')} under ${folder}; why: ${REASONS_FILE}`;
        context.terminal.print(json ? JSON.stringify({ folder, ...exported }) : words);
        context.finish(0);
      }),
    );
}

function choosing(command: Command): Command {
  return command
    .option('--dataset <name>', 'only of this dataset')
    .option('--import <id>', 'only of this import')
    .addOption(new Option('--status <status>', 'only these').choices(REJECT_STATUSES).default('open'));
}

function requireDataset(ingest: Ingest, { dataset }: RejectChoice): void {
  if (dataset !== undefined) datasetNamed(ingest, dataset);
}

function readLimit(text: string): number {
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Write a number from 1 to 999999.');
}

function table({ terminal }: CommandContext, rejects: readonly ListedReject[], total: number): string {
  if (rejects.length === 0) return 'No rejects.';
  const rows = rejects.flatMap(({ dataset, path, line, errors }) =>
    errors.map(({ field, code, message }) => [
      dataset,
      `${path}:${line}`,
      field,
      terminal.style('yellow', code),
      message,
    ]),
  );
  const columns = ['dataset', 'file:line', 'field', 'code', 'reason'].map((head) => ({ head }));
  const next = rejects.some(({ status }) => status === 'open')
    ? [
        'Correct them in their files and import those again; as files: npm run -s cairn -- rejects export --to NEW_FOLDER',
      ]
    : [];
  return [renderTable(terminal, columns, rows), '', `${rejects.length} of ${plural(total, 'reject')}`, ...next].join(
    '\n',
  );
}
