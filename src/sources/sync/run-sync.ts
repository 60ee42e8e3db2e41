/** One run over one source: list, read, delete, in steps that commit for themselves and are gone on with after a crash. */
import { join } from 'node:path';
import { readSession, writeSession } from '../../database/session.ts';
import { AGAIN, type JobData, type RunningJob } from '../../jobs/job.ts';
import { crashPoint } from '../../kernel/crash-point.ts';
import { AppError, asAppError } from '../../kernel/errors.ts';
import { createClaims } from './claims.ts';
import { deleteMissing } from './delete-missing.ts';
import { finishRun, recordFailure } from './finish.ts';
import type { SyncHouse } from './house.ts';
import { listSource } from './list-source.ts';
import { readItems } from './read-items.ts';
import { reclaim } from './reclaim.ts';
import { takeOverByHash } from './rename.ts';
import { renewable } from './renewal.ts';
import { openRun, type SyncRun } from './run.ts';
import { asRunFault } from './run-faults.ts';
import { readSource, type SyncSource, sourceGone } from './source.ts';
import { readState } from './state.ts';
import { type SyncOrder, syncOrderOf } from './sync-job.ts';

/** So often a run goes round for requests that come while it runs; for those after that its end asks for another. */
const MOST_ROUNDS = 5;

/**
 * Runs a sync as its source's owner. What it returns is the job's result.
 * @throws AppError RATE_LIMITED with a time to wait, SOURCE_UNAVAILABLE (tried again), NEEDS_REAUTH, and what the place refuses
 */
export async function runSync(house: SyncHouse, job: RunningJob): Promise<JobData> {
  const order = syncOrderOf(job.arguments);
  const source = await findSource(house, order);
  const aborting = new AbortController();
  const signal = AbortSignal.any([job.signal, aborting.signal]);
  try {
    const connector = await house.connectorOf(source.source_type);
    const opened = renewable(await house.openContext(source, connector, signal));
    const spool = join(house.spool, source.source_id);
    const run = openRun(house, { source, connector, context: opened.context, renewing: opened.renewing, job, spool });
    let isFull = order.type === 'full_sync';
    for (let round = 1; ; round += 1) {
      const result = await goRound(house, run, isFull);
      const again = round < MOST_ROUNDS ? await askedAgain(run) : undefined;
      if (again === undefined) return result;
      isFull = again.type === 'full_sync';
    }
  } catch (thrown) {
    // Whoever changed the source, or has the job by now, knows of it.
    const isInterrupted = job.signal.aborted || asAppError(thrown).code === 'INTERRUPTED';
    if (!isInterrupted) await recordFailure(house, job, source, thrown);
    throw asRunFault(thrown);
  } finally {
    // What a connector still has under way ends with the run.
    aborting.abort(new AppError('INTERRUPTED', 'The run is over'));
  }
}

async function findSource(house: SyncHouse, { sourceId }: SyncOrder): Promise<SyncSource> {
  const source = await readSession(house.database.read, house.actor, (query) => readSource(query, sourceId));
  if (source !== undefined) return source;
  throw sourceGone();
}

async function goRound(house: SyncHouse, run: SyncRun, isFull: boolean): Promise<JobData> {
  const { source } = run;
  const [state, transforms] = await writeSession(house.database.write, house.actor, async ({ query }) => {
    await run.hold(query);
    return [await readState(query, run), await house.transforms?.(query, source.source_id)];
  });
  const claims = createClaims(source, house.ingest, transforms);
  crashPoint('sync.begun');
  let begun = state;
  const listed = await run.renewing(async () => {
    try {
      return await listSource(run, begun, isFull && begun.pass === undefined);
    } catch (thrown) {
      // With another token it goes on after the last checkpoint.
      begun = await writeSession(house.database.write, house.actor, ({ query }) => readState(query, run));
      throw thrown;
    }
  });
  await takeOverByHash(run);
  crashPoint('sync.renamed');
  await reclaim(run, claims, state.rulesHash);
  await readItems(run, claims);
  const { waiting } = await deleteMissing(run);
  await finishRun(run, waiting);
  crashPoint('sync.finished');
  const { found: _found, ...counts } = run.counted();
  return {
    status: waiting > 0 ? 'waiting' : 'completed',
    coverage: listed.coverage,
    found: listed.told,
    ...counts,
    waiting,
  };
}

/** What somebody asked for while the run was under way; it is asked for once. */
function askedAgain(run: SyncRun): Promise<SyncOrder['again']> {
  return run.write(async ({ query }) => {
    const [asked] = await query<{ before: unknown }>(
      'sync asked again',
      `UPDATE jobs j SET arguments = j.arguments - '${AGAIN}'
         FROM (SELECT job_id, arguments AS before FROM jobs WHERE job_id = $1 FOR UPDATE) b
        WHERE j.job_id = b.job_id
       RETURNING b.before`,
      [run.job.id],
    );
    return { result: asked === undefined ? undefined : syncOrderOf(Object(asked.before)).again };
  });
}
