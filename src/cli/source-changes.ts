/** `cairn sources test|share|unshare|pause|resume|remove`. */
import { Command } from 'commander';
import { rememberGrant } from '../sources/connections/let-go.ts';
import { testConnection } from '../sources/connections/test-connection.ts';
import { changeSource, deleteSource, type SourcePatch } from '../sources/sources.write.ts';
import type { CommandContext } from './context.ts';
import { findSource, type KnownSource, listSources, type SourcesCommandHouse, withSources } from './sources-house.ts';
import { plural } from './table.ts';

interface Options {
  readonly json?: boolean;
}

/** What the command says, on standard output and beside it. */
interface Said {
  readonly words: string;
  readonly json: object;
  readonly notes?: readonly string[];
  readonly isFault?: boolean;
}

export function changeCommands(context: CommandContext): Command[] {
  const change =
    (patch: SourcePatch, words: string) =>
    async (house: SourcesCommandHouse, source: KnownSource): Promise<Said> => {
      const { connectors } = await house.services.sources.connectors();
      const tools = { datasets: new Set(house.ingest.datasets.keys()) };
      const asked = { sourceId: source.source_id, connector: (type: string) => connectors.get(type), patch };
      await house.write(({ query }) => changeSource(query, tools, context.actor, asked));
      return { words: `${words} ${source.name}`, json: { sourceId: source.source_id, name: source.name } };
    };
  return [
    ofSource(context, 'test', 'Asks the place whether it still knows us.', (house, source) =>
      test(context, house, source),
    ),
    ofSource(
      context,
      'share',
      'Shares a source with the team; datasets take in what they claim.',
      change({ isShared: true }, 'shared'),
    ),
    ofSource(
      context,
      'unshare',
      'Makes a source its owner’s alone; rows that datasets took stay.',
      change({ isShared: false }, 'unshared'),
    ),
    ofSource(context, 'pause', 'Pauses a source: nothing syncs it by itself.', change({ isActive: false }, 'paused')),
    ofSource(context, 'resume', 'Lets a paused source be synced again.', change({ isActive: true }, 'resumed')),
    ofSource(
      context,
      'remove',
      'Removes a source with its items, documents and schedules; rows that datasets took stay.',
      (house, source) => remove(context, house, source),
    ),
  ];
}

function ofSource(
  context: CommandContext,
  verb: string,
  description: string,
  run: (house: SourcesCommandHouse, source: KnownSource) => Promise<Said>,
): Command {
  return new Command(verb)
    .description(description)
    .argument('<source>', 'its name or id')
    .option('--json', 'print one JSON object')
    .action((word: string, { json }: Options) =>
      withSources(context, async (house) => {
        const said = await run(house, findSource(await listSources(house, context), word));
        context.terminal.print(json ? JSON.stringify(said.json) : said.words);
        if (!json) for (const note of said.notes ?? []) context.terminal.note(note);
        context.finish(said.isFault === true ? 2 : 0);
      }),
    );
}

async function test({ actor }: CommandContext, { services }: SourcesCommandHouse, source: KnownSource): Promise<Said> {
  const tested = await testConnection(services.sources, actor, source.source_id);
  if (tested.isReachable) {
    const { accountId, displayName = null } = tested.account;
    const json = { isReachable: true, account: { accountId, displayName }, error: null };
    return { words: `${source.name} answers as ${displayName ?? accountId}`, json };
  }
  const { code, message, hint = null } = tested.error;
  return {
    words: `${source.name} cannot be reached: ${code}: ${message}`,
    json: { isReachable: false, account: null, error: { code, message, hint } },
    notes: hint === null ? [] : [hint],
    isFault: true,
  };
}

async function remove(
  { actor }: CommandContext,
  { write, services }: SourcesCommandHouse,
  source: KnownSource,
): Promise<Said> {
  const endThere = await rememberGrant(services.sources, actor, source.source_id);
  const gone = await write(({ query }) => deleteSource(query, actor, source.source_id));
  await endThere();
  const kept = gone.rowsKept === 0 ? '' : ` The rows of ${plural(gone.rowsKept, 'item')} stay in their datasets.`;
  return {
    words: `removed ${gone.name}: ${plural(gone.documents, 'document')} and ${plural(gone.items, 'item')} went with it.${kept}`,
    json: gone,
  };
}
