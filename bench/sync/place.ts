/** A folder that is a source, in a database of its own, and runs over it: what a worker does, without its queue. */
import { randomUUID } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { writeSession } from '../../src/database/session.ts';
import type { JobData } from '../../src/jobs/job.ts';
import { holds } from '../../src/jobs/lines.ts';
import { AppError } from '../../src/kernel/errors.ts';
import { silentLog } from '../../src/kernel/log.ts';
import type { Connector } from '../../src/sources/connector.ts';
import { connectorOf, loadConnectors } from '../../src/sources/registry.ts';
import { requestSync } from '../../src/sources/sync/request-sync.ts';
import { runSync } from '../../src/sources/sync/run-sync.ts';
import { readSource } from '../../src/sources/sync/source.ts';
import { BENCHER, type House, openHouse } from '../import/house.ts';
import type { Bench } from '../job.ts';

/** The house of the suite, opened once. */
export function houseOf(bench: Bench): Promise<House> {
  return bench.share('sync house', () => openHouse(join(bench.folder, 'sync')));
}

export interface Synced {
  /** Everything that is synced lies in it. */
  readonly root: string;
  /** Runs a sync. @throws Error where an item failed */
  readonly sync: () => Promise<JobData>;
  /** Forgets the source, and whatever it brought. */
  readonly forget: () => Promise<void>;
}

/** A shared source over a new folder. */
export async function addFolder(house: House, name: string): Promise<Synced> {
  const root = join(house.folder, name);
  await mkdir(root, { recursive: true });
  return addPlace(house, root, connectorOf(await loadConnectors(), 'folder'), { path: root });
}

/** A shared source that `connector` reads. */
export async function addPlace(house: House, root: string, connector: Connector, settings: object): Promise<Synced> {
  let sourceId: string | undefined;
  const spool = join(house.folder, 'spool');
  return {
    root,
    sync: async () => {
      sourceId ??= await addSource(house, connector, settings);
      const result = await runOnce(house, sourceId, connector, settings, spool);
      if (result['failed'] !== 0) throw new Error(`Of the items, ${result['failed']} failed`);
      return result;
    },
    forget: async () => {
      await house.owner.query('TRUNCATE data_sources, jobs CASCADE');
      await rm(spool, { recursive: true, force: true });
      sourceId = undefined;
    },
  };
}

async function addSource(house: House, connector: Connector, settings: object): Promise<string> {
  const sourceId = randomUUID();
  await writeSession(house.ingest.database.write, BENCHER, ({ query }) =>
    query(
      'bench source',
      `INSERT INTO data_sources (source_id, name, source_type, config, is_shared, owner_id, owner_label, owner_role)
       VALUES ($1, $2, $3, $4, true, 'hub', $5, 'admin')`,
      [sourceId, `bench ${sourceId}`, connector.id, JSON.stringify(settings), BENCHER.label],
    ),
  );
  return sourceId;
}

async function runOnce(
  house: House,
  sourceId: string,
  connector: Connector,
  settings: object,
  spool: string,
): Promise<JobData> {
  const { ingest, owner } = house;
  const { database } = ingest;
  const jobId = await writeSession(database.write, BENCHER, async ({ query }) => {
    const source = await readSource(query, sourceId);
    if (source === undefined) throw new Error('The source is gone');
    return requestSync(query, source, { type: 'incremental', requestedBy: BENCHER.label });
  });
  await owner.query(
    "UPDATE jobs SET status = 'running', attempts = 1, started_at = now(), lease_until = now() + interval '1 hour' WHERE job_id = $1",
    [jobId],
  );
  const result = await runSync(
    {
      ...{ database, ingest, spool, log: silentLog(), actor: BENCHER },
      connectorOf: async () => connector,
      openContext: async (_source, _connector, signal) => ({
        ...{ settings, signal, keys: {}, log: silentLog(), fetch: globalThis.fetch, importRoots: [house.folder] },
        auth: { get: () => Promise.reject(new Error('This place has no sign-in')) },
      }),
    },
    {
      ...{ id: jobId, arguments: { sourceId, type: 'incremental' }, attempt: 1, progress: () => undefined },
      signal: new AbortController().signal,
      fence: async (query) => {
        if (!(await holds(query, { jobId, attempt: 1 }))) throw new AppError('INTERRUPTED', 'The job is lost');
      },
    },
  );
  await owner.query("UPDATE jobs SET status = 'completed', finished_at = now(), lease_until = NULL WHERE job_id = $1", [
    jobId,
  ]);
  return result;
}
