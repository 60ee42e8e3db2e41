/** Items that datasets claim, through the import pipeline: an item's state commits with the rows of its last import. */
import { posix } from 'node:path';
import type { Query } from '../../database/session.ts';
import { type ImportResult, importMatched } from '../../ingest/import-file.ts';
import { importGroup } from '../../ingest/import-group.ts';
import type { Match } from '../../ingest/match.ts';
import { type GroupMember, readAhead } from '../../ingest/read-ahead.ts';
import { claimSheets } from '../../ingest/sheets.ts';
import { crashPoint } from '../../kernel/crash-point.ts';
import { AppError, asAppError } from '../../kernel/errors.ts';
import { uuidv7 } from '../../kernel/uuid.ts';
import { pathPart } from '../kit/paths.ts';
import type { Claim } from './claims.ts';
import type { Fetched } from './fetch-item.ts';
import { countStates, failedState, type ItemState, writeStates } from './item-states.ts';
import type { Prepared } from './prepare-item.ts';
import type { SyncRun } from './run.ts';
import { dropDocuments } from './write-documents.ts';

export interface Importable extends Prepared {
  readonly fetched: Fetched;
  readonly claim: Extract<Claim, { to: 'dataset' }>;
}

interface Member extends GroupMember {
  readonly one: Importable;
  /** Of the imports of one item, its sheets', the last brings its state. */
  readonly isLast: boolean;
}

/** What else of a workbook goes where, beside the sheet that its own dataset takes. */
export async function sheetsOf(run: SyncRun, { path, found }: Prepared, match: Match | undefined) {
  if (found.is !== 'fetched' || posix.extname(path).toLowerCase() !== '.xlsx')
    return match === undefined ? [] : [{ path, match }];
  const { claims } = await claimSheets(run.ingest, { file: found.fetched.file, path }, match);
  return claims;
}

/** @throws AppError transient; INTERRUPTED where another process has the job by now */
export async function importItems(run: SyncRun, items: readonly Importable[]): Promise<void> {
  const importIds = new Map<string, Member>();
  /** Of items of several sheets: what those before the last came to. */
  const failures = new Map<bigint, ImportResult>();
  const beforeCommit: GroupMember['request']['beforeCommit'] = async ({ query }, results) => {
    const states = results.flatMap((result) => stateOf(importIds.get(result.importId), result, failures));
    await run.hold(query);
    await settle(query, states);
    await run.seal(query, countStates(states));
    crashPoint('sync.importing');
  };
  const members: Member[] = [];
  for (const one of items) {
    const transform = await one.claim.transform();
    const claims = await sheetsOf(run, one, one.claim.match);
    for (const [place, { path, match }] of claims.entries()) {
      const importId = uuidv7();
      const request = {
        ...{ file: one.fetched.file, path: `${pathPart(run.source.name)}/${path}`, actor: run.actor, importId },
        ...{ modifiedAt: notLater(one.item.external_modified_at), signal: run.job.signal, beforeCommit, transform },
      };
      const member = { match, request, one, isLast: place === claims.length - 1 };
      importIds.set(importId, member);
      members.push(member);
    }
  }
  for await (const group of readAhead(run.ingest, members)) {
    run.job.signal.throwIfAborted();
    const together = await importGroup(run.ingest, group);
    const late: ItemState[] = [];
    for (const member of group.members) {
      const result = together.get(member) ?? (await alone(run, member));
      run.job.signal.throwIfAborted();
      if (result.error?.code === 'INTERRUPTED') {
        // Whatever it was, the source or the job, says so with all that it has to say.
        await run.write(async () => ({ result: undefined }));
        throw new AppError('INTERRUPTED', result.error.message);
      }
      if (result.status === 'failed') failures.set(member.one.item.id, result);
      if (result.status !== 'imported') late.push(...stateOf(member, result, failures));
    }
    if (late.length > 0) {
      await run.write(async ({ query }) => {
        await settle(query, late);
        return { result: undefined, counts: countStates(late) };
      });
    }
    crashPoint('sync.imported');
  }
}

/** A document that became rows is none any more. */
async function settle(query: Query, states: readonly ItemState[]): Promise<void> {
  const former = states.flatMap(({ formerDocumentId: id }) => id ?? []);
  await dropDocuments(query, former);
  await writeStates(query, states);
}

/** A file that is gone from its own machine before it was read is the item's fault, not the run's. */
async function alone(run: SyncRun, { request, match }: Member): Promise<ImportResult> {
  try {
    return await importMatched(run.ingest, request, match);
  } catch (thrown) {
    const error = asAppError(thrown);
    if (error.code !== 'FILE_MISSING') throw thrown;
    const fault = { code: error.code, message: error.message, hint: error.hint ?? null };
    return {
      ...{
        importId: request.importId ?? '',
        path: request.path,
        dataset: match.dataset.name,
        status: 'failed',
        dryRun: false,
      },
      ...{ read: 0, inserted: 0, updated: 0, unchanged: 0, rejected: 0, derived: 0, error: fault },
    };
  }
}

function stateOf(
  member: Member | undefined,
  result: ImportResult,
  failures: ReadonlyMap<bigint, ImportResult>,
): ItemState[] {
  if (member === undefined || !member.isLast) return [];
  const { one } = member;
  const { error } = failures.get(one.item.id) ?? result;
  if (error !== null) {
    const { code, message, hint } = error;
    return [failedState(one, { code, message, hint: hint ?? null })];
  }
  return [
    {
      ...{
        id: one.item.id,
        status: 'synced',
        mark: one.claim.mark,
        contentHash: one.fetched.hash,
        dataset: result.dataset,
        formerDocumentId: one.item.local_document_id,
      },
      ...{ importId: result.importId, change: one.item.is_new ? 'created' : 'updated', bytes: one.fetched.size },
    },
  ];
}

/** A time of 2099 would overrule every other file's word for decades. */
function notLater(told: Date | null): Date {
  const now = new Date();
  return told === null || told > now ? now : told;
}
