/** Records that a REST client sends, taken in as one import: once under its Idempotency-Key, and answered record by record. */
import type { GraphqlContext } from '../graphql/context.ts';
import { forgetResult, keepAnswer, keyOfRequest } from '../graphql/idempotency.ts';
import { mutate } from '../graphql/mutate.ts';
import { inTurn } from '../graphql/turn.ts';
import { HttpError, statusOf } from '../http/http-error.ts';
import { FIRST_OF_OURS, type RouteAnswer } from '../http/route.ts';
import { uuidv7 } from '../kernel/uuid.ts';
import { answerUnder } from '../rest/idempotent.ts';
import { failureOf, importAnswer, MOST_TOLD } from './import-answer.ts';
import { type ImportRequest, type ImportResult, importMatched } from './import-file.ts';
import { importerSlot } from './importer-slot.ts';
import type { Match } from './match.ts';
import { jobsOfPathAreIn } from './sent-before.ts';

export interface SentRecords {
  /** Absolute: the records on disk. */
  readonly file: string;
  /** As it is kept. */
  readonly path: string;
  readonly match: Match;
  readonly dryRun: boolean;
}

/** What the request does, as its Idempotency-Key knows it. */
const INGEST = 'ingest';

/**
 * Imports the records and says what became of each.
 * @throws AppError CONFLICT (409, with Retry-After) while the same request is being done; RATE_LIMITED, DATABASE_UNREACHABLE
 */
export function ingestRecords(context: GraphqlContext, sent: SentRecords): Promise<RouteAnswer> {
  // A dry run writes nothing, however often it is sent.
  if (sent.dryRun) return ingestNow(context, sent, uuidv7());
  return onceStarted(context, (importId) => ingestNow(context, sent, importId));
}

async function ingestNow(context: GraphqlContext, sent: SentRecords, importId: string): Promise<RouteAnswer> {
  const { actor, requestId } = context;
  const { ingest } = importerSlot.get(context);
  const { file, path, match, dryRun } = sent;
  if (!dryRun) await jobsOfPathAreIn(context, path);
  const beforeCommit = keptAnswerOf(context);
  const request = { file, path, actor, dryRun, importId, modifiedAt: new Date(), whole: false, tellUpTo: MOST_TOLD };
  return inTurn(context, 'import', async () =>
    importAnswer(await importMatched(ingest, { ...request, beforeCommit }, match), requestId),
  );
}

/**
 * Keeps the answer under the request's key, if it has one: with the rows, or a crash between the two would leave a request
 * that can no longer be answered as it was.
 */
export function keptAnswerOf(context: GraphqlContext): ImportRequest['beforeCommit'] {
  const { actor, requestId } = context;
  const key = keyOfRequest(context);
  if (key === undefined) return undefined;
  return async ({ client }, results) => {
    for (const result of results)
      await keepAnswer(client, actor.label, key, JSON.stringify(importAnswer(result, requestId)));
  };
}

/**
 * Runs `start` with the id of a new import, unless the same request started one before: then what became of that. The id is
 * kept under the key before anything is read.
 * @throws AppError CONFLICT while that import runs; whatever `start` throws
 */
export async function onceStarted(
  context: GraphqlContext,
  start: (importId: string) => Promise<RouteAnswer>,
): Promise<RouteAnswer> {
  const key = keyOfRequest(context);
  if (key === undefined) return start(uuidv7());
  const own = uuidv7();
  const importId = await inTurn(context, 'write', () => mutate(context, async () => own, INGEST));
  if (importId === own) return startOrForget(context, own, start);
  const found = await readResult(context, importId);
  // What a killed process left undone is done now, and so is what failed for no reason that lies in the records.
  if (found?.status === 'failed' && mayPass(found)) {
    await forgetResult(context, INGEST, importId);
    return onceStarted(context, start);
  }
  if (found !== undefined && found.status !== 'running') {
    // It may have ended since this request looked for its answer, which tells of each record: the line does not.
    return (await answerUnder(context, key)) ?? importAnswer(found, context.requestId);
  }
  throw new HttpError(409, 'CONFLICT', 'The same request is being done at this moment', {
    path: 'Idempotency-Key',
    hint: 'Send it again when the import has ended; if it never began, send it under another key.',
    retryAfter: 1,
  });
}

async function startOrForget(
  context: GraphqlContext,
  importId: string,
  start: (importId: string) => Promise<RouteAnswer>,
): Promise<RouteAnswer> {
  try {
    return await start(importId);
  } catch (thrown) {
    await context.reads.refresh();
    const found = await readResult(context, importId);
    // Nothing of it was kept: put right, or tried again, it may be sent under the same key.
    if (found?.status !== 'imported') await forgetResult(context, INGEST, importId);
    throw thrown;
  }
}

/** Whether the same records may go in when they are sent again: no room on the disk, a fault of ours that was mended. */
export function mayPass({ error }: EndedResult): boolean {
  return error?.code === 'INTERRUPTED' || statusOf(failureOf(error)) >= FIRST_OF_OURS;
}

/** What an import's line says of it. */
export type EndedResult = Omit<ImportResult, 'dryRun'> & { readonly dryRun: false };

export async function readResult(context: GraphqlContext, importId: string): Promise<EndedResult | undefined> {
  const [found] = await readResults(context, [importId]);
  return found;
}

/** The lines of those that have one, in no order. */
export async function readResults(
  { reads }: GraphqlContext,
  importIds: readonly string[],
): Promise<readonly EndedResult[]> {
  const found = await reads.query<Omit<EndedResult, 'dryRun'> & Record<string, unknown>>(
    'imports by id',
    `SELECT import_id AS "importId", dataset, path, status, read, inserted, updated, unchanged, rejected, derived, error
       FROM imports
      WHERE import_id = ANY($1::uuid[])`,
    [importIds],
  );
  return found.map((one) => ({ ...one, dryRun: false }));
}
