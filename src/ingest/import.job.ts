/** The job that imports what was sent with a request that did not wait. */
import { createWriteStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { writeSession } from '../database/session.ts';
import { dropFile, filesSlot, findFile } from '../files/files.ts';
import type { GraphqlContext } from '../graphql/context.ts';
import { defineJob, type JobData, type RunningJob } from '../jobs/job.ts';
import { AppError, asAppError } from '../kernel/errors.ts';
import { uuidv7 } from '../kernel/uuid.ts';
import { failureOf, importTold, MOST_TOLD } from './import-answer.ts';
import { type ImportRequest, type ImportResult, importFile, importMatched } from './import-file.ts';
import { IMPORT, type LaterImport, laterImportOf } from './import-later.ts';
import { type Importer, importerSlot } from './importer-slot.ts';
import { BODY_TYPES, bodyMatch } from './ingest-body.ts';
import { readResult } from './ingest-records.ts';
import { datasetNamed } from './match.ts';
import { tellNeverBegun } from './never-begun.ts';
import { sentBeforeIsIn } from './sent-before.ts';

export default defineJob({
  kind: IMPORT,
  role: 'importer',
  retries: 3,
  // Each takes two connections of ten: whoever starts a hundred must leave some to those who edit and ask.
  concurrency: 2,
  ended: tellNeverBegun,
  run: async (context, job) => {
    const later = laterImportOf(job.arguments);
    // An attempt that was cut after its commit did everything but tell of it; while this one holds the job none can commit.
    const before = await readResult(context, later.importId);
    const found = await findFile(context.reads.query, later.fileId);
    await context.reads.refresh();
    if (before?.status === 'imported' || before?.status === 'unchanged') return importTold(before);
    if (found === undefined) {
      throw new AppError('NOT_FOUND', 'What was to be imported is no longer kept', { hint: 'Send it again.' });
    }
    await sentBeforeIsIn(context, job, later.path);
    return withCopy(context, found.hash, async (file) => {
      const drop = () =>
        writeSession(context.database.write, context.actor, ({ query }) => dropFile(query, later.fileId));
      try {
        const told = await importCopy(context, job, later, file);
        await drop();
        return told;
      } catch (thrown) {
        if (liesInBytes(asAppError(thrown), job.signal)) await drop();
        throw thrown;
      }
    });
  },
});

/**
 * Whether the bytes would fail alike whoever tried again. Those of a job that was cancelled, or failed of something else,
 * are there for its retry until they expire.
 */
function liesInBytes({ kind, code }: AppError, signal: AbortSignal): boolean {
  return !signal.aborted && (kind === 'data' || kind === 'user') && code !== 'INTERRUPTED';
}

async function importCopy(
  context: GraphqlContext,
  job: RunningJob,
  later: LaterImport,
  file: string,
): Promise<JobData> {
  const { importId, path, dataset, bodyType, sentAt } = later;
  const importer = importerSlot.get(context);
  const requireWanted = (): void => {
    if (job.signal.aborted) throw new AppError('INTERRUPTED', 'The import was cancelled, or the server stopped');
  };
  const request: ImportRequest = {
    ...{ file, path, dataset, actor: context.actor, importId, modifiedAt: sentAt, tellUpTo: MOST_TOLD },
    signal: job.signal,
    onProgress: ({ bytesRead, bytesTotal, read }) => {
      requireWanted();
      job.progress(bytesRead, bytesTotal, `${read} records`);
    },
    beforeCommit: async ({ query }) => {
      requireWanted();
      await job.fence(query);
    },
  };
  const result = await importAs(importer, bodyType, request, dataset);
  if (result.status === 'failed') throw failureOf(result.error);
  return importTold(result);
}

async function importAs(
  { ingest }: Importer,
  bodyType: string | null,
  request: ImportRequest,
  dataset: string,
): Promise<ImportResult> {
  const type = bodyType === null ? undefined : BODY_TYPES[bodyType];
  if (type === undefined) return importFile(ingest, request);
  const match = await bodyMatch(datasetNamed(ingest, dataset), type, { path: request.file });
  return importMatched(ingest, { ...request, whole: false }, match);
}

/** The bytes as a file of this machine, wherever they are kept. */
async function withCopy<T>(context: GraphqlContext, hash: string, work: (file: string) => Promise<T>): Promise<T> {
  const { uploads } = importerSlot.get(context);
  await mkdir(uploads, { recursive: true, mode: 0o700 });
  const file = join(uploads, uuidv7());
  try {
    const bytes = await filesSlot.get(context).store.open(hash);
    await pipeline(bytes, createWriteStream(file, { flags: 'wx', mode: 0o600 }));
    return await work(file);
  } finally {
    await rm(file, { force: true });
  }
}
