/** `cairn sync`: sources synced in this process, to the end. */
import { Command } from 'commander';
import { AppError } from '../../kernel/errors.ts';
import { startSync } from '../../sources/syncs.write.ts';
import { size } from '../byte-progress.ts';
import type { CommandContext, ExitCode } from '../context.ts';
import { findSource, HOW_TO_ADD, type KnownSource, listSources, withSources } from '../sources-house.ts';
import { type EndedSync, followSyncs } from '../sync-run.ts';
import { count, renderTable } from '../table.ts';

interface Options {
  readonly full?: boolean;
  readonly approveDeletes?: boolean;
  readonly all?: boolean;
  readonly json?: boolean;
}

export function syncCommand(context: CommandContext): Command {
  return new Command('sync')
    .summary('sync sources')
    .description('Syncs sources in this process, and waits for the end: those named, or all that are not paused.')
    .argument('[source...]', 'names or ids')
    .option('--full', 'list everything anew, not only what changed')
    .option('--approve-deletes', 'yes to the deletes that the last sync waits with')
    .option('--all', 'also those that are paused')
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      `
Examples:
  npm run -s cairn -- sync
  npm run -s cairn -- sync Research --full
  npm run -s cairn -- sync Research --approve-deletes

Exit code: 0 all synced, 1 synced, but some items or sources failed or deletes wait for a yes, 2 nothing could be synced.`,
    )
    .action((words: string[], options: Options) =>
      withSources(context, async (house) => {
        const wanted = chosen(await listSources(house, context), words, options.all === true);
        const asked = await Promise.all(
          wanted.map(async (source) => {
            try {
              const started = await house.write(({ query }) =>
                startSync(query, context.actor, source.source_id, {
                  type: options.full ? 'full_sync' : 'manual',
                  approveDeletes: options.approveDeletes === true,
                  // Somebody waits for it.
                  priority: 5,
                }),
              );
              return { source, syncJobId: started };
            } catch (thrown) {
              if (thrown instanceof AppError && thrown.kind === 'user') return { source, refused: thrown };
              throw thrown;
            }
          }),
        );
        const ended = await followSyncs(context, house, asked);
        report(context, ended, options.json === true);
        context.finish(exitCode(ended));
      }),
    );
}

function chosen(known: readonly KnownSource[], words: readonly string[], all: boolean): readonly KnownSource[] {
  if (words.length > 0) return [...new Set(words.map((word) => findSource(known, word)))];
  const wanted = known.filter(({ is_active: isActive }) => all || isActive);
  if (wanted.length > 0) return wanted;
  throw new AppError('NOT_FOUND', known.length === 0 ? 'There are no sources yet' : 'All sources are paused', {
    hint: known.length === 0 ? HOW_TO_ADD : 'Sync them all the same: npm run -s cairn -- sync --all',
  });
}

/** Whether what was asked for was done, and all of it. */
function exitCode(ended: readonly EndedSync[]): ExitCode {
  const done = ended.filter(({ status }) => status === 'completed');
  if (done.length === ended.length && done.every(({ itemsFailed, rejected }) => itemsFailed + rejected === 0)) return 0;
  // A sync that waits for a yes has done all the rest.
  return ended.some(({ status }) => status === 'completed' || status === 'waiting') ? 1 : 2;
}

function report({ terminal }: CommandContext, ended: readonly EndedSync[], json: boolean): void {
  if (json) {
    terminal.print(JSON.stringify({ syncs: ended }));
    return;
  }
  const figures = (sync: EndedSync): string[] =>
    [
      sync.itemsFound,
      sync.itemsCreated,
      sync.itemsUpdated,
      sync.itemsDeleted,
      sync.itemsSkipped,
      sync.itemsFailed,
      sync.rejected,
    ].map(count);
  const rows = ended.map((sync) => [sync.source, sync.status, ...figures(sync), size(sync.bytesProcessed)]);
  const heads = ['source', 'status', 'found', 'new', 'changed', 'deleted', 'skipped', 'failed', 'rejects', 'fetched'];
  const columns = heads.map((head, index) => ({ head, align: index > 1 ? ('right' as const) : ('left' as const) }));
  terminal.print(renderTable(terminal, columns, rows));
  for (const { source, error } of ended) {
    if (error === null) continue;
    terminal.note(`${source}: ${error.code}: ${error.message}`);
    if (error.hint !== null) terminal.note(error.hint);
  }
  const waiting = ended.find(({ status }) => status === 'waiting');
  if (waiting !== undefined)
    terminal.note(`Deletes wait for a yes: npm run -s cairn -- sync "${waiting.source}" --approve-deletes`);
  if (ended.some(({ itemsFailed }) => itemsFailed > 0))
    terminal.note(
      'Items that failed are tried again. Why: { syncItems(where: { syncStatus: { equals: FAILED } }) { nodes { name error { message } } } }',
    );
  if (ended.some(({ rejected }) => rejected > 0)) terminal.note('See the rejects: npm run -s cairn -- rejects list');
}
