/** What a sync's job is asked to do. */
import { AGAIN } from '../../jobs/job.ts';
import { AppError } from '../../kernel/errors.ts';
import { isJsonObject } from '../../kernel/json.ts';
import { SYNC_JOB_TYPES, type SyncJobType } from '../vocabulary.ts';

/** The kind of the job; also the name of its queue. */
export const SYNC = 'sync';

/** Of a request that an earlier release kept without a name. */
const SOMEBODY = 'schedule:sync';

export interface SyncOrder {
  readonly sourceId: string;
  readonly type: SyncJobType;
  /** Whether somebody has said yes to however many deletes there are. */
  readonly approveDeletes: boolean;
  /** Whether what failed is tried again before its time. */
  readonly retriesAll: boolean;
  /** Asked for while the run was under way: it goes round once more. */
  readonly again: SyncAgain | undefined;
}

export interface SyncAgain {
  readonly type: SyncJobType;
  /** Who asked, as the history names them. */
  readonly by: string;
  /** Whether they said yes to the deletes. */
  readonly approves: boolean;
}

const typeOf = (word: unknown): SyncJobType | undefined => SYNC_JOB_TYPES.find((known) => known === word);

/** @throws AppError BAD_USER_INPUT for what no release of ours has written */
export function syncOrderOf(given: Readonly<Record<string, unknown>>): SyncOrder {
  const { sourceId, approveDeletes } = given;
  const type = typeOf(given['type']);
  if (typeof sourceId !== 'string' || type === undefined)
    throw new AppError('BAD_USER_INPUT', 'This job does not say which source to sync');
  return {
    ...{ sourceId, type, again: againOf(given[AGAIN]) },
    approveDeletes: approveDeletes === true,
    retriesAll: given['retriesAll'] === true,
  };
}

function againOf(given: unknown): SyncAgain | undefined {
  if (!isJsonObject(given)) return undefined;
  const { by, approves } = given;
  const type = typeOf(given['type']);
  return type && { type, by: typeof by === 'string' ? by : SOMEBODY, approves: approves === true };
}
