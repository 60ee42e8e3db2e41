/** The command line: which command was meant, what went wrong, and the exit code. */
import { Command, CommanderError } from 'commander';
import { asDatabaseError } from '../database/errors.ts';
import { type AppError, asAppError } from '../kernel/errors.ts';
import type { CommandContext, ExitCode } from './context.ts';
import type { Terminal } from './terminal.ts';

type MakeCommand = (context: CommandContext) => Command;

/** In the order of the help. Loaded when asked for: nobody waits for the code of the others. */
const COMMANDS: Readonly<Record<string, () => Promise<MakeCommand>>> = {
  serve: async () => (await import('./commands/serve.ts')).serveCommand,
  import: async () => (await import('./commands/import.ts')).importCommand,
  export: async () => (await import('./commands/export.ts')).exportCommand,
  exports: async () => (await import('./commands/exports.ts')).exportsCommand,
  jobs: async () => (await import('./commands/jobs.ts')).jobsCommand,
  sources: async () => (await import('./commands/sources.ts')).sourcesCommand,
  sync: async () => (await import('./commands/sync.ts')).syncCommand,
  rejects: async () => (await import('./commands/rejects.ts')).rejectsCommand,
  datasets: async () => (await import('./commands/datasets.ts')).datasetsCommand,
  operations: async () => (await import('./commands/operations.ts')).operationsCommand,
  user: async () => (await import('./commands/user.ts')).userCommand,
  token: async () => (await import('./commands/token.ts')).tokenCommand,
  backup: async () => (await import('./commands/backup.ts')).backupCommand,
  restore: async () => (await import('./commands/restore.ts')).restoreCommand,
  migrate: async () => (await import('./commands/migrate.ts')).migrateCommand,
  doctor: async () => (await import('./commands/doctor.ts')).doctorCommand,
  'crash-points': async () => (await import('./commands/crash-points.ts')).crashPointsCommand,
};

export interface CommandLine extends Omit<CommandContext, 'finish'> {
  /** Whether a failure shows where in the code it came from. */
  readonly showStacks: () => boolean;
}

/** Runs one command and returns the process's exit code. */
export async function runCommandLine(argv: readonly string[], line: CommandLine): Promise<number> {
  const json = argv.includes('--json');
  let code: ExitCode = 0;
  const context: CommandContext = {
    ...line,
    finish: (found) => {
      code = found;
    },
  };
  try {
    const root = await program(context, argv);
    await root.parseAsync([...argv], { from: 'user' });
    return line.interruption.exitCode() ?? code;
  } catch (thrown) {
    if (thrown instanceof CommanderError) return misused(line.terminal, thrown, json);
    report(line.terminal, asAppError(asDatabaseError(thrown)), json, line.showStacks());
    return line.interruption.exitCode() ?? 2;
  }
}

/** The command that `argv` asks for; all of them where it asks for help, or for none that there is. */
async function program(context: CommandContext, argv: readonly string[]): Promise<Command> {
  const { terminal } = context;
  const root = new Command('cairn')
    .description('A research-data hub: folders in, one typed GraphQL API out.')
    .addHelpText('after', '\nHelp on a command: npm run -s cairn -- <command> --help');
  const asked = Object.entries(COMMANDS).filter(([name]) => name === argv[0]);
  const loaded = asked.length === 0 ? Object.entries(COMMANDS) : asked;
  const makers = await Promise.all(loaded.map(([, load]) => load()));
  for (const make of makers) root.addCommand(make(context));
  for (const command of withSubcommands(root)) {
    command
      .exitOverride()
      .helpCommand(false)
      .showHelpAfterError('(add --help for what it takes)')
      .configureOutput({
        writeOut: (text) => terminal.print(text.trimEnd()),
        writeErr: (text) => terminal.note(text.trimEnd()),
        getOutHelpWidth: () => HELP_COLUMNS,
        getErrHelpWidth: () => HELP_COLUMNS,
      });
  }
  return root;
}

/** Help reads the same wherever it is shown. */
const HELP_COLUMNS = 100;

function withSubcommands(command: Command): Command[] {
  return [command, ...command.commands.flatMap(withSubcommands)];
}

/** Help that was asked for, or a command that was not understood: commander has said the words already. */
function misused(terminal: Terminal, { exitCode, message }: CommanderError, json: boolean): ExitCode {
  if (exitCode === 0) return 0;
  const error = {
    code: 'BAD_USER_INPUT',
    message: message.replace(/^error: /, ''),
    hint: 'Add --help for what it takes.',
  };
  if (json) terminal.print(JSON.stringify({ error }));
  return 2;
}

function report(terminal: Terminal, error: AppError, json: boolean, stack: boolean): void {
  const { code, message, kind } = error;
  const hint =
    kind === 'bug'
      ? 'This is a fault of Cairn. Run it again with CAIRN_LOG_LEVEL=debug and report what it says.'
      : error.hint;
  if (json) terminal.print(JSON.stringify({ error: { code, message, hint: hint ?? null } }));
  terminal.note(`${code}: ${message}`);
  if (hint !== undefined) terminal.note(hint);
  if (!stack) return;
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause)
    terminal.note(cause.stack ?? cause.message);
}
