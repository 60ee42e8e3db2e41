/** What a sync's job is asked to do. */
import { AGAIN } from '../../jobs/job.ts';
import { AppError } from '../../kernel/errors.ts';
import { isJsonObject } from '../../kernel/json.ts';
import { SYNC_JOB_TYPES, type SyncJobType } from '../vocabulary.ts';

/** The kind of the job; also the name of its queue. */
export const SYNC = 'sync';

/** Of a request that was kept without a name. */
const SOMEBODY = 'schedule:sync';

/** The member of its arguments that lists who asked for it beside whoever did first: people and scripts, not schedules. */
export const ALSO_FOR = 'alsoFor';

export interface SyncOrder {
  readonly sourceId: string;
  readonly type: SyncJobType;
  /** Whether somebody has said yes to however many deletes there are. */
  readonly approveDeletes: boolean;
  /** Whether what failed is tried again before its time. */
  readonly retriesAll: boolean;
  /** Asked for while the run was under way: it goes round once more. */
  readonly again: SyncAgain | undefined;
  /** Who asked for it beside whoever did first. */
  readonly alsoFor: readonly string[];
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
  const { sourceId, approveDeletes, [ALSO_FOR]: alsoFor } = given;
  const type = typeOf(given['type']);
  if (typeof sourceId !== 'string' || type === undefined)
    throw new AppError('BAD_USER_INPUT', 'This job does not say which source to sync');
  return {
    ...{ sourceId, type, again: againOf(given) },
    alsoFor: Array.isArray(alsoFor) ? alsoFor.filter((label) => typeof label === 'string') : [],
    approveDeletes: approveDeletes === true,
    retriesAll: given['retriesAll'] === true,
  };
}

function againOf(given: Readonly<Record<string, unknown>>): SyncAgain | undefined {
  const { [AGAIN]: again, againBy, againApproves } = given;
  // As releases wrote it that an upgrade may find under way.
  const { by, approves, ...asked } = isJsonObject(again)
    ? again
    : { type: again, by: againBy, approves: againApproves };
  const type = typeOf(asked.type);
  return type && { type, by: typeof by === 'string' ? by : SOMEBODY, approves: approves === true };
}
