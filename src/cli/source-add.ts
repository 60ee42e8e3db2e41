/** `cairn sources add`: a source from options, without a question. */
import { Command } from 'commander';
import { AppError } from '../kernel/errors.ts';
import { isJsonObject } from '../kernel/json.ts';
import { createSource } from '../sources/create-source.ts';
import { connectorOf } from '../sources/registry.ts';
import type { CommandContext } from './context.ts';
import { readPairs } from './given-settings.ts';
import { readSecrets } from './source-secrets.ts';
import { withSources } from './sources-house.ts';

interface Options {
  readonly name: string;
  readonly set?: readonly string[];
  readonly config?: string;
  readonly rule?: readonly string[];
  readonly frequency?: string;
  readonly guard?: string;
  readonly private?: boolean;
  readonly secretsFromStdin?: boolean;
  readonly secretFile?: string;
  readonly json?: boolean;
}

export function addSourceCommand(context: CommandContext): Command {
  return new Command('add')
    .description(
      'Adds a source and speaks with it. Secrets come from the environment (sources kinds names them) or standard input.',
    )
    .argument('<kind>', 'a connector by name: sources kinds lists them')
    .requiredOption('--name <name>', 'what people call it')
    .option('--set <key=value...>', 'a setting of the connector; as often as there are settings')
    .option('--config <json>', 'all settings as one JSON object, in place of --set')
    .option('--rule <pattern=dataset...>', 'what becomes of items like this: a dataset by name, document or ignore')
    .option('--frequency <words>', '"5 minutes", hourly, daily, a cron; only when asked unless given')
    .option('--guard <percent>', 'of its items that one sync may delete without asking', '25')
    .option('--private', 'seen by the command line alone; unless given, the team sees it and datasets take it in')
    .option('--secrets-from-stdin', 'read the secrets as one JSON object from standard input')
    .option('--secret-file <file>', 'read the secrets as one JSON object from a file')
    .option('--json', 'print one JSON object')
    .action((kind: string, options: Options) =>
      withSources(context, async ({ services, ingest, write }) => {
        const house = services.sources;
        const connector = connectorOf(await house.connectors(), kind);
        const wanted = {
          connector,
          name: options.name,
          config:
            options.config === undefined
              ? readPairs(connector, options.set ?? [], context.folder)
              : readConfig(options.config),
          keys: await readSecrets(context, connector, {
            fromInput: options.secretsFromStdin === true,
            file: options.secretFile,
          }),
          rules: (options.rule ?? []).map(readRule),
          syncFrequency: options.frequency ?? null,
          isShared: options.private !== true,
          deleteGuard: Number(options.guard),
        };
        const tools = { datasets: new Set(ingest.datasets.keys()) };
        const { sourceId, fault } = await createSource(house, tools, context.actor, wanted, write);
        const error =
          fault === undefined ? null : { code: fault.code, message: fault.message, hint: fault.hint ?? null };
        const needsSignIn = connector.oauth !== undefined;
        if (options.json) context.terminal.print(JSON.stringify({ sourceId, name: options.name, error, needsSignIn }));
        else report(context, { name: options.name, sourceId, fault, hasKeys: wanted.keys !== undefined, needsSignIn });
        context.finish(fault === undefined ? 0 : 1);
      }),
    );
}

interface Added {
  readonly name: string;
  readonly sourceId: string;
  readonly fault: AppError | undefined;
  /** Given, and not kept where there is a fault. */
  readonly hasKeys: boolean;
  readonly needsSignIn: boolean;
}

function report({ terminal }: CommandContext, { name, sourceId, fault, hasKeys, needsSignIn }: Added): void {
  terminal.print(`added ${name} (${sourceId})`);
  if (fault !== undefined) {
    terminal.note(`It cannot be reached: ${fault.code}: ${fault.message}`);
    if (fault.hint !== undefined) terminal.note(fault.hint);
    if (!hasKeys) terminal.note(`Try again: npm run -s cairn -- sources test "${name}"`);
  } else if (needsSignIn) {
    terminal.note('Somebody has to sign in there: start the server, and ask in GraphiQL for');
    terminal.note(`  mutation { startConnection(sourceId: "${sourceId}") { url } }`);
  } else terminal.note(`Sync it: npm run -s cairn -- sync "${name}"`);
}

export function readConfig(json: string): unknown {
  try {
    const value: unknown = JSON.parse(json);
    if (isJsonObject(value)) return value;
  } catch {
    // Refused below, in the same words.
  }
  throw new AppError('BAD_USER_INPUT', '--config is no JSON object', { path: '--config' });
}

export function readRule(pair: string): { readonly pattern: string; readonly dataset: string } {
  const at = pair.lastIndexOf('=');
  if (at < 1) throw new AppError('BAD_USER_INPUT', '--rule takes pattern=dataset, such as "notes/**=document"');
  return { pattern: pair.slice(0, at), dataset: pair.slice(at + 1) };
}
