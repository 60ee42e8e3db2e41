/** `cairn sources offered`: what a provider says will sign the calls of a new webhook. */
import { Command } from 'commander';
import { takeOffered } from '../sources/watch/offered-secrets.ts';
import type { CommandContext } from './context.ts';
import { withSources } from './sources-house.ts';

export function offeredCommand(context: CommandContext): Command {
  return new Command('offered')
    .description(
      'Shows the secret that a new webhook has offered within the last hour (Notion’s verification token), once.',
    )
    .argument('<kind>', 'the kind of source, such as notion')
    .option('--json', 'print one JSON object')
    .action((kind: string, { json }: { readonly json?: boolean }) =>
      withSources(context, async (house) => {
        const offered = await house.write(({ query }) => takeOffered(house.services.sources, query, kind));
        const { terminal } = context;
        if (json) terminal.print(JSON.stringify({ offered }));
        else if (offered === null) terminal.print(`No webhook of ${kind} has offered a secret within the last hour.`);
        else {
          terminal.print(offered.secret);
          terminal.note('Enter it at the provider. What it does not take is not its own: throw it away.');
        }
        context.finish(0);
      }),
    );
}
