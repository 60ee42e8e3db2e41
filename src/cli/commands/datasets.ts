/** `cairn datasets`: what can be imported, from which files, and what came of it so far. */
import { Command } from 'commander';
import { type CommandContext, withHouse } from '../context.ts';
import { type DatasetFigures, datasetFigures } from '../dataset-figures.ts';
import { count, renderTable } from '../table.ts';

export function datasetsCommand(context: CommandContext): Command {
  return new Command('datasets')
    .summary('list what can be imported')
    .description('Lists the datasets: the files they claim, and what was taken in so far.')
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      `
Examples:
  npm run -s cairn -- datasets
  npm run -s cairn -- datasets --json`,
    )
    .action((options: { readonly json?: boolean }) =>
      withHouse(context, async ({ ingest }) => {
        const { terminal } = context;
        const figures = await datasetFigures(ingest, context.actor);
        terminal.print(options.json ? JSON.stringify({ datasets: figures }) : table(context, figures));
        context.finish(0);
      }),
    );
}

function table({ terminal }: CommandContext, figures: readonly DatasetFigures[]): string {
  const columns = [
    { head: 'dataset' },
    { head: 'table' },
    { head: 'rows', align: 'right' as const },
    { head: 'open rejects', align: 'right' as const },
    { head: 'last import (UTC)' },
    { head: 'files' },
  ];
  const rows = figures.flatMap(({ name, table, rows, openRejects, lastImport, files }) =>
    files.map((pattern, index) =>
      index === 0
        ? [name, table, count(rows), count(openRejects), lastImport?.slice(0, 16).replace('T', ' ') ?? 'never', pattern]
        : ['', '', '', '', '', pattern],
    ),
  );
  return renderTable(terminal, columns, rows);
}
