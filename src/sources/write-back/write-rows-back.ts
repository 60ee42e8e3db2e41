/** What was edited by hand, back into the files that said otherwise: each keeps its columns, quotes, encoding and line ends. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import picomatch from 'picomatch';
import { readSession } from '../../database/session.ts';
import type { Dataset } from '../../ingest/dataset.ts';
import { importMatched } from '../../ingest/import-file.ts';
import { inspectFile } from '../../ingest/inspect.ts';
import { datasetNamed, type Match, matchFile } from '../../ingest/match.ts';
import { fileFacts } from '../../ingest/read/source.ts';
import type { Ingest } from '../../ingest/run.ts';
import type { JobData } from '../../jobs/job.ts';
import { uuidv7 } from '../../kernel/uuid.ts';
import { pathPart } from '../kit/paths.ts';
import { requestSync } from '../sync/request-sync.ts';
import { type Finished, finishWriteBack } from './finish-write-back.ts';
import { recordWritten } from './known-item.ts';
import { fenced, recordHindrance, sendBack, type WriteBackRun } from './put-back.ts';
import type { Payload, PutOutcome } from './put-file.ts';
import { applyPatches } from './rows/apply-patches.ts';
import { type EditedItem, readEditedItems, readEditedRows } from './rows/edited-rows.ts';
import { fetchKnown } from './rows/fetch-known.ts';
import { type EditsByKey, findPatches } from './rows/find-patches.ts';
import { lastChange } from './seen-change.ts';
import type { OutcomeStatus } from './write-back.ts';

/** What came of one file. */
interface FileOutcome {
  readonly path: string;
  readonly status: OutcomeStatus;
  readonly edits: number;
  readonly left: readonly string[];
  readonly conflictPath?: string | undefined;
}

/** As the result of the job: the first of these that a file came to. */
const GRAVEST: readonly OutcomeStatus[] = ['conflict', 'waiting', 'written', 'unchanged'];
/** Named in words; the others are counted. */
const MOST_NAMED = 10;

/** @throws ConnectorError for what is wrong with the place; AppError */
export async function writeRowsBack(run: WriteBackRun, ingest: Ingest, spool: string): Promise<JobData> {
  const { row, source, house, actor } = run;
  const dataset = datasetNamed(ingest, row.dataset);
  const seenChange = await lastChange(run);
  const { rows, items, transformed } = await readSession(house.database.read, actor, async (query) => ({
    rows: await readEditedRows(query, dataset),
    items: await readEditedItems(query, source, dataset, row.path),
    transformed: await query<{ pattern: string | null }>(
      'write-back transformations',
      'SELECT pattern FROM etl_transformations WHERE source_id = $1 AND is_active ORDER BY position, id',
      [source.source_id],
    ),
  }));
  const isTransformed = (path: string): boolean =>
    transformed.some(
      ({ pattern }) => pattern === null || picomatch.isMatch(path, pattern, { nocase: true, dot: true }),
    );
  const outcomes: FileOutcome[] = [];
  for (const [done, item] of items.entries()) {
    run.job.signal.throwIfAborted();
    run.job.progress(done, items.length, item.external_path);
    const path = item.external_path;
    // What a transformation makes of a record cannot be turned back.
    if (isTransformed(path)) outcomes.push({ path, status: 'unchanged', edits: 0, left: [`${path}: is transformed`] });
    else outcomes.push(await writeFileBack(run, ingest, dataset, item, rows, join(spool, String(done))));
  }
  const finished = summary(outcomes);
  await fenced(run, async ({ query }) => {
    await finishWriteBack(query, row, { ...finished, ...(finished.status !== 'waiting' && { seenChange }) });
    if (finished.status !== 'waiting') return;
    await requestSync(query, source, { type: 'incremental', requestedBy: `write-back:${row.name}` });
  });
  const files = outcomes.filter(({ status }) => status === 'written').map(({ path }) => path);
  const left = outcomes.flatMap((one) => one.left);
  return { status: finished.status, files, edits: outcomes.reduce((sum, { edits }) => sum + edits, 0), left };
}

async function writeFileBack(
  run: WriteBackRun,
  ingest: Ingest,
  dataset: Dataset,
  item: EditedItem,
  rows: EditsByKey,
  file: string,
): Promise<FileOutcome> {
  const path = item.external_path;
  const nothing = { path, edits: 0, left: [] };
  const matched = matchFile(ingest, fileFacts(path, new Date(0)), dataset.name);
  if (item.sync_status !== 'synced') return { ...nothing, status: 'waiting' };
  if ('skipped' in matched) return { ...nothing, status: 'unchanged', left: [`${path}: ${matched.skipped}`] };
  if (!(await fetchKnown(run.place, item, file))) return { ...nothing, status: 'waiting' };
  const found = await findPatches(await inspectFile(file, path), matched.match, rows);
  if (found === undefined) {
    return { ...nothing, status: 'unchanged', left: [`${path}: files like this are not written`] };
  }
  const left = found.left.map((words) => `${path}, ${words}`);
  if (found.patches.length === 0) return { ...nothing, status: 'unchanged', left };
  const payload = await applyPatches(file, `${file}.new`, found.patches);
  const outcome = await sendBack(run, path, payload, item);
  await takeIn(run, ingest, matched.match, item, payload, outcome);
  await rm(file, { force: true });
  await rm(payload.file, { force: true });
  const conflictPath = outcome.status === 'conflict' ? outcome.copy : undefined;
  return { path, status: outcome.status, edits: found.patches.length, left, conflictPath };
}

/**
 * Takes in what was written, as if the listing had told of it: the rows' edits have come to their file with that, and their
 * origin is what the file says now. A run that is cut before is made up for by the next listing.
 */
async function takeIn(
  run: WriteBackRun,
  ingest: Ingest,
  match: Match,
  item: EditedItem,
  payload: Payload,
  outcome: PutOutcome,
): Promise<void> {
  const { source, actor, job } = run;
  const remote = outcome.status === 'written' ? outcome.item : undefined;
  if (remote === undefined) {
    await fenced(run, ({ query }) => recordHindrance(query, run, item, outcome));
    return;
  }
  const importId = uuidv7();
  const path = `${pathPart(source.name)}/${item.external_path}`;
  const { status } = await importMatched(
    ingest,
    {
      ...{ file: payload.file, path, actor, importId, signal: job.signal },
      beforeCommit: async ({ query }) => {
        await recordWritten(query, source, remote, payload, importId);
        await job.fence(query);
      },
    },
    match,
  );
  // The same bytes as were taken in before: there is nothing to commit with.
  if (status === 'unchanged') await fenced(run, ({ query }) => recordWritten(query, source, remote, payload));
}

function summary(outcomes: readonly FileOutcome[]): Finished {
  const status = GRAVEST.find((grave) => outcomes.some((one) => one.status === grave)) ?? 'unchanged';
  const left = outcomes.flatMap((one) => one.left);
  const conflictPath = outcomes.find((one) => one.conflictPath !== undefined)?.conflictPath;
  if (left.length === 0) return { status, conflictPath };
  const named = left.slice(0, MOST_NAMED).join('; ');
  const message = `${left.length} edits cannot be written back: ${named}${left.length > MOST_NAMED ? '; …' : ''}`;
  const hint = 'Write them into the file by hand, or write the dataset back as an export.';
  return { status, conflictPath, error: { code: 'BAD_USER_INPUT', message, hint } };
}
