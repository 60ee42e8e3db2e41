/** Commands of a case: in processes of their own where they may be killed, else in this one, which has loaded all they need. */
import { PassThrough, Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { type CommandLine, runCommandLine } from '../src/cli/run.ts';
import { openTerminal } from '../src/cli/terminal.ts';
import { openDatabase } from '../src/database/connect.ts';
import { loadRegistry } from '../src/ingest/registry.ts';
import { PROJECT_ROOT, readConfig } from '../src/kernel/config.ts';
import { silentLog } from '../src/kernel/log.ts';
import { endOf, startScript } from './child.ts';
import { timed } from './times.ts';

export interface Ran {
  /** Null after a kill. */
  readonly code: number | null | 'hangs';
  readonly out: string;
  readonly err: string;
}

type Env = Readonly<Record<string, string>>;

const PATIENCE_MS = 120_000;

/** Runs `cairn ...argv` in a process of its own, to its end or to its kill. */
export async function cairn(argv: readonly string[], env: Env): Promise<Ran> {
  const child = startScript('src/main.ts', argv, { PORT: '0', ...env });
  const code = await endOf(child, PATIENCE_MS);
  return { code, out: child.out(), err: child.err() };
}

const UNINTERRUPTED: CommandLine['interruption'] = {
  signal: new AbortController().signal,
  throwIfInterrupted: () => undefined,
  exitCode: () => undefined,
  release: () => undefined,
};

/** Runs `cairn ...argv` in this process, over a house opened for it as any start opens one. */
export async function cairnHere(argv: readonly string[], env: Env): Promise<Ran> {
  const [out, err] = [new PassThrough(), new PassThrough()];
  const log = silentLog();
  const settings = () => readConfig(env);
  const said = Promise.all([text(out), text(err)]);
  const line: CommandLine = {
    terminal: openTerminal(out, err),
    folder: PROJECT_ROOT,
    actor: { kind: 'command', label: 'command:faults', role: 'admin' },
    interruption: UNINTERRUPTED,
    environment: (name) => env[name],
    input: () => Readable.from([]),
    settings,
    showStacks: () => true,
    openLog: () => log,
    openHouse: async () => {
      const config = settings();
      const registry = await loadRegistry();
      const database = await openDatabase(config, log);
      return { config, database, log, ingest: { database, log, ...registry }, close: database.close };
    },
  };
  const code = await timed('rerun', runCommandLine(argv, line));
  out.end();
  err.end();
  const [told, noted] = await said;
  return { code, out: told, err: noted };
}
