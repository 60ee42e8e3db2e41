/** Imports that go on after their request is answered: their bytes are kept, and a job takes them in. */
import { createReadStream } from 'node:fs';
import type pg from 'pg';
import type { Query } from '../database/session.ts';
import type { Blob } from '../files/blob-store.ts';
import { type Files, keepFile, type NewFile } from '../files/files.ts';
import { loaderFamily } from '../graphql/batches.ts';
import type { GraphqlContext } from '../graphql/context.ts';
import { keepAnswer, keyOfRequest } from '../graphql/idempotency.ts';
import { mutate } from '../graphql/mutate.ts';
import { inTurn } from '../graphql/turn.ts';
import type { RouteAnswer } from '../http/route.ts';
import { enqueueJob } from '../jobs/enqueue.ts';
import { AppError } from '../kernel/errors.ts';
import { isJsonObject } from '../kernel/json.ts';
import { seriesOf } from '../kernel/uuid.ts';
import { IMPORTS_ITSELF } from './never-begun.ts';

/** Of the job, and of the files that wait for it. */
export const IMPORT = 'import';
/** Of the job that imports a folder's files. */
export const IMPORT_FOLDER = 'import-folder';

export interface LaterImport {
  readonly importId: string;
  readonly dataset: string;
  /** As it is kept. */
  readonly path: string;
  /** Of records the media type of their body; null for a file that is read as its name says. */
  readonly bodyType: string | null;
  /** When it was sent: what was said since is newer than it, whenever it is read. */
  readonly sentAt: Date;
}

/** Bytes that wait for a worker which never comes go in the end. */
const KEPT_DAYS = 7;
export const DAY_MS = 86_400_000;

/** Bytes of what a job is to import, which nothing needs once it has. */
export type KeptForLater = Pick<NewFile, 'purpose' | 'expiresAt' | 'owner'>;

export function keptForLater({ actor }: GraphqlContext): KeptForLater {
  return { purpose: IMPORT, owner: actor, expiresAt: new Date(Date.now() + KEPT_DAYS * DAY_MS) };
}

/** Puts the bytes of `file` where every worker finds them. @throws AppError DISK_FULL, INTERRUPTED */
export function putForLater({ left }: GraphqlContext, { store }: Pick<Files, 'store'>, file: string): Promise<Blob> {
  return store.put(createReadStream(file), { most: Number.MAX_SAFE_INTEGER, signal: left });
}

/** Asks for the job that imports `blob`, within a transaction. @returns the job's key */
export async function enqueueImport(
  context: GraphqlContext,
  query: Query,
  blob: Blob,
  { importId, dataset, path, bodyType, sentAt }: LaterImport,
): Promise<string> {
  const { actor } = context;
  const mediaType = bodyType ?? 'application/octet-stream';
  const { fileId } = await keepFile(query, { blob, name: path, mediaType, ...keptForLater(context) });
  const given = { importId, dataset, path, bodyType, fileId, sentAt: sentAt.toISOString() };
  return enqueueJob(query, { kind: IMPORT, arguments: given, actor, singleton: importId });
}

/**
 * Keeps the bytes of `file`, asks for the job that imports them, and says which it is.
 * @throws AppError DISK_FULL, INTERRUPTED
 */
export async function importLater(
  context: GraphqlContext,
  files: Pick<Files, 'store'>,
  file: string,
  later: LaterImport,
): Promise<RouteAnswer> {
  const blob = await putForLater(context, files, file);
  const write = () =>
    mutate(context, async ({ query, client }) => {
      const answer = laterAnswer(later, await enqueueImport(context, query, blob, later));
      const key = keyOfRequest(context);
      if (key !== undefined) await keepAnswer(client, context.actor.label, key, JSON.stringify(answer));
      return answer;
    });
  return inTurn(context, 'write', write);
}

/** Whether an import of this id waits for its job, or runs in one; of a folder's files each is known by their series. */
export async function isQueued(pool: pg.Pool, importId: string): Promise<boolean> {
  const { rowCount } = await pool.query({
    name: 'import queued',
    text: `SELECT
             FROM jobs
            WHERE (kind, singleton) IN (('${IMPORT}', $1), ('${IMPORT_FOLDER}', $2)) AND status IN ('queued', 'running')`,
    values: [importId, seriesOf(importId)],
  });
  return rowCount !== null && rowCount > 0;
}

const jobIds = loaderFamily<string | null>();

/** The actor's own job that was asked to import this. */
export function loadJobId(context: GraphqlContext, importId: string): Promise<string | null> {
  const { actor, reads } = context;
  return jobIds(context, 'job of an import', () => async (importIds) => {
    const found = await reads.query<{ singleton: string; job_id: string }>(
      'jobs of imports',
      `SELECT j.singleton, j.job_id
         FROM jobs j
        WHERE (j.kind = '${IMPORT}' AND j.singleton = ANY($1) OR j.kind = '${IMPORT_FOLDER}' AND j.singleton = ANY($2))
          AND j.actor = $3 AND ${IMPORTS_ITSELF}
        ORDER BY j.job_id`,
      [importIds, importIds.map(seriesOf), actor.label],
    );
    const byName = new Map(found.map(({ singleton, job_id }) => [singleton, job_id]));
    return importIds.map((id) => byName.get(id) ?? byName.get(seriesOf(id)) ?? null);
  }).load(importId);
}

function laterAnswer({ importId, dataset, path }: LaterImport, jobId: string): RouteAnswer {
  const urls = { job_url: `/api/v1/jobs/${jobId}`, import_url: `/api/v1/imports/${importId}` };
  const body = { import_id: importId, job_id: jobId, dataset, path, status: 'queued', ...urls };
  return { status: 202, headers: { location: urls.job_url }, body: JSON.stringify(body) };
}

/** @throws AppError INTERNAL for arguments that no release has written */
export function laterImportOf(given: unknown): LaterImport & { readonly fileId: string } {
  const values = isJsonObject(given) ? given : {};
  const text = (name: string): string => {
    const value = values[name];
    if (typeof value === 'string') return value;
    throw new AppError('INTERNAL', `The arguments of an import lack ${name}`);
  };
  return {
    importId: text('importId'),
    dataset: text('dataset'),
    path: text('path'),
    bodyType: values['bodyType'] === null ? null : text('bodyType'),
    fileId: text('fileId'),
    sentAt: new Date(text('sentAt')),
  };
}
