/** `cairn sources set`: what a source is set to, and what opens it, after it was added. */
import { Command } from 'commander';
import { readSession } from '../database/session.ts';
import { AppError, asAppError } from '../kernel/errors.ts';
import { isJsonObject } from '../kernel/json.ts';
import { connectWithKeys } from '../sources/connections/connect.ts';
import { testConnection } from '../sources/connections/test-connection.ts';
import type { Connector } from '../sources/connector.ts';
import { connectorOf } from '../sources/registry.ts';
import { changeSource, type SourcePatch } from '../sources/sources.write.ts';
import type { CommandContext } from './context.ts';
import { readPairs } from './given-settings.ts';
import { readConfig, readRule } from './source-add.ts';
import { readSecrets } from './source-secrets.ts';
import { findSource, type KnownSource, listSources, type SourcesCommandHouse, withSources } from './sources-house.ts';

interface Options {
  readonly name?: string;
  readonly set?: readonly string[];
  readonly config?: string;
  readonly rule?: readonly string[];
  readonly frequency?: string;
  readonly guard?: string;
  readonly secretsFromStdin?: boolean;
  readonly secretFile?: string;
  readonly json?: boolean;
}

export function setSourceCommand(context: CommandContext): Command {
  return new Command('set')
    .description(
      'Changes a source, and gives it other secrets: from a file, standard input or the environment (sources kinds names them), never as an argument. What is left out stays.',
    )
    .argument('<source>', 'its name or id')
    .option('--name <name>', 'what people call it')
    .option('--set <key=value...>', 'a setting of the connector; with other settings it is read anew')
    .option('--config <json>', 'all settings as one JSON object, in place of --set')
    .option('--rule <pattern=dataset...>', 'all its rules: a dataset by name, document or ignore')
    .option('--frequency <words>', '"5 minutes", hourly, daily, a cron, or "" for only when asked')
    .option('--guard <percent>', 'of its items that one sync may delete without asking')
    .option('--secret-file <file>', 'read the secrets as one JSON object from a file')
    .option('--secrets-from-stdin', 'read the secrets as one JSON object from standard input')
    .option('--json', 'print one JSON object')
    .action((word: string, options: Options) =>
      withSources(context, async (house) => {
        const source = findSource(await listSources(house, context), word);
        const connector = connectorOf(await house.services.sources.connectors(), source.source_type);
        const keys = await readSecrets(context, connector, {
          fromInput: options.secretsFromStdin === true,
          file: options.secretFile,
        });
        const patch = await patchOf(context, house, source, connector, options);
        if (keys === undefined && Object.values(patch).every((value) => value === undefined)) {
          throw new AppError('BAD_USER_INPUT', 'There is nothing to set', { hint: 'See: sources set --help' });
        }
        await change(context, house, source, connector, patch);
        const fault = await speak(context, house, source, keys, patch.config !== undefined);
        const error = fault && { code: fault.code, message: fault.message, hint: fault.hint ?? null };
        const name = options.name ?? source.name;
        const { terminal } = context;
        terminal.print(
          options.json
            ? JSON.stringify({ sourceId: source.source_id, name, error: error ?? null })
            : `set ${name}${keys === undefined || fault !== undefined ? '' : ', which takes its secrets'}`,
        );
        if (fault !== undefined && !options.json) {
          terminal.note(`It cannot be reached: ${fault.code}: ${fault.message}`);
          if (keys !== undefined) terminal.note('The secrets were not kept: its former ones, if any, stay.');
          if (fault.hint !== undefined) terminal.note(fault.hint);
        }
        context.finish(fault === undefined ? 0 : 1);
      }),
    );
}

async function patchOf(
  context: CommandContext,
  { database }: SourcesCommandHouse,
  source: KnownSource,
  connector: Connector,
  options: Options,
): Promise<SourcePatch> {
  const { name, set, config, rule, frequency, guard } = options;
  const [known] = await readSession(database.read, context.actor, (query) =>
    query<{ config: unknown }>('source settings', 'SELECT config FROM data_sources WHERE source_id = $1', [
      source.source_id,
    ]),
  );
  const former = isJsonObject(known?.config) ? known.config : {};
  const pairs = set && { ...former, ...readPairs(connector, set, context.folder) };
  return {
    name,
    config: config === undefined ? pairs : readConfig(config),
    rules: rule?.map(readRule),
    syncFrequency: frequency,
    deleteGuard: guard === undefined ? undefined : Number(guard),
  };
}

async function change(
  { actor }: CommandContext,
  { ingest, write }: SourcesCommandHouse,
  { source_id: sourceId }: KnownSource,
  connector: Connector,
  patch: SourcePatch,
): Promise<void> {
  const tools = { datasets: new Set(ingest.datasets.keys()) };
  await write(({ query }) => changeSource(query, tools, actor, { sourceId, connector: () => connector, patch }));
}

/** Asks the place whether it takes the secrets, or the settings; why not, where it does not. */
async function speak(
  { actor }: CommandContext,
  { services }: SourcesCommandHouse,
  { source_id: sourceId, connection_status: status }: KnownSource,
  keys: Readonly<Record<string, unknown>> | undefined,
  isElsewhere: boolean,
): Promise<AppError | undefined> {
  if (keys !== undefined) {
    try {
      await connectWithKeys(services.sources, actor, sourceId, keys);
      return undefined;
    } catch (thrown) {
      const fault = asAppError(thrown);
      if (fault.kind === 'bug') throw thrown;
      return fault;
    }
  }
  // Of one that nobody has connected yet there is nothing to ask.
  if (!isElsewhere || status === 'pending') return undefined;
  const tested = await testConnection(services.sources, actor, sourceId);
  return tested.isReachable ? undefined : tested.error;
}
