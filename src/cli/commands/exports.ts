/** `cairn exports`: what can be exported under a name. */
import { Command } from 'commander';
import { listSaved } from '../../exports/saved.ts';
import type { CommandContext } from '../context.ts';
import { withExports } from '../export-house.ts';
import { renderTable } from '../table.ts';

export function exportsCommand(context: CommandContext): Command {
  return new Command('exports')
    .summary('list exports that have a name')
    .description(
      'Lists exports that have a name: those that come with Cairn, the hub’s own, and those that somebody shares with everybody.',
    )
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      `
Examples:
  npm run -s cairn -- exports
  npm run -s cairn -- export researches_latest --to ~/out`,
    )
    .action(({ json }: { readonly json?: boolean }) =>
      withExports(context, async ({ context: asker, exporter }) => {
        const saved = await listSaved(asker, await exporter.catalogue());
        const { terminal } = context;
        if (json) terminal.print(JSON.stringify({ exports: saved }));
        else {
          const rows = saved.map(({ name, source, format, owner, isShared, description }) => [
            name,
            source,
            format,
            owner ?? '',
            isShared ? 'everybody' : 'the hub',
            description,
          ]);
          const columns = ['name', 'source', 'format', 'saved by', 'for', 'what'].map((head) => ({ head }));
          terminal.print(renderTable(terminal, columns, rows));
        }
        context.finish(0);
      }),
    );
}
