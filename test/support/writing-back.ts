/** A Dropbox on the loopback, a source over it, and runs of its syncs and write-backs, without a worker. */
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { writeSession } from '../../src/database/session.ts';
import writeBackJob from '../../src/exports/write-back.job.ts';
import { createContext } from '../../src/graphql/context.ts';
import type { Ingest } from '../../src/ingest/run.ts';
import type { JobData } from '../../src/jobs/job.ts';
import { silentLog } from '../../src/kernel/log.ts';
import { openServices } from '../../src/server/services.ts';
import type { Connector } from '../../src/sources/connector.ts';
import { connectorRegistryOf } from '../../src/sources/registry.ts';
import { sourcesSlot } from '../../src/sources/sources-house.ts';
import { requestWriteBack } from '../../src/sources/write-back/request-write-back.ts';
import { addWriteBack, type NewWriteBack } from '../../src/sources/write-back/write-backs.write.ts';
import { TESTER, type TestDatabase } from './database.ts';
import { dropbox } from './dropbox/places.ts';
import type { DropboxPlace } from './dropbox/server.ts';
import { makeFolder } from './import-folder.ts';
import { addSource, type Syncing, syncing } from './syncing.ts';

export interface WritingBack extends Pick<Syncing, 'sync'> {
  readonly sourceId: string;
  readonly add: (wanted: Partial<NewWriteBack>) => Promise<string>;
  /** Asks for it and runs it once; with a fence of its own where one is given. */
  readonly run: (writeBackId: string, options?: { readonly between?: () => Promise<void> }) => Promise<JobData>;
  /** Its line. */
  readonly line: (writeBackId: string) => Promise<Readonly<Record<string, unknown>>>;
}

/** `between` of a run happens after its file was sent, before that is recorded. It is closed after the last test. */
export async function writingBack(
  database: TestDatabase,
  ingest: Ingest,
  place: DropboxPlace,
  name?: string,
): Promise<WritingBack> {
  const connector = overPlace(place);
  const sourceId = await addSource(database, name === undefined ? {} : { name });
  await database.owner.query("UPDATE data_sources SET connection_status = 'connected' WHERE source_id = $1", [
    sourceId,
  ]);
  const { sync, begin } = await syncing(database, ingest, { connector, context: place.context });
  const log = silentLog();
  const config = { importRoots: [], dataDir: join(await makeFolder(), 'data') };
  const services = openServices({ config, database, ingest, log });
  afterAll(() => services.close());
  const run: WritingBack['run'] = async (writeBackId, { between } = {}) => {
    const jobId = await writeSession(database.write, TESTER, ({ query }) => requestWriteBack(query, writeBackId));
    const job = await begin(jobId);
    const context = createContext({ actor: TESTER, requestId: 'test', log, database });
    services.fillContext(context);
    sourcesSlot.set(context, { ...services.sources, connectors: async () => connectorRegistryOf([connector]) });
    const fence: typeof job.fence = async (query) => {
      await between?.();
      return job.fence(query);
    };
    try {
      const result = await writeBackJob.run(context, { ...job, fence });
      return result ?? {};
    } finally {
      await database.owner.query(
        "UPDATE jobs SET status = 'completed', finished_at = now(), lease_until = NULL WHERE job_id = $1",
        [jobId],
      );
    }
  };
  return {
    sourceId,
    sync,
    run,
    add: (wanted) =>
      writeSession(database.write, TESTER, ({ query }) =>
        addWriteBack(query, TESTER, {
          ...{ sourceId, name: 'exported', content: 'export', dataset: 'channels', table: 'channels', format: 'csv' },
          ...wanted,
        }),
      ),
    line: async (writeBackId) => {
      const { rows } = await database.owner.query('SELECT * FROM write_backs WHERE write_back_id = $1', [writeBackId]);
      return rows[0];
    },
  };
}

/** The connector as a source of the tests has it: opened by nothing, and led to the fake. */
function overPlace(place: DropboxPlace): Connector {
  const { oauth: _oauth, scopes: _scopes, upload, remove, ...rest } = dropbox;
  return {
    ...rest,
    id: 'scripted',
    listChanges: (cursor, { signal }) => dropbox.listChanges(cursor, place.context(signal)),
    download: (ref, options, { signal }) => dropbox.download(ref, options, place.context(signal)),
    ...(upload && { upload: (request, { signal }) => upload(request, place.context(signal)) }),
    ...(remove && { remove: (ref, { signal }) => remove(ref, place.context(signal)) }),
  };
}
