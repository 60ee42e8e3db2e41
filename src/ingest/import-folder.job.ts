/** The job that imports the files of a folder for a request that did not wait. */
import { writeSession } from '../database/session.ts';
import { dropFile, filesSlot, findFile } from '../files/files.ts';
import type { GraphqlContext } from '../graphql/context.ts';
import { defineJob, type JobData, type RunningJob } from '../jobs/job.ts';
import { asJobError } from '../jobs/job-errors.ts';
import { AppError } from '../kernel/errors.ts';
import { uuidOfSeries } from '../kernel/uuid.ts';
import { type ClaimedFile, claimFiles } from './claim-files.ts';
import { type LaterFolder, type ListedFile, laterFolderOf, readListed } from './folder-later.ts';
import { resolvePlace } from './folder-place.ts';
import { type FolderTotals, importClaimed, totalsOf } from './import-folder.ts';
import { IMPORT_FOLDER } from './import-later.ts';
import { importerSlot } from './importer-slot.ts';
import { type EndedResult, readResults } from './ingest-records.ts';
import { beginImport, failImport, faultOf, type ImportFault } from './journal.ts';
import { datasetNamed } from './match.ts';
import { askToTellRest, endedSince, onlyToTell } from './never-begun.ts';

type Promised = ListedFile & { readonly importId: string };

export default defineJob({
  kind: IMPORT_FOLDER,
  role: 'importer',
  retries: 3,
  concurrency: 1,
  ended: askToTellRest,
  run: async (context, job) => {
    const later = laterFolderOf(job.arguments);
    const kept = await findFile(context.reads.once, later.fileId);
    if (kept === undefined) {
      throw new AppError('NOT_FOUND', 'Which files were to be imported is no longer kept', { hint: 'Ask again.' });
    }
    const listed = await readListed(filesSlot.get(context).store, kept.hash);
    const promised = listed.map((file, place) => ({ ...file, importId: uuidOfSeries(later.series, place) }));
    const telling = onlyToTell(job.arguments);
    if (telling !== undefined) {
      await failAll(context, promised, telling.fault, telling.since);
      return { series: later.series };
    }
    const since = await attemptBegan(context, job);
    // What failed first is what the job tells; its end asks for what is not told by then.
    const untold = (err: unknown): void =>
      context.log.warn({ err, jobId: job.id }, 'failed imports could not be recorded');
    const taken = await takenBefore(context, promised);
    const rest = promised.filter(({ importId }) => !taken.has(importId));
    try {
      const totals = await importRest(context, { job, since }, later, rest, [...taken.values()]);
      await writeSession(context.database.write, context.actor, async ({ query }) => {
        // Another attempt that goes on with it still needs the list.
        await job.fence(query);
        await dropFile(query, later.fileId);
      });
      return { series: later.series, totals } satisfies JobData;
    } catch (thrown) {
      // Whoever was answered RUNNING must find the import failed, also if it never began. What is tried again begins it.
      const fault = asJobError(thrown);
      if (!job.signal.aborted && isLasting(fault)) await failAll(context, rest, faultOf(fault), since).catch(untold);
      throw fault;
    }
  },
});

/** Whether no other attempt will go on with the files. */
function isLasting({ kind, code }: AppError): boolean {
  return kind !== 'transient' && code !== 'INTERRUPTED';
}

/** By the database's clock; null of a job that no worker holds. */
async function attemptBegan({ reads }: GraphqlContext, { id }: RunningJob): Promise<Date | null> {
  const [line] = await reads.once<{ started_at: Date | null }>(
    'folder job began',
    'SELECT started_at FROM jobs WHERE job_id = $1',
    [id],
  );
  return line?.started_at ?? null;
}

/**
 * What an attempt before this one took in. Whatever failed is tried again: the file may have been mended since, or what the
 * whole job failed of.
 */
async function takenBefore(
  context: GraphqlContext,
  promised: readonly Promised[],
): Promise<ReadonlyMap<string, EndedResult>> {
  const found = await readResults(context, idsOf(promised));
  await context.reads.refresh();
  const taken = found.filter(({ status }) => status !== 'running' && status !== 'failed');
  return new Map(taken.map((one) => [one.importId, one]));
}

const idsOf = (promised: readonly Promised[]): readonly string[] => promised.map(({ importId }) => importId);

interface FolderAttempt {
  readonly job: RunningJob;
  readonly since: Date | null;
}

async function importRest(
  context: GraphqlContext,
  { job, since }: FolderAttempt,
  { dataset, ...place }: LaterFolder,
  rest: readonly Promised[],
  taken: readonly EndedResult[],
): Promise<FolderTotals> {
  const { ingest, importRoots } = importerSlot.get(context);
  const folder = await resolvePlace(importRoots, place);
  const { claimed } = await claimFiles(ingest, { root: folder, dataset: dataset ?? undefined });
  const byPath = new Map(claimed.map((one) => [one.file.path, one]));
  const there: ClaimedFile[] = [];
  const absent: Promised[] = [];
  for (const one of rest) {
    const found = byPath.get(one.path);
    if (found?.match.dataset.name === one.dataset) there.push({ ...found, importId: one.importId });
    else absent.push(one);
  }
  const { actor } = context;
  const total = rest.length + taken.length;
  job.progress(taken.length, total);
  const { imports, gone } = await importClaimed(ingest, there, {
    actor,
    signal: job.signal,
    beforeCommit: ({ query }) => job.fence(query),
    onFile: ({ path }, done) => job.progress(taken.length + done, total, path),
  });
  const left = new Set(gone.map(({ importId }) => importId));
  const missing = new AppError('FILE_MISSING', 'The file was gone, or another dataset’s, when its turn came');
  await failAll(context, [...absent, ...rest.filter(({ importId }) => left.has(importId))], faultOf(missing), since);
  return totalsOf([...taken, ...imports]);
}

/** Each ends with a line in the imports; what has come to its end since `since` keeps it. */
async function failAll(
  context: GraphqlContext,
  failed: readonly Promised[],
  fault: ImportFault,
  since: Date | string | null,
): Promise<void> {
  const { ingest } = importerSlot.get(context);
  const { write } = context.database;
  const { actor } = context;
  const ended = await endedSince(context.reads.once, idsOf(failed), since);
  for (const { importId, path, dataset } of failed) {
    if (ended.has(importId)) continue;
    const match = { dataset: datasetNamed(ingest, dataset), pattern: { pattern: '**' }, authority: 0 };
    await beginImport(write, { importId, path, match, actor, file: null }, 'running');
    await failImport(write, importId, fault);
  }
}
