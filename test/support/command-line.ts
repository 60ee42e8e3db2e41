/** Commands run inside the test, over its own database, and what they wrote. */
import { PassThrough, Readable } from 'node:stream';
import { type CommandLine, runCommandLine } from '../../src/cli/run.ts';
import { openTerminal } from '../../src/cli/terminal.ts';
import { loadRegistry } from '../../src/ingest/registry.ts';
import { PROJECT_ROOT, readConfig } from '../../src/kernel/config.ts';
import { silentLog } from '../../src/kernel/log.ts';
import { TESTER, type TestDatabase } from './database.ts';

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export interface RunOptions {
  /** Somebody looks: both streams are terminals of so many columns. */
  readonly columns?: number;
  /** What relative paths are relative to. Default: the project. */
  readonly folder?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Standard input. */
  readonly input?: string;
  readonly showStacks?: boolean;
  readonly interruption?: CommandLine['interruption'];
}

/** Nobody presses Ctrl-C. */
const UNINTERRUPTED: CommandLine['interruption'] = {
  signal: new AbortController().signal,
  throwIfInterrupted: () => undefined,
  exitCode: () => undefined,
  release: () => undefined,
};

/** Runs `cairn ...argv` over `database`. */
export async function runCairn(
  database: TestDatabase,
  argv: readonly string[],
  options: RunOptions = {},
): Promise<Ran> {
  const streams = { out: capture(options.columns), err: capture(options.columns) };
  const log = silentLog();
  const line: CommandLine = {
    terminal: openTerminal(streams.out.stream, streams.err.stream),
    folder: options.folder ?? PROJECT_ROOT,
    actor: TESTER,
    interruption: options.interruption ?? UNINTERRUPTED,
    environment: (name) => options.env?.[name],
    input: () => Readable.from([options.input ?? '']),
    settings: () => readConfig(options.env ?? {}),
    showStacks: () => options.showStacks === true,
    openLog: () => log,
    openHouse: async () => {
      const config = readConfig(options.env ?? {});
      const registry = await loadRegistry();
      return { config, database, log, ingest: { database, log, ...registry }, close: async () => undefined };
    },
  };
  const code = await runCommandLine(argv, line);
  return { code, out: streams.out.text(), err: streams.err.text() };
}

function capture(columns: number | undefined): { stream: PassThrough; text: () => string } {
  const stream = new PassThrough();
  const chunks: Buffer[] = [];
  stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  if (columns !== undefined) Object.assign(stream, { isTTY: true, columns });
  return { stream, text: () => Buffer.concat(chunks).toString('utf8') };
}

/** Text without what differs from run to run: ids, times, folders. */
export function steady(text: string): string {
  return text
    .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '<uuid>')
    .replace(/\d{4}-\d\d-\d\d \d\d:\d\d/g, '<time>');
}
