/** Composition root: settings → log → database → datasets → the command. Nothing else. */
import { listenForSignals } from './cli/interruption.ts';
import { endWithNpmShell } from './cli/npm-shell.ts';
import { type CommandLine, runCommandLine } from './cli/run.ts';
import { openTerminal } from './cli/terminal.ts';
import { openDatabase } from './database/connect.ts';
import { loadRegistry } from './ingest/registry.ts';
import { PROJECT_ROOT, readConfig, readEnvironment, secretsOf } from './kernel/config.ts';
import { armCrashPoints } from './kernel/crash-point.ts';
import { createLog, type Log } from './kernel/log.ts';
import { withReleasers } from './kernel/release.ts';
import { userName } from './kernel/user-name.ts';
import { readVersion } from './server/health.ts';
import { openTracing } from './server/tracing/open-tracing.ts';

const environment = readEnvironment();
const settings = () => readConfig(environment);

const line: CommandLine = {
  terminal: openTerminal(process.stdout, process.stderr),
  // npm runs scripts in the project's folder, whatever folder its user stands in.
  folder: process.cwd() === PROJECT_ROOT ? (environment['INIT_CWD'] ?? PROJECT_ROOT) : process.cwd(),
  actor: { kind: 'command', label: `command:${userName()}`, role: 'admin' },
  interruption: listenForSignals(),
  environment: (name) => environment[name],
  input: () => process.stdin,
  settings,
  showStacks: () => /^(debug|trace)$/i.test(environment['CAIRN_LOG_LEVEL'] ?? ''),
  openLog: (purpose) => {
    const config = settings();
    // A command says itself what it does; its log speaks of what went wrong, unless more is asked for.
    const quiet = purpose === 'command' && !environment['CAIRN_LOG_LEVEL'];
    const pretty = process.stderr.isTTY;
    return createLog({ level: quiet ? 'error' : config.logLevel, secrets: secretsOf(config), pretty });
  },
  openHouse: (log: Log) =>
    withReleasers(async (releasers) => {
      const config = settings();
      armCrashPoints(config.crash);
      const tracing = await openTracing(config.tracing, readVersion(), log);
      releasers.add('traces', tracing.close);
      const registry = await loadRegistry();
      const database = await openDatabase(config, log);
      releasers.add('database', database.close);
      return { config, database, ingest: { database, log, ...registry }, log, close: releasers.release };
    }),
};

endWithNpmShell(environment);
process.exitCode = await runCommandLine(process.argv.slice(2), line);
