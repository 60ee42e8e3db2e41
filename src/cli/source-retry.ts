/** `cairn sources retry`: items that failed are read again, here and to the end. */
import { Command } from 'commander';
import { retryItems } from '../sources/syncs.write.ts';
import type { CommandContext } from './context.ts';
import { findSource, listSources, withSources } from './sources-house.ts';
import { followSyncs } from './sync-run.ts';
import { plural } from './table.ts';

export function retryCommand(context: CommandContext): Command {
  return new Command('retry')
    .description('Reads the items of a source again that failed, without waiting for their time.')
    .argument('<source>', 'its name or id')
    .option('--json', 'print one JSON object')
    .action((word: string, { json }: { readonly json?: boolean }) =>
      withSources(context, async (house) => {
        const source = findSource(await listSources(house, context), word);
        const { retried, syncJobId } = await house.write(({ query }) =>
          retryItems(query, context.actor, source.source_id),
        );
        const asked = syncJobId === null ? [] : [{ source, syncJobId }];
        const [sync] = asked.length === 0 ? [] : await followSyncs(context, house, asked);
        const { terminal } = context;
        if (json) terminal.print(JSON.stringify({ retried, sync: sync ?? null }));
        else if (sync === undefined) terminal.print(`No item of ${source.name} has failed.`);
        else {
          const failed = sync.itemsFailed === 0 ? '' : `; ${plural(sync.itemsFailed, 'item')} failed again`;
          terminal.print(`tried ${plural(retried, 'item')} of ${source.name} again: ${sync.status}${failed}`);
          if (sync.error !== null) terminal.note(`${sync.error.code}: ${sync.error.message}`);
        }
        const isDone = sync === undefined || (sync.status === 'completed' && sync.itemsFailed === 0);
        context.finish(isDone ? 0 : sync.status === 'completed' || sync.status === 'waiting' ? 1 : 2);
      }),
    );
}
