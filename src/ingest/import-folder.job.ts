/** The job that imports the files of a folder for a request that did not wait. */
import { writeSession } from '../database/session.ts';
import { dropFile, filesSlot, findFile } from '../files/files.ts';
import type { GraphqlContext } from '../graphql/context.ts';
import { defineJob, type JobData, type RunningJob } from '../jobs/job.ts';
import { AppError, asAppError } from '../kernel/errors.ts';
import { uuidOfSeries } from '../kernel/uuid.ts';
import { type ClaimedFile, claimFiles } from './claim-files.ts';
import { type LaterFolder, type ListedFile, laterFolderOf, readListed } from './folder-later.ts';
import { resolvePlace } from './folder-place.ts';
import { type FolderTotals, importClaimed, totalsOf } from './import-folder.ts';
import { IMPORT_FOLDER } from './import-later.ts';
import { importerSlot } from './importer-slot.ts';
import { type EndedResult, mayPass, readResults } from './ingest-records.ts';
import { beginImport, failImport, faultOf, type ImportFault } from './journal.ts';
import { datasetNamed } from './match.ts';
import { askToTellRest, onlyToTell } from './never-begun.ts';

type Promised = ListedFile & { readonly importId: string };

export default defineJob({
  kind: IMPORT_FOLDER,
  role: 'importer',
  retries: 3,
  concurrency: 1,
  ended: askToTellRest,
  run: async (context, job) => {
    const later = laterFolderOf(job.arguments);
    const kept = await findFile(context.reads.query, later.fileId);
    if (kept === undefined) {
      throw new AppError('NOT_FOUND', 'Which files were to be imported is no longer kept', { hint: 'Ask again.' });
    }
    const listed = await readListed(filesSlot.get(context).store, kept.hash);
    const promised = listed.map((file, place) => ({ ...file, importId: uuidOfSeries(later.series, place) }));
    const ended = await endedBefore(context, promised);
    const rest = promised.filter(({ importId }) => !ended.has(importId));
    const because = onlyToTell(job.arguments);
    if (because !== undefined) {
      await failAll(context, rest, because);
      return { series: later.series };
    }
    try {
      const totals = await importRest(context, job, later, rest, [...ended.values()]);
      await writeSession(context.database.write, context.actor, async ({ query }) => {
        // Another attempt that goes on with it still needs the list.
        await job.fence(query);
        await dropFile(query, later.fileId);
      });
      return { series: later.series, totals } satisfies JobData;
    } catch (thrown) {
      // Whoever was answered RUNNING must find the import failed, also if it never began. What is tried again begins it.
      if (!job.signal.aborted && isLasting(asAppError(thrown))) await failAll(context, rest, faultOf(thrown));
      throw thrown;
    }
  },
});

/** Whether no other attempt will go on with the files. */
function isLasting({ kind, code }: AppError): boolean {
  return kind !== 'transient' && code !== 'INTERRUPTED';
}

/** What an attempt before this one brought to an end that trying again would not change. */
async function endedBefore(
  context: GraphqlContext,
  promised: readonly Promised[],
): Promise<ReadonlyMap<string, EndedResult>> {
  const found = await readResults(
    context,
    promised.map(({ importId }) => importId),
  );
  await context.reads.refresh();
  const ended = found.filter((one) => one.status !== 'running' && !(one.status === 'failed' && mayPass(one)));
  return new Map(ended.map((one) => [one.importId, one]));
}

async function importRest(
  context: GraphqlContext,
  job: RunningJob,
  { dataset, ...place }: LaterFolder,
  rest: readonly Promised[],
  ended: readonly EndedResult[],
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
  const total = rest.length + ended.length;
  const { imports, gone } = await importClaimed(ingest, there, {
    actor,
    signal: job.signal,
    beforeCommit: ({ query }) => job.fence(query),
    onFile: ({ path }, done) => job.progress(ended.length + done, total, path),
  });
  const left = new Set(gone.map(({ importId }) => importId));
  const missing = new AppError('FILE_MISSING', 'The file was gone, or another dataset’s, when its turn came');
  await failAll(context, [...absent, ...rest.filter(({ importId }) => left.has(importId))], faultOf(missing));
  return totalsOf([...ended, ...imports]);
}

/** Each ends with a line in the imports; what has come to its end keeps it. */
async function failAll(context: GraphqlContext, failed: readonly Promised[], fault: ImportFault): Promise<void> {
  const { ingest } = importerSlot.get(context);
  const { write } = context.database;
  const { actor } = context;
  try {
    const ended = await endedBefore(context, failed);
    for (const { importId, path, dataset } of failed) {
      if (ended.has(importId)) continue;
      const match = { dataset: datasetNamed(ingest, dataset), pattern: { pattern: '**' }, authority: 0 };
      await beginImport(write, { importId, path, match, actor, file: null }, 'running');
      await failImport(write, importId, fault);
    }
  } catch (err) {
    // What failed first is what the job tells.
    ingest.log.warn({ err: asAppError(err), imports: failed.length }, 'failed imports could not be recorded');
  }
}
