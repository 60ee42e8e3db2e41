/** What a sync's job is asked to do. */
import { AppError } from '../../kernel/errors.ts';
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
  readonly again: SyncJobType | undefined;
  /** Who did, as the history names them. */
  readonly againBy: string;
  /** Whether they said yes to the deletes. */
  readonly againApproves: boolean;
}

/** @throws AppError BAD_USER_INPUT for what no release of ours has written */
export function syncOrderOf(given: Readonly<Record<string, unknown>>): SyncOrder {
  const { sourceId, approveDeletes } = given;
  const type = SYNC_JOB_TYPES.find((known) => known === given['type']);
  if (typeof sourceId !== 'string' || type === undefined)
    throw new AppError('BAD_USER_INPUT', 'This job does not say which source to sync');
  const again = SYNC_JOB_TYPES.find((known) => known === given['again']);
  const { againBy, againApproves } = given;
  return {
    ...{ sourceId, type, again },
    approveDeletes: approveDeletes === true,
    retriesAll: given['retriesAll'] === true,
    againBy: typeof againBy === 'string' ? againBy : SOMEBODY,
    againApproves: againApproves === true,
  };
}
