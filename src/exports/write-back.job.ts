/** The job that writes back into a source: an export made anew, or what was edited by hand. It acts as the source's owner. */
import { mkdir, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { GraphqlContext } from '../graphql/context.ts';
import { importerSlot } from '../ingest/importer-slot.ts';
import { defineJob, type JobData, type RunningJob } from '../jobs/job.ts';
import { writeAll } from '../kernel/durable.ts';
import { AppError } from '../kernel/errors.ts';
import { isJsonObject } from '../kernel/json.ts';
import { sourcesSlot } from '../sources/sources-house.ts';
import { asRunFault } from '../sources/sync/run-faults.ts';
import { finishWriteBack, shownFault } from '../sources/write-back/finish-write-back.ts';
import { openWriteBack } from '../sources/write-back/open-place.ts';
import { fenced, knownItem, putBack, type WriteBackRun } from '../sources/write-back/put-back.ts';
import type { Payload } from '../sources/write-back/put-file.ts';
import { lastChange } from '../sources/write-back/seen-change.ts';
import { WRITE_BACK, type WriteBackRow } from '../sources/write-back/write-back.ts';
import { writeRowsBack } from '../sources/write-back/write-rows-back.ts';
import { exporterSlot } from './exporter.ts';
import { formatNamed } from './formats.ts';
import { createMeter } from './meter.ts';
import { checkedRequest, type ExportRequest } from './request.ts';
import { onSnapshot, writeExport } from './write.ts';

export default defineJob({
  kind: WRITE_BACK,
  role: 'editor',
  scope: 'sources',
  retries: 5,
  concurrency: 2,
  run: async (context, job) => {
    const { writeBackId } = job.arguments;
    if (typeof writeBackId !== 'string') throw new AppError('BAD_USER_INPUT', 'The job names no write-back');
    const house = sourcesSlot.get(context);
    const spool = join(house.dataDir, 'spool', `write-back-${job.id}`);
    const { actor } = context;
    const { ingest, importRoots } = importerSlot.get(context);
    try {
      const opened = await openWriteBack(house, actor, writeBackId, { signal: job.signal, importRoots });
      const run: WriteBackRun = { ...opened, house, actor, job };
      await mkdir(spool, { recursive: true, mode: 0o700 });
      if (run.row.content === 'export') return await exportBack(context, run, spool);
      return await writeRowsBack(run, ingest, spool);
    } catch (thrown) {
      const fault = asRunFault(thrown);
      if (!job.signal.aborted) await keepFault(context, job, writeBackId, fault);
      throw fault;
    } finally {
      await rm(spool, { recursive: true, force: true });
    }
  },
});

/** The rows as they are now, over the file that we wrote before. */
async function exportBack(context: GraphqlContext, run: WriteBackRun, spool: string): Promise<JobData> {
  const { row, job } = run;
  const path = row.path ?? '';
  // Before the rows: what commits in between is written once more, rather than never.
  const seenChange = await lastChange(run);
  const { payload, rows } = await spoolExport(context, requestOf(row), join(spool, 'export'), job.signal);
  job.progress(0, payload.size, 'writing');
  const known = await knownItem(run, path);
  const outcome = await putBack(run, path, payload, known, (query, came) =>
    finishWriteBack(query, row, {
      status: came.status,
      ...(came.status === 'written' && { externalId: came.item?.id, version: came.version, hash: payload.hash }),
      ...(came.status === 'conflict' && { conflictPath: came.copy }),
      ...(came.status !== 'waiting' && { seenChange }),
    }),
  );
  return { ...asResult(outcome), path, rows, bytes: payload.size };
}

const asResult = ({ status, ...rest }: { readonly status: string } & Readonly<Record<string, unknown>>): JobData => ({
  status,
  ...('copy' in rest ? { conflictPath: rest['copy'] } : {}),
  ...('reason' in rest ? { reason: rest['reason'] } : {}),
});

async function spoolExport(
  context: GraphqlContext,
  request: ExportRequest,
  file: string,
  signal: AbortSignal,
): Promise<{ readonly payload: Payload; readonly rows: number }> {
  const target = await open(file, 'w', 0o600);
  try {
    const meter = createMeter({ write: (bytes) => writeAll(target, bytes) });
    const { rows } = await onSnapshot(context, signal, (session) =>
      writeExport(context, exporterSlot.get(context), session, request, meter, signal),
    );
    const { mediaType } = formatNamed(request.format);
    return { rows, payload: { file, size: meter.bytes(), hash: meter.hash(), mediaType } };
  } finally {
    await target.close();
  }
}

function requestOf({ dataset, format, request }: WriteBackRow): ExportRequest {
  return checkedRequest(dataset, format ?? 'csv', isJsonObject(request) ? request : {});
}

/** Where the job itself is put off or tried again, people see why meanwhile. */
async function keepFault(
  { database, actor }: GraphqlContext,
  job: RunningJob,
  writeBackId: string,
  fault: unknown,
): Promise<void> {
  await fenced({ house: { database }, actor, job }, ({ query }) =>
    finishWriteBack(query, { write_back_id: writeBackId }, { status: 'failed', error: shownFault(fault) }),
  );
}
