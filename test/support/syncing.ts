/** Sources of a test and runs over them, without a worker: what a job would do, one run at a time. */
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { writeSession } from '../../src/database/session.ts';
import type { Ingest } from '../../src/ingest/run.ts';
import type { JobData, RunningJob } from '../../src/jobs/job.ts';
import { holds } from '../../src/jobs/lines.ts';
import { WORKER } from '../../src/jobs/queued.ts';
import { AppError } from '../../src/kernel/errors.ts';
import { silentLog } from '../../src/kernel/log.ts';
import { askForRest } from '../../src/sources/sync/ask-for-rest.ts';
import type { SyncHouse } from '../../src/sources/sync/house.ts';
import { requestSync } from '../../src/sources/sync/request-sync.ts';
import { runSync } from '../../src/sources/sync/run-sync.ts';
import { readSource, type SyncSource } from '../../src/sources/sync/source.ts';
import { transformationsFor } from '../../src/sources/transformations/transformations.read.ts';
import type { SyncJobType } from '../../src/sources/vocabulary.ts';
import { TESTER, type TestDatabase } from './database.ts';
import { makeFolder } from './import-folder.ts';
import type { ScriptedPlace } from './scripted-place.ts';

export interface SourceOptions {
  readonly name?: string;
  readonly isShared?: boolean;
  readonly rules?: readonly { readonly pattern: string; readonly dataset: string }[];
  readonly guard?: number;
}

/** A source of the hub's own, shared unless said otherwise; returns its id. */
export async function addSource(database: TestDatabase, options: SourceOptions = {}): Promise<string> {
  const id = randomUUID();
  const { name = `source ${id}`, isShared = true, rules = [], guard = 25 } = options;
  await writeSession(database.write, TESTER, ({ query }) =>
    query(
      'test source',
      `INSERT INTO data_sources (source_id, name, source_type, rules, is_shared, delete_guard, owner_id, owner_label, owner_role)
       VALUES ($1, $2, 'scripted', $3, $4, $5, 'hub', $6, 'admin')`,
      [id, name, JSON.stringify(rules), isShared, guard, TESTER.label],
    ),
  );
  return id;
}

export interface RunOptions {
  readonly type?: SyncJobType;
  readonly approveDeletes?: boolean;
  readonly signal?: AbortSignal;
  /** Called in place of the fence: a zombie's answers no. */
  readonly fence?: RunningJob['fence'];
}

export interface Syncing {
  readonly house: SyncHouse;
  /** Asks for a sync, runs it once, and ends its job as a worker would. */
  readonly sync: (sourceId: string, options?: RunOptions) => Promise<JobData>;
  readonly request: (sourceId: string, type?: SyncJobType, approveDeletes?: boolean) => Promise<string>;
  /** Begins the next attempt of a job. */
  readonly begin: (jobId: string, options?: RunOptions) => Promise<RunningJob>;
}

/** Runs over `place`. */
export async function syncing(
  database: TestDatabase,
  ingest: Ingest,
  place: Pick<ScriptedPlace, 'connector' | 'context'>,
): Promise<Syncing> {
  const house: SyncHouse = {
    ...{ database, ingest, log: silentLog(), actor: TESTER, spool: join(await makeFolder(), 'spool') },
    connectorOf: async () => place.connector,
    openContext: async (_source, _connector, signal) => place.context(signal),
    transforms: transformationsFor,
  };
  const request = (sourceId: string, type: SyncJobType = 'incremental', approveDeletes = false): Promise<string> =>
    writeSession(database.write, TESTER, async ({ query }) => {
      const source = await readSource(query, sourceId);
      return requestSync(query, known(source), { type, approveDeletes, requestedBy: TESTER.label });
    });
  const begin = async (jobId: string, { signal, fence }: RunOptions = {}): Promise<RunningJob> => {
    const { rows } = await database.owner.query<{ arguments: JobData; attempts: number }>(
      `UPDATE jobs SET status = 'running', attempts = attempts + 1, started_at = now(), lease_until = now() + interval '1 hour'
        WHERE job_id = $1 RETURNING arguments, attempts`,
      [jobId],
    );
    const [line] = rows;
    if (line === undefined) throw new Error(`There is no job ${jobId}`);
    const held = { jobId, attempt: line.attempts };
    return {
      ...{ id: jobId, arguments: line.arguments, attempt: line.attempts, progress: () => undefined },
      signal: signal ?? new AbortController().signal,
      fence:
        fence ??
        (async (query) => {
          if (!(await holds(query, held))) throw new AppError('INTERRUPTED', 'Another process has taken this job over');
        }),
    };
  };
  return {
    ...{ house, request, begin },
    sync: async (sourceId, options = {}) => {
      const jobId = await request(sourceId, options.type, options.approveDeletes);
      const job = await begin(jobId, options);
      const end = (status: string, error: string | null) => endJob(database, jobId, status, error);
      try {
        const result = await runSync(house, job);
        await end('completed', null);
        return result;
      } catch (thrown) {
        await end('failed', JSON.stringify({ code: 'TEST', message: String(thrown), hint: null }));
        throw thrown;
      }
    },
  };
}

/** Ends a job as a worker does: with what its kind does in that transaction. */
export const endJob = (database: TestDatabase, jobId: string, status: string, error: string | null): Promise<void> =>
  writeSession(database.write, WORKER, async ({ query }) => {
    await query(
      'test job end',
      "UPDATE jobs SET status = $2, error = $3, finished_at = now(), lease_until = NULL WHERE job_id = $1 AND status = 'running'",
      [jobId, status, error],
    );
    await askForRest(query, jobId);
  });

function known(source: SyncSource | undefined): SyncSource {
  if (source === undefined) throw new Error('There is no such source');
  return source;
}

export interface KeptItem {
  readonly external_id: string;
  readonly external_path: string;
  readonly sync_status: string;
  readonly reason: string | null;
  readonly error: { readonly code: string; readonly message: string } | null;
  readonly dataset: string | null;
  readonly attempts: number;
  readonly retry_at: Date | null;
  readonly local_document_id: string | null;
  readonly import_id: string | null;
}

export async function itemsOf(database: TestDatabase, sourceId: string): Promise<readonly KeptItem[]> {
  const { rows } = await database.owner.query<KeptItem>(
    'SELECT * FROM sync_items WHERE source_id = $1 ORDER BY external_path, external_id',
    [sourceId],
  );
  return rows;
}

/** Path and text of every document. */
export async function documentsOf(database: TestDatabase, sourceId: string): Promise<Record<string, string | null>> {
  const { rows } = await database.owner.query<{ path: string; text: string | null }>(
    'SELECT path, text FROM documents WHERE source_id = $1 ORDER BY path',
    [sourceId],
  );
  return Object.fromEntries(rows.map(({ path, text }) => [path, text]));
}

/** What the world is, as documents should say it. */
export const worldOf = (place: ScriptedPlace): Record<string, string> =>
  Object.fromEntries(
    place
      .files()
      .map(({ path, content }) => [path, content.toString()] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
