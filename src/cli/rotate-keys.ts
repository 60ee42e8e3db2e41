/** `cairn sources rotate-keys`. */
import { Command } from 'commander';
import { rotateKeys } from '../sources/connections/rotate-keys.ts';
import type { CommandContext } from './context.ts';
import { withSources } from './sources-house.ts';
import { plural } from './table.ts';

export function rotateKeysCommand(context: CommandContext): Command {
  return new Command('rotate-keys')
    .description('Seals every secret anew with the first key of CAIRN_KEYS; the others may be taken out of it then.')
    .option('--json', 'print one JSON object')
    .action(({ json }: { readonly json?: boolean }) =>
      withSources(context, async ({ services }) => {
        const { keyId, count } = await rotateKeys(services.sources);
        const words = count === 0 ? 'Nothing was sealed with another key' : `Sealed ${plural(count, 'secret')} anew`;
        context.terminal.print(json ? JSON.stringify({ keyId, count }) : `${words}; ${keyId} seals everything.`);
        context.finish(0);
      }),
    );
}
