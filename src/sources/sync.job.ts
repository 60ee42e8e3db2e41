/** The job that syncs a source, as its owner. */
import { join } from 'node:path';
import { importerSlot } from '../ingest/importer-slot.ts';
import { defineJob } from '../jobs/job.ts';
import { openConnector } from './connections/connector-context.ts';
import { connectorOf, loadConnectors } from './registry.ts';
import { sourcesSlot } from './sources-house.ts';
import { askForRest } from './sync/ask-for-rest.ts';
import { runSync } from './sync/run-sync.ts';
import { SYNC } from './sync/sync-job.ts';
import { transformationsFor } from './transformations/transformations.read.ts';
import { SOURCES_SCOPE } from './vocabulary.ts';

/** In the data folder: what is fetched, until it is read. */
const SPOOL = 'spool';

export default defineJob({
  kind: SYNC,
  role: 'importer',
  scope: SOURCES_SCOPE,
  retries: 5,
  // Each waits for its place more than it works; those of one owner take turns of two anyway.
  concurrency: 4,
  ended: askForRest,
  run: async (context, job) => {
    const house = sourcesSlot.get(context);
    const { ingest, importRoots } = importerSlot.get(context);
    const { database, log, actor } = context;
    return runSync(
      {
        ...{ database, log, actor, ingest, spool: join(house.dataDir, SPOOL) },
        connectorOf: async (type) => connectorOf(await loadConnectors(), type),
        transforms: transformationsFor,
        openContext: async (source, connector, signal) => ({
          ...(await openConnector(house, source, connector, signal)),
          importRoots,
        }),
      },
      job,
    );
  },
});
