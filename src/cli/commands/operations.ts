/** `cairn operations`: the documents that clients may name instead of sending, and the hashes to name them by. */
import { Command } from 'commander';
import { prepareServer } from '../../server/start.ts';
import type { CommandContext } from '../context.ts';
import { renderTable } from '../table.ts';

interface OperationsOptions {
  readonly json?: boolean;
}

export function operationsCommand(context: CommandContext): Command {
  return new Command('operations')
    .summary('list the registered documents')
    .description(
      'Lists the operations that clients may send by name or hash as documentId: those of operations/ and of CAIRN_OPERATIONS_DIR. Faulty ones are told with file and line.',
    )
    .option('--json', 'print one JSON object, with the documents’ text')
    .addHelpText(
      'after',
      `
Examples:
  npm run -s cairn -- operations
  CAIRN_OPERATIONS_DIR=./documents npm run -s cairn -- operations --json`,
    )
    .action(async ({ json }: OperationsOptions) => {
      const { terminal } = context;
      const { operations } = await prepareServer(context.settings());
      terminal.print(
        json
          ? JSON.stringify({ operations: operations.all })
          : renderTable(
              terminal,
              [{ head: 'file' }, { head: 'name' }, { head: 'hash' }],
              operations.all.map(({ name, hash, file }) => [file, name, hash]),
            ),
      );
      context.finish(0);
    });
}
