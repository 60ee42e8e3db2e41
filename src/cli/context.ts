/** What every command is given: a place to write, the settings, and the house opened when it is needed. */
import type { Readable } from 'node:stream';
import type { Database } from '../database/connect.ts';
import type { Ingest } from '../ingest/run.ts';
import type { Actor } from '../kernel/actor.ts';
import type { Config } from '../kernel/config.ts';
import type { Log } from '../kernel/log.ts';
import type { Interruption } from './interruption.ts';
import type { Terminal } from './terminal.ts';

/** 0: done. 1: done, but records of this run were rejected or a file failed. 2: nothing could be done. */
export type ExitCode = 0 | 1 | 2;

/** Everything opened; whoever opens it closes it. */
export interface House {
  readonly config: Config;
  readonly database: Database;
  readonly ingest: Ingest;
  readonly log: Log;
  readonly close: () => Promise<void>;
}

export interface CommandContext {
  readonly terminal: Terminal;
  /** The folder that the user's paths are relative to. */
  readonly folder: string;
  readonly actor: Actor;
  readonly interruption: Interruption;
  /** A variable of the environment that only commands read, such as a secret for a source. */
  readonly environment: (name: string) => string | undefined;
  /** Standard input. */
  readonly input: () => Readable;
  /** @throws AppError CONFIG_INVALID */
  readonly settings: () => Config;
  /** A log for a command (it speaks of errors only, unless CAIRN_LOG_LEVEL asks for more) or for the server. */
  readonly openLog: (purpose: 'command' | 'server') => Log;
  /** @throws AppError CONFIG_INVALID, DATA_DIR_INVALID, DATA_DIR_VERSION, DATABASE_UNREACHABLE, MIGRATION_FAILED, DECLARATION_INVALID */
  readonly openHouse: (log: Log) => Promise<House>;
  /** Sets the exit code of a command that came to its end. */
  readonly finish: (code: ExitCode) => void;
}

/**
 * Opens the house; whoever calls this closes it. The first start on a machine makes a database, and who waits is told so.
 * @throws AppError as {@link CommandContext.openHouse}
 */
async function openHouse({ terminal, openHouse: open }: CommandContext, log: Log): Promise<House> {
  if (!terminal.hasBars) return open(log);
  terminal.draw('Opening the database …');
  try {
    return await open(log);
  } finally {
    terminal.draw('\r\x1b[K');
  }
}

/** Opens the house for a command, and closes it whatever happens. */
export async function withHouse(context: CommandContext, work: (house: House) => Promise<void>): Promise<void> {
  const house = await openHouse(context, context.openLog('command'));
  try {
    context.interruption.throwIfInterrupted();
    await work(house);
  } finally {
    await house.close();
  }
}
