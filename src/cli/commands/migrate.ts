/** `cairn migrate`: bring the tables up to date without serving. Every other command does so as well when it opens the database. */
import { Command } from 'commander';
import { openEmbedded } from '../../database/embedded/server.ts';
import { retryMigration } from '../../database/migrate.ts';
import { AppError } from '../../kernel/errors.ts';
import { type CommandContext, withHouse } from '../context.ts';

interface Options {
  readonly retry?: string;
  readonly json?: boolean;
}

export function migrateCommand(context: CommandContext): Command {
  return new Command('migrate')
    .summary('bring the database’s tables up to date')
    .description(
      'Applies the migrations that the database lacks. Every command does so when it starts; this one does nothing else.',
    )
    .option('--retry <name>', 'try this failed migration again')
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      `
Examples:
  npm run -s cairn -- migrate
  npm run -s cairn -- migrate --retry 20261121090100_rules`,
    )
    .action(async ({ retry, json }: Options) => {
      if (retry !== undefined) await forgetFailure(context, retry);
      await withHouse(context, async ({ database }) => {
        const { applied } = database;
        const words =
          applied.length === 0
            ? 'Nothing to do: the tables are up to date.'
            : applied.map((name) => `applied ${name}`).join('\n');
        context.terminal.print(json ? JSON.stringify({ applied }) : words);
        context.finish(0);
      });
    });
}

/** A database with a failed migration does not open, so this goes beside the ordinary way in. */
async function forgetFailure(context: CommandContext, name: string): Promise<void> {
  const { databaseUrl, dataDir } = context.settings();
  if (databaseUrl !== undefined) return retry(databaseUrl, name);
  const server = await openEmbedded(dataDir, context.openLog('command'));
  try {
    await retry(server.ownerUrl, name);
  } finally {
    await server.release();
  }
}

async function retry(ownerUrl: string, name: string): Promise<void> {
  try {
    await retryMigration(ownerUrl, name);
  } catch (cause) {
    // The engine has words for this and no code.
    if (!(cause instanceof Error && /cannot be rolled back/.test(cause.message))) throw cause;
    throw new AppError('NOT_FOUND', `No failed migration is named "${name}"`, {
      cause,
      hint: 'Run npm run -s cairn -- migrate without --retry: it names the one that fails.',
    });
  }
}
