/** What requests and jobs are given alike: the pipeline, what is followed, and what the database tells. */
import type { Database } from '../database/connect.ts';
import { createNotices, type Notices } from '../database/notices.ts';
import { loadCatalogue } from '../exports/catalogue.ts';
import { createExporter, exporterSlot } from '../exports/exporter.ts';
import { type Files, filesSlot } from '../files/files.ts';
import { openFiles } from '../files/open-files.ts';
import type { GraphqlContext } from '../graphql/context.ts';
import { createChangedKeys } from '../history/changed-keys.ts';
import { watchingSlot } from '../history/watch.ts';
import { createWatchBudget } from '../history/watch-budget.ts';
import { uploadsFolder } from '../http/upload.ts';
import { registrySlot } from '../ingest/by-hand.ts';
import { importerSlot } from '../ingest/importer-slot.ts';
import { createProgressFeed } from '../ingest/progress-feed.ts';
import type { Ingest } from '../ingest/run.ts';
import { createJobFeed } from '../jobs/job-feed.ts';
import { jobsSlot } from '../jobs/jobs-slot.ts';
import type { Config } from '../kernel/config.ts';
import { openKeyring } from '../kernel/keyring.ts';
import type { Log } from '../kernel/log.ts';
import type { SignInSettings } from '../kernel/sign-in-settings.ts';
import type { SourceSettings } from '../kernel/source-settings.ts';
import { createOutbound } from '../outbound/outbound.ts';
import { type SourcesHouse, sourcesSlot } from '../sources/sources-house.ts';
import { createSyncFeed, syncFeedSlot } from '../sources/sync-feed.ts';

export interface ServicesOptions {
  readonly config: Pick<Config, 'importRoots' | 'dataDir'> & Partial<SourceSettings & SignInSettings>;
  readonly database: Database;
  readonly ingest: Ingest;
  readonly log: Log;
}

export interface Services {
  readonly notices: Notices;
  readonly files: Files;
  readonly sources: SourcesHouse;
  /** Fills the slots of an operation's, a request's or a job's context. */
  readonly fillContext: (context: GraphqlContext) => void;
  readonly close: () => Promise<void>;
}

/** Opens them. They ask the database nothing before they are used. */
export function openServices({ config, database, ingest, log }: ServicesOptions): Services {
  const notices = createNotices(database.apiUrl, log);
  const progress = createProgressFeed(database.read, notices);
  const watching = { notices, changedKeys: createChangedKeys(database.read, log), budget: createWatchBudget() };
  const importer = {
    ingest,
    progress,
    importRoots: config.importRoots,
    uploads: uploadsFolder(config.dataDir),
  };
  const feed = createJobFeed(database.read, notices);
  const syncFeed = createSyncFeed(database.read, notices);
  const exporter = createExporter(
    () => loadCatalogue(ingest),
    async () => (await import('./schema.ts')).loadSchema(),
  );
  const files = openFiles(config.dataDir, database.write);
  const outbound = createOutbound({ allow: config.allowPrivate ?? [], routes: config.outboundRoutes ?? {} });
  const sources: SourcesHouse = {
    database,
    log,
    outbound,
    keyring: openKeyring(config.keys ?? [], config.dataDir),
    oauthClients: config.oauthClients ?? {},
    dataDir: config.dataDir,
    importRoots: config.importRoots,
    connectors: keptPromise(async () => (await import('../sources/registry.ts')).loadConnectors()),
    publicUrl: config.publicUrl,
  };
  return {
    notices,
    files,
    sources,
    fillContext: (context) => {
      importerSlot.set(context, { ...importer, ingest: { ...ingest, only: context.actor.scopes } });
      registrySlot.set(context, ingest);
      watchingSlot.set(context, watching);
      filesSlot.set(context, files);
      jobsSlot.set(context, { feed });
      syncFeedSlot.set(context, syncFeed);
      exporterSlot.set(context, exporter);
      sourcesSlot.set(context, sources);
    },
    close: async () => {
      progress.close();
      feed.close();
      syncFeed.close();
      await notices.close();
      await outbound.close();
    },
  };
}

/** What is loaded once and for all, when first it is asked for; what failed is tried again. */
function keptPromise<T>(load: () => Promise<T>): () => Promise<T> {
  let loading: Promise<T> | undefined;
  return () => {
    loading ??= load().catch((thrown: unknown) => {
      loading = undefined;
      throw thrown;
    });
    return loading;
  };
}
