/** Imports that go on after their request is answered: their bytes are kept, and a job takes them in. */
import { createReadStream } from 'node:fs';
import type pg from 'pg';
import { type Files, keepFile } from '../files/files.ts';
import type { GraphqlContext } from '../graphql/context.ts';
import { keepAnswer, keyOfRequest } from '../graphql/idempotency.ts';
import { mutate } from '../graphql/mutate.ts';
import { inTurn } from '../graphql/turn.ts';
import type { RouteAnswer } from '../http/route.ts';
import { enqueueJob } from '../jobs/enqueue.ts';
import { AppError } from '../kernel/errors.ts';
import { isJsonObject } from '../kernel/json.ts';

/** Of the job, and of the files that wait for it. */
export const IMPORT = 'import';

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
const DAY_MS = 86_400_000;

/**
 * Keeps the bytes of `file` and asks for the job that imports them.
 * @throws AppError DISK_FULL, INTERRUPTED
 */
export async function importLater(
  context: GraphqlContext,
  { store }: Pick<Files, 'store'>,
  file: string,
  later: LaterImport,
): Promise<RouteAnswer> {
  const { actor, left } = context;
  const { importId, dataset, path, bodyType, sentAt } = later;
  const blob = await store.put(createReadStream(file), { most: Number.MAX_SAFE_INTEGER, signal: left });
  const write = () =>
    mutate(context, async ({ query, client }) => {
      const { fileId } = await keepFile(query, {
        blob,
        name: path,
        mediaType: bodyType ?? 'application/octet-stream',
        purpose: IMPORT,
        owner: actor,
        expiresAt: new Date(Date.now() + KEPT_DAYS * DAY_MS),
      });
      const given = { importId, dataset, path, bodyType, fileId, sentAt: sentAt.toISOString() };
      const jobId = await enqueueJob(query, { kind: IMPORT, arguments: given, actor, singleton: importId });
      const answer = laterAnswer(later, jobId);
      const key = keyOfRequest(context);
      if (key !== undefined) await keepAnswer(client, actor.label, key, JSON.stringify(answer));
      return answer;
    });
  return inTurn(context, 'write', write);
}

/** Whether an import of this id waits for its job, or runs in one. */
export async function isQueued(pool: pg.Pool, importId: string): Promise<boolean> {
  const { rowCount } = await pool.query({
    name: 'import queued',
    text: `SELECT FROM jobs WHERE kind = '${IMPORT}' AND singleton = $1 AND status IN ('queued', 'running')`,
    values: [importId],
  });
  return rowCount === 1;
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
