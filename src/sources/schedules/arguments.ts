/** What a schedule asks its jobs for, by kind: checked when it is made, and anew when it is due. */
import { isUuid } from '../../graphql/values.ts';
import { type Actor, hasRole, type Role } from '../../kernel/actor.ts';
import { AppError } from '../../kernel/errors.ts';
import { type Right, requireRight } from '../../kernel/rights.ts';
import { SOURCES_SCOPE, SYNC_JOB_TYPES } from '../vocabulary.ts';
import { SCHEDULED_KINDS, type ScheduledKind } from './schedules.read.ts';

export type ScheduleArguments = Readonly<Record<string, unknown>>;

/** Days that a clean-up keeps what has ended, unless told otherwise. */
export const KEPT_DAYS = 90;
const MOST_DAYS = 3_650;
const MOST_EXPORTS = 100;

const RIGHTS: Record<ScheduledKind, Right> = {
  sync: { role: 'importer', scope: SOURCES_SCOPE },
  export: { role: 'viewer' },
  'clean-up': { role: 'admin' },
  'write-back': { role: 'editor', scope: SOURCES_SCOPE },
};

/** @throws AppError BAD_USER_INPUT */
export function scheduledKind(text: string): ScheduledKind {
  const kind = SCHEDULED_KINDS.find((known) => known === text);
  if (kind !== undefined) return kind;
  throw refused('jobKind', `is one of ${SCHEDULED_KINDS.join(', ')}`);
}

/** Who may have this asked for in their name. @throws AppError FORBIDDEN */
export function requireScheduling(actor: Actor, kind: ScheduledKind): void {
  requireRight({ actor }, RIGHTS[kind]);
  if (kind === 'clean-up' && actor.scopes !== undefined) {
    throw new AppError('FORBIDDEN', 'The logs are of all contexts, and your rights are limited to some', {
      hint: 'Ask an administrator without scopes.',
    });
  }
}

/** Whether the actor may change what others of the team have made. */
export const mayChangeOthers = (actor: Actor): boolean => hasRole(actor, 'admin' satisfies Role);

/** The arguments as they are kept. @throws AppError BAD_USER_INPUT naming what the kind does not take */
export function checkedArguments(kind: ScheduledKind, given: ScheduleArguments): ScheduleArguments {
  const taken = {
    sync: ['type', 'priority'],
    export: ['exports'],
    'clean-up': ['olderThanDays'],
    'write-back': ['writeBackId'],
  }[kind];
  const unknown = Object.keys(given).find((name) => !taken.includes(name));
  if (unknown !== undefined) throw refused(`arguments.${unknown.slice(0, 50)}`, `is not taken by ${kind}`);
  const { type = 'incremental', priority = 0, exports: names, olderThanDays = KEPT_DAYS } = given;
  if (kind === 'sync') {
    if (!SYNC_JOB_TYPES.some((known) => known === type))
      throw refused('arguments.type', `is one of ${SYNC_JOB_TYPES.join(', ')}`);
    if (!isWhole(priority, -10, 10)) throw refused('arguments.priority', 'is a whole number from -10 to 10');
    return { type, priority };
  }
  if (kind === 'clean-up') {
    if (!isWhole(olderThanDays, 1, MOST_DAYS))
      throw refused('arguments.olderThanDays', `is a whole number of days from 1 to ${MOST_DAYS}`);
    return { olderThanDays };
  }
  if (kind === 'write-back') {
    const { writeBackId } = given;
    if (writeBackId === undefined) return {};
    if (typeof writeBackId !== 'string' || !isUuid(writeBackId))
      throw refused('arguments.writeBackId', 'is the key of a write-back');
    return { writeBackId };
  }
  if (names === undefined) return {};
  const isList = Array.isArray(names) && names.length > 0 && names.length <= MOST_EXPORTS;
  if (!isList || !names.every((name: unknown) => typeof name === 'string' && name !== ''))
    throw refused('arguments.exports', `is a list of 1 to ${MOST_EXPORTS} names of exports`);
  return { exports: names };
}

const isWhole = (value: unknown, least: number, most: number): boolean =>
  typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most;

const refused = (path: string, words: string): AppError =>
  new AppError('BAD_USER_INPUT', `\`${path}\` ${words}`, { path });
