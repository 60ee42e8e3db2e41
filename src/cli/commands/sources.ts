/** `cairn sources`: places that the hub follows. */
import { Command } from 'commander';
import type { CommandContext } from '../context.ts';
import { settingsOf } from '../given-settings.ts';
import { rotateKeysCommand } from '../rotate-keys.ts';
import { addSourceCommand } from '../source-add.ts';
import { changeCommands } from '../source-changes.ts';
import { offeredCommand } from '../source-offered.ts';
import { retryCommand } from '../source-retry.ts';
import { schedulesCommand } from '../source-schedules.ts';
import { variableOf } from '../source-secrets.ts';
import { setSourceCommand } from '../source-set.ts';
import { HOW_TO_ADD, type KnownSource, listSources, withSources } from '../sources-house.ts';
import { count, renderTable } from '../table.ts';

interface Options {
  readonly json?: boolean;
}

export function sourcesCommand(context: CommandContext): Command {
  const command = new Command('sources')
    .summary('add, list, set, test, share and remove sources; their schedules')
    .description(
      'A source is a place that the hub follows: a folder, Dropbox, Google Drive, Gmail, Notion, Slack, OneDrive, S3, Google Cloud Storage. `cairn sync` syncs it; a server does so by itself.',
    )
    .addHelpText(
      'after',
      `
Examples:
  npm run -s cairn -- sources kinds
  npm run -s cairn -- sources add folder --name Research --set path=/srv/research
  npm run -s cairn -- sources add s3 --name Archive --set bucket=archive --secrets-from-stdin < keys.json
  npm run -s cairn -- sources set Archive --secret-file keys.json
  npm run -s cairn -- sources retry Archive
  npm run -s cairn -- sources list
  npm run -s cairn -- sources schedules --ready-made --time-zone Europe/Vienna`,
    )
    .addCommand(kinds(context))
    .addCommand(addSourceCommand(context))
    .addCommand(list(context))
    .addCommand(setSourceCommand(context))
    .addCommand(retryCommand(context))
    .addCommand(offeredCommand(context))
    .addCommand(rotateKeysCommand(context));
  for (const change of changeCommands(context)) command.addCommand(change);
  return command.addCommand(schedulesCommand(context));
}

function kinds(context: CommandContext): Command {
  return new Command('kinds')
    .description('Lists the kinds of sources, with what each is set to and which secrets open it.')
    .option('--json', 'print one JSON object')
    .action(({ json }: Options) =>
      withSources(context, async ({ services }) => {
        const connectors = [...(await services.sources.connectors()).connectors.values()];
        const shown = connectors.map(({ id, title, description, capabilities, oauth, keys = {}, settings }) => ({
          name: id,
          title,
          description,
          capabilities,
          signIn: oauth ?? null,
          secrets: Object.entries(keys).map(([key, facts]) => ({ name: key, variable: variableOf(key), ...facts })),
          settings,
        }));
        if (json) context.terminal.print(JSON.stringify({ kinds: shown }));
        else
          context.terminal.print(
            connectors
              .map((connector, index) => describe(context, connector, shown[index]?.secrets ?? []))
              .join('\n\n'),
          );
        context.finish(0);
      }),
    );
}

type Described = Parameters<typeof settingsOf>[0];

function describe(
  { terminal }: CommandContext,
  connector: Described,
  secrets: readonly { readonly title: string; readonly variable: string; readonly isOptional?: boolean }[],
): string {
  const settings = settingsOf(connector).map(({ name, description, isRequired, standard }) => {
    const more = isRequired
      ? ' (needed)'
      : standard === undefined || standard === ''
        ? ''
        : ` (${JSON.stringify(standard)} unless given)`;
    return `  --set ${name}=…  ${description}${more}`;
  });
  const opened = secrets.map(
    ({ title, variable, isOptional }) => `  ${variable}  ${title}${isOptional === true ? '' : ' (needed)'}`,
  );
  const signIn = connector.oauth === undefined ? [] : ['  A person signs in: the mutation startConnection says where.'];
  return [
    `${terminal.style('bold', connector.id)}  ${connector.title}: ${connector.description}`,
    ...settings,
    ...opened,
    ...signIn,
  ].join('\n');
}

function list(context: CommandContext): Command {
  return new Command('list')
    .description('Lists the hub’s own sources and those that are shared. Private ones are their owners’.')
    .option('--json', 'print one JSON object')
    .action(({ json }: Options) =>
      withSources(context, async (house) => {
        const sources = await listSources(house, context);
        context.terminal.print(json ? JSON.stringify({ sources }) : table(context, sources));
        context.finish(0);
      }),
    );
}

function table({ terminal }: CommandContext, sources: readonly KnownSource[]): string {
  if (sources.length === 0) return `There are no sources yet. ${HOW_TO_ADD}`;
  const minute = (date: Date | null): string => date?.toISOString().slice(0, 16).replace('T', ' ') ?? '–';
  const rows = sources.map((source) => [
    source.name,
    source.source_type,
    source.is_active ? source.connection_status : `${source.connection_status}, paused`,
    source.is_shared ? 'shared' : 'private',
    source.sync_frequency ?? 'when asked',
    source.last_sync_at === null ? 'never' : `${minute(source.last_sync_at)} ${source.last_sync_status ?? ''}`.trim(),
    minute(source.next_run_at),
    count(source.items),
    count(source.failed),
  ]);
  const heads = ['name', 'kind', 'connection', 'seen by', 'synced', 'last sync', 'next', 'items', 'failed'];
  const columns = heads.map((head, index) => ({ head, align: index > 6 ? ('right' as const) : ('left' as const) }));
  const faults = sources.flatMap(({ name, error }) =>
    error === null ? [] : [`${name}: ${error.code}: ${error.message}${error.hint === null ? '' : ` ${error.hint}`}`],
  );
  return [renderTable(terminal, columns, rows), ...faults].join('\n');
}
