/** What one request pays by, whoever turns out to have sent it. */
import type { ServerResponse } from 'node:http';
import { type Actor, hasSameRights } from '../kernel/actor.ts';
import { type Account, type RateLimits, REQUEST_POINTS } from './rate-limits.ts';

export interface RequestAccount {
  /** What the actor pays by, the request itself being paid for. @throws AppError RATE_LIMITED */
  readonly of: (actor: Actor) => Account;
  /** Takes back what the answer's headers say of an account. */
  readonly close: () => void;
}

const ACCOUNT_HEADERS = ['ratelimit-policy', 'ratelimit', 'x-cairn-cost', 'retry-after'];

/** An answer is paid for once, and so is what came with its request, whichever of two ways has answered it. */
export function requestAccount(rates: RateLimits, response: ServerResponse): RequestAccount {
  let opened: { readonly actor: Actor; readonly account: Account } | undefined;
  let isTold = false;
  const close = (): void => {
    opened = undefined;
    if (isTold) for (const name of ACCOUNT_HEADERS) response.removeHeader(name);
  };
  return {
    of: (actor) => {
      if (opened !== undefined && hasSameRights(opened.actor, actor)) return opened.account;
      close();
      isTold = true;
      const account = rates.open(actor, response);
      account.charge(REQUEST_POINTS);
      opened = { actor, account: { charge: once(account.charge), received: once(account.received) } };
      return opened.account;
    },
    close,
  };
}

/** What fails is not done: it may be tried again. */
function once(pay: (amount: number) => void): (amount: number) => void {
  let isPaid = false;
  return (amount) => {
    if (isPaid) return;
    pay(amount);
    isPaid = true;
  };
}
