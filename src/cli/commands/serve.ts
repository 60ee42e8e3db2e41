/** `cairn serve`: the API until it is told to stop; `npm start` is this. */
import { flushCompileCache } from 'node:module';
import { Command, Option } from 'commander';
import { type Config, SERVE_ROLES, type ServeRole } from '../../kernel/config.ts';
import { endsWithin } from '../../kernel/ends-within.ts';
import { AppError } from '../../kernel/errors.ts';
import type { Log } from '../../kernel/log.ts';
import type { OpenServer } from '../../server/open.ts';
import type { Services } from '../../server/services.ts';
import type { StartOptions } from '../../server/start.ts';
import { requireKeys } from '../../sources/connections/require-keys.ts';
import type { CommandContext, House } from '../context.ts';
import { firstRejects, SHOWN_REJECTS } from '../first-rejects.ts';
import { groupPaths, type ImportGroup } from '../import-paths.ts';
import { importReport } from '../import-report.ts';
import { runImport } from '../run-import.ts';

interface ServeOptions {
  readonly import?: string;
  readonly role?: ServeRole | 'all';
}

export function serveCommand(context: CommandContext): Command {
  return new Command('serve')
    .summary('serve the API')
    .description(
      'Serves GraphQL, REST and pages to try them on HOST and PORT until Ctrl-C or SIGTERM, and prints a link that signs a browser in.',
    )
    .option('--import <path>', 'import this file or folder first; rejects do not stop the start')
    .addOption(
      new Option(
        '--role <role>',
        'web answers requests; worker runs jobs, ends interrupted imports and keeps the tables in order; all does both (default: CAIRN_ROLES)',
      ).choices([...SERVE_ROLES, 'all']),
    )
    .addHelpText(
      'after',
      `
Examples:
  npm start
  npm start -- --import samples
  npm start -- --role worker
  PORT=8080 npm start

Exit code: 0 stopped when told to, 1 stopped, but something had to be cut off, 2 it could not start.`,
    )
    .action(async (options: ServeOptions) => {
      const groups = options.import === undefined ? [] : await groupPaths(context.folder, [options.import]);
      const log = context.openLog('server');
      // The log's own lines follow.
      if (context.terminal.hasBars) context.terminal.note('Opening the database …');
      const settings = context.settings();
      const loading = loadServer(settings, options.role === 'all' ? SERVE_ROLES : rolesOf(options.role, settings));
      // Its fault is told where it is waited for; the database's comes first.
      loading.catch(() => undefined);
      const house = await context.openHouse(log);
      try {
        context.interruption.throwIfInterrupted();
        if (groups.length > 0) await importFirst(context, house, groups);
        await serve(context, house, log, await loading);
      } catch (thrown) {
        await house.close();
        throw thrown;
      }
      // The process ends by a signal; until then there is nothing to come back with.
      await new Promise(() => undefined);
    });
}

/** Jobs get this long to finish, as open requests do. */
const STOP_GRACE_MS = 6_000;
/** Whoever stops containers waits for ten seconds, then kills. A database that does not answer must not use them up. */
const STOP_LIMIT_MS = 8_000;

const rolesOf = (given: ServeRole | undefined, { roles }: Config): readonly ServeRole[] =>
  given === undefined ? roles : [given];

async function importFirst(context: CommandContext, house: House, groups: readonly ImportGroup[]): Promise<void> {
  const { terminal, actor } = context;
  // Its table tells what went wrong with which file; the log would tell it again between the bars.
  const ingest = { ...house.ingest, log: context.openLog('command') };
  const outcome = await runImport(context, ingest, groups, {});
  const rejects = await firstRejects(ingest, actor, outcome, SHOWN_REJECTS);
  terminal.print(importReport(terminal, outcome, rejects));
}

interface LoadedServer {
  readonly start: ((options: Omit<StartOptions, 'prepared'>) => Promise<OpenServer>) | undefined;
  readonly upkeep: typeof import('../../server/upkeep.ts') | undefined;
  readonly startJobs: typeof import('../../server/start-jobs.ts').startJobs | undefined;
  readonly startWatching: typeof import('../../server/start-watching.ts').startWatching | undefined;
  readonly openWorkerServer: typeof import('../../server/worker-server.ts').openWorkerServer | undefined;
  readonly openServices: typeof import('../../server/services.ts').openServices;
  readonly onStopSignal: typeof import('../../server/stop.ts').onStopSignal;
}

/** Loads what the roles need while the database starts, which takes as long. No other command waits for the API's schema. */
async function loadServer(config: Config, roles: readonly ServeRole[]): Promise<LoadedServer> {
  const loadWeb = async (): Promise<LoadedServer['start']> => {
    const { prepareServer, startServer } = await import('../../server/start.ts');
    const prepared = await prepareServer(config);
    return (options) => startServer({ ...options, prepared });
  };
  const isWorker = roles.includes('worker');
  const isWorkerOnly = isWorker && !roles.includes('web');
  const [start, upkeep, jobs, watching, alone, { openServices }, { onStopSignal }] = await Promise.all([
    roles.includes('web') ? loadWeb() : undefined,
    isWorker ? import('../../server/upkeep.ts') : undefined,
    isWorker ? import('../../server/start-jobs.ts') : undefined,
    isWorker ? import('../../server/start-watching.ts') : undefined,
    isWorkerOnly ? import('../../server/worker-server.ts') : undefined,
    import('../../server/services.ts'),
    import('../../server/stop.ts'),
  ]);
  const startJobs = jobs?.startJobs;
  const startWatching = watching?.startWatching;
  const openWorkerServer = alone?.openWorkerServer;
  return { start, upkeep, startJobs, startWatching, openWorkerServer, openServices, onStopSignal };
}

async function serve(
  { terminal, interruption }: CommandContext,
  house: House,
  log: Log,
  { start, upkeep, startJobs, startWatching, openWorkerServer, openServices, onStopSignal }: LoadedServer,
): Promise<void> {
  const services: Services = openServices({ ...house, log });
  await requireKeys(services.sources);
  const server = await start?.({ ...house, log, services });
  const alone = await openWorkerServer?.({ ...house, log });
  const kept = upkeep?.startUpkeep(house.database, log, upkeep.upkeepTasks(services.files.store));
  const jobs = startJobs?.({ database: house.database, log, services });
  const watching = startWatching?.(services);
  interruption.release();
  onStopSignal(log, async () => {
    const parts = [server?.stop(), alone?.stop(), jobs?.stop(STOP_GRACE_MS), watching?.stop(), kept?.stop()];
    const haveEnded = await endsWithin(STOP_LIMIT_MS, Promise.all(parts));
    await services.close();
    await house.close();
    if (haveEnded) return;
    throw new AppError('INTERRUPTED', 'Some of what ran did not end in time and was cut off', {
      hint: 'Nothing half done was kept; jobs that ran begin again at the next start. It may have waited for the database: see whether that answers.',
    });
  });
  if (server === undefined)
    terminal.print(
      `Cairn works without answering requests${alone?.url === undefined ? '' : `, but for ${alone.url}/health and /metrics`}. Ctrl-C stops it.`,
    );
  else
    terminal.print(`
Cairn serves ${server.url}/graphql
Sign in (once, within 15 minutes): ${server.signInLink}
Ctrl-C stops it.`);
  // Node writes what it compiled when the process ends, which a server that is killed does not live to see.
  flushCompileCache();
}
