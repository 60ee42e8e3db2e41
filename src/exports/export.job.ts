/** The job that writes an export into the store of files, for whoever asked to fetch it by a link. */
import { writeSession } from '../database/session.ts';
import type { Blob } from '../files/blob-store.ts';
import { filesSlot, keepFile } from '../files/files.ts';
import type { GraphqlContext } from '../graphql/context.ts';
import { defineJob, type JobData, type RunningJob } from '../jobs/job.ts';
import { exporterSlot } from './exporter.ts';
import { formatNamed } from './formats.ts';
import { endLineSql } from './log.ts';
import { createHandoff, type Sink } from './sink.ts';
import { EXPORT, type ExportTask, exportTaskOf } from './start.ts';
import { onSnapshot, writeExport } from './write.ts';

/** Bytes; a larger one is for the command line. */
const MOST_BYTES = 64 * 1024 ** 3;
/** Milliseconds that a file waits to be fetched. */
const KEPT_MS = 86_400_000;

export default defineJob({
  kind: EXPORT,
  role: 'viewer',
  retries: 3,
  // Of the connections for copies, half: the others are for those who wait.
  concurrency: 2,
  run: async (context, job) => {
    const task = exportTaskOf(job.arguments);
    // An attempt that was cut after its commit did everything but tell of it.
    const done = await writtenBefore(context, task.exportId);
    if (done !== undefined) return done;
    const { blob, rows } = await writeBlob(context, job, task);
    const { extension, mediaType } = formatNamed(task.request.format);
    const expiresAt = new Date(Date.now() + KEPT_MS);
    return writeSession(context.database.write, context.actor, async ({ query }): Promise<JobData> => {
      await job.fence(query);
      const owner = context.actor;
      const name = `${task.name}${extension}`;
      const { fileId } = await keepFile(query, { blob, name, mediaType, purpose: EXPORT, owner, expiresAt });
      await endLineSql(query, task.exportId, { rows, bytes: blob.size, hash: blob.hash, fileId });
      return { exportId: task.exportId, rows, bytes: blob.size };
    });
  },
});

async function writtenBefore(context: GraphqlContext, exportId: string): Promise<JobData | undefined> {
  const [found] = await context.reads.once<{ rows: number; bytes: number }>(
    'export written before',
    `SELECT rows::float8 AS rows, bytes::float8 AS bytes FROM exports WHERE export_id = $1 AND status = 'completed'`,
    [exportId],
  );
  return found && { exportId, rows: found.rows, bytes: found.bytes };
}

async function writeBlob(
  context: GraphqlContext,
  job: RunningJob,
  task: ExportTask,
): Promise<{ blob: Blob; rows: number }> {
  const { signal } = job;
  const ended = new AbortController();
  const either = AbortSignal.any([signal, ended.signal]);
  const handed = createHandoff();
  let bytes = 0;
  const told: Sink = {
    write: (piece) => {
      bytes += piece.length;
      job.progress(bytes, null, `${bytes} bytes`);
      return handed.write(piece);
    },
  };
  // Whichever of the two fails ends the other, which then fails because of it.
  const failed = (thrown: unknown): never => {
    ended.abort();
    handed.end(thrown);
    throw thrown;
  };
  const written = onSnapshot(context, either, async (session) => {
    const done = await writeExport(context, exporterSlot.get(context), session, task.request, told, either);
    handed.end();
    return done;
  }).catch(failed);
  const kept = filesSlot.get(context).store.put(handed.pieces, { most: MOST_BYTES, signal }).catch(failed);
  await Promise.allSettled([written, kept]);
  // Not before: while one ends, the other's failure would belong to nobody, which ends the process. And the store's first: what
  // the writer says of a full disk is that nobody takes its bytes, while what the writer says of its own the store hands on.
  const blob = await kept;
  const { rows } = await written;
  return { rows, blob };
}
