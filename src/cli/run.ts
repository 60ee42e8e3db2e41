/** The command line: which command was meant, what went wrong, and the exit code. */
import { Command, CommanderError } from 'commander';
import { asDatabaseError } from '../database/errors.ts';
import { type AppError, asAppError } from '../kernel/errors.ts';
import { backupCommand } from './commands/backup.ts';
import { crashPointsCommand } from './commands/crash-points.ts';
import { datasetsCommand } from './commands/datasets.ts';
import { doctorCommand } from './commands/doctor.ts';
import { importCommand } from './commands/import.ts';
import { migrateCommand } from './commands/migrate.ts';
import { rejectsCommand } from './commands/rejects.ts';
import { restoreCommand } from './commands/restore.ts';
import { serveCommand } from './commands/serve.ts';
import { tokenCommand } from './commands/token.ts';
import { userCommand } from './commands/user.ts';
import type { CommandContext, ExitCode } from './context.ts';
import type { Terminal } from './terminal.ts';

/** In the order of the help. */
const COMMANDS: readonly ((context: CommandContext) => Command)[] = [
  serveCommand,
  importCommand,
  rejectsCommand,
  datasetsCommand,
  userCommand,
  tokenCommand,
  backupCommand,
  restoreCommand,
  migrateCommand,
  doctorCommand,
  crashPointsCommand,
];

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
    await program(context).parseAsync([...argv], { from: 'user' });
    return line.interruption.exitCode() ?? code;
  } catch (thrown) {
    if (thrown instanceof CommanderError) return misused(line.terminal, thrown, json);
    report(line.terminal, asAppError(asDatabaseError(thrown)), json, line.showStacks());
    return line.interruption.exitCode() ?? 2;
  }
}

function program(context: CommandContext): Command {
  const { terminal } = context;
  const root = new Command('cairn')
    .description('A research-data hub: folders in, one typed GraphQL API out.')
    .addHelpText('after', '\nHelp on a command: npm run -s cairn -- <command> --help');
  for (const make of COMMANDS) root.addCommand(make(context));
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
