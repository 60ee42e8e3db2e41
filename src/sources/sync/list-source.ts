/** Lists a source from where the last run ended, and writes what is told as it comes. */
import { crashPoint } from '../../kernel/crash-point.ts';
import { ConnectorError, type Cursor } from '../connector.ts';
import { type Batch, openBatch } from './batch.ts';
import { keepBatch } from './keep-batch.ts';
import type { Pass } from './pass.ts';
import { watchRepetition } from './repetition.ts';
import type { SyncRun } from './run.ts';
import { beginPass, endPass, resumePass, type SourceState } from './state.ts';

export interface Listed {
  readonly coverage: 'full' | 'delta' | 'partial';
  /** Of this attempt. */
  readonly told: number;
}

/** Events in one transaction at most, and how few are worth one where a checkpoint comes. */
const MOST = 5_000;
const WORTH = 1_000;
/** Milliseconds after which a checkpoint is written however little came before it. */
const LATEST_MS = 2_000;

/**
 * Lists and writes until the pass is complete. With `isFull` everything is listed anew.
 * @throws ConnectorError for what is wrong with the place; AppError
 */
export async function listSource(run: SyncRun, state: SourceState, isFull: boolean): Promise<Listed> {
  const { connector } = run;
  const isListing = connector.capabilities.changes === 'listing';
  let cursor = state.cursor;
  let pass: Pass | undefined;
  if (state.pass !== undefined) pass = await resumePass(run, state.pass);
  else if (isFull || cursor === null || isListing) {
    if (isFull) cursor = null;
    pass = await beginPass(run, isFull);
  }
  try {
    return await listFrom(run, cursor, pass);
  } catch (thrown) {
    if (!(thrown instanceof ConnectorError) || thrown.kind !== 'cursor-expired' || cursor === null) throw thrown;
    run.log.warn({ err: thrown, sourceId: run.source.source_id }, 'a cursor is of no use any more; all is listed anew');
    return listFrom(run, null, await beginPass(run, true));
  }
}

async function listFrom(run: SyncRun, cursor: Cursor | null, begun: Pass | undefined): Promise<Listed> {
  const { connector, context, job } = run;
  const repetition = watchRepetition();
  let pass = begun;
  let batch = openBatch();
  let told = 0;
  let flushedAt = performance.now();
  /** While one batch is written, the next is listed. */
  let writing: Promise<void> = Promise.resolve();
  const flush = async (): Promise<void> => {
    const full: Batch = batch;
    batch = openBatch();
    flushedAt = performance.now();
    await writing;
    run.tell('listing', told, null);
    const own = pass;
    writing = keepBatch(run, full, own).then(() => crashPoint('sync.batch'));
    // Whoever waits for it hears of it.
    writing.catch(() => undefined);
  };
  try {
    for await (const event of connector.listChanges(cursor, context)) {
      job.signal.throwIfAborted();
      if (event.type === 'complete') {
        await flush();
        await writing;
        crashPoint('sync.listed');
        const isFull = event.coverage === 'full' && pass !== undefined;
        await endPass(run, { pass, cursor: event.cursor, isFull });
        crashPoint('sync.swept');
        return { coverage: event.coverage, told };
      }
      if (event.type === 'reset') {
        run.log.info({ sourceId: run.source.source_id, reason: event.reason }, 'a source is listed anew');
        await writing;
        batch = openBatch();
        pass = await beginPass(run, true);
        continue;
      }
      batch.add(event);
      if (event.type === 'checkpoint') {
        repetition.checkpoint(event.cursor);
        if (batch.size() >= WORTH || performance.now() - flushedAt > LATEST_MS) await flush();
        continue;
      }
      told += 1;
      if (event.type === 'upsert') repetition.told(event.item.id);
      if (batch.size() >= MOST) await flush();
    }
  } catch (thrown) {
    // What was told up to the last checkpoint is right whatever came after it.
    await writing;
    if (batch.cursor() !== undefined && !job.signal.aborted) await keepBatch(run, batch, pass);
    throw thrown;
  }
  await writing;
  throw new ConnectorError('transient', 'The listing ended without saying that it was complete');
}
