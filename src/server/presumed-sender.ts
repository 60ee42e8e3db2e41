/** Requests whose sender is presumed: what is read is asked for together with whether that holds. */
import type { Authentication } from '../access/authenticate.ts';
import type { Presumed } from '../access/presumed.ts';
import { hasSameRights } from '../kernel/actor.ts';
import { AppError, asAppError, type ErrorCode } from '../kernel/errors.ts';
import type { RequestAccount } from './request-account.ts';

export interface PresumedSender {
  readonly presumed: Presumed;
  /** @throws AppError UNAUTHENTICATED */
  readonly authenticate: () => Promise<Authentication>;
}

export interface PresumedWork<T> {
  /** The answer that is known to be the presumed sender's own; undefined for what is to be asked in the ordinary way. */
  readonly atOnce: (presumed: Presumed) => Promise<T | undefined>;
  /** The answer to who is authenticated. */
  readonly ordinary: (authentication: Authentication) => Promise<T>;
  readonly account: RequestAccount;
}

/** Whoever waited for a turn in vain, or for a statement that took too long, does not wait for the same again. */
const WAITED: ReadonlySet<ErrorCode> = new Set(['RATE_LIMITED', 'LIMIT_EXCEEDED']);

/**
 * Answers only if the presumption holds; before anything else is done or told, the sender is authenticated. What was wrong
 * with what was asked, and whether that is told, is met again there.
 * @throws AppError UNAUTHENTICATED; whatever the work throws for who is authenticated
 */
export async function answerSender<T>(
  { presumed, authenticate }: PresumedSender,
  { atOnce, ordinary, account }: PresumedWork<T>,
): Promise<T> {
  const { answer, fault } = await orFault(() => atOnce(presumed));
  if (answer !== undefined) return answer;
  try {
    const authentication = await authenticate();
    if (fault !== undefined && WAITED.has(fault.code) && hasSameRights(authentication.actor, presumed.actor))
      throw fault;
    return await ordinary(authentication);
  } catch (thrown) {
    if (asAppError(thrown).code === 'UNAUTHENTICATED') account.close();
    throw thrown;
  }
}

async function orFault<T>(work: () => Promise<T | undefined>): Promise<{ answer?: T | undefined; fault?: AppError }> {
  try {
    return { answer: await work() };
  } catch (thrown) {
    if (thrown instanceof AppError) return { fault: thrown };
    throw thrown;
  }
}
