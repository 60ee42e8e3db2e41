/** What of a GraphQL request is done once, whoever turns out to have sent it: received, and paid for. */
import { dropUploads } from '../http/upload.ts';
import { type Actor, hasSameRights } from '../kernel/actor.ts';
import type { Exchange } from './exchange.ts';
import { type ParamsLimits, type ParseInTurn, type ReceivedOperation, receiveOperation } from './graphql-params.ts';
import { leavingOf, type Shortened, shortened } from './leaving.ts';
import type { OperationSeen } from './observed-operations.ts';
import { type Account, type RateLimits, REQUEST_POINTS } from './rate-limits.ts';

export interface RequestOptions {
  /** Folder that uploads are spooled to. */
  readonly uploads: string;
  readonly limits: ParamsLimits;
  readonly rates: RateLimits;
  /** Aborted when the server stops: a stream would otherwise keep it from ending. */
  readonly stopping: AbortSignal;
}

export interface GraphqlRequest extends Shortened {
  readonly seen: OperationSeen;
  /** A large body is parsed in a turn of its sender's. @throws AppError BAD_USER_INPUT, LIMIT_EXCEEDED; the same each time */
  readonly receive: (inTurn: ParseInTurn) => Promise<ReceivedOperation>;
  /** What the actor pays by, the request itself being paid for. @throws AppError RATE_LIMITED */
  readonly accountOf: (actor: Actor) => Account;
  /** Takes back what the answer's headers say of an account. */
  readonly closeAccount: () => void;
  /** Deletes the files that came with it. */
  readonly drop: () => Promise<void>;
}

const ACCOUNT_HEADERS = ['ratelimit-policy', 'ratelimit', 'x-cairn-cost', 'retry-after'];

export function openRequest(route: RequestOptions, { request, response, url }: Exchange): GraphqlRequest {
  let received: Promise<ReceivedOperation> | undefined;
  let opened: { readonly actor: Actor; readonly account: Account } | undefined;
  const closeAccount = (): void => {
    opened = undefined;
    for (const name of ACCOUNT_HEADERS) response.removeHeader(name);
  };
  return {
    seen: { name: undefined, kind: undefined, code: undefined },
    // What is cut short by a stop was finished as an answer, but is not as a stream of events.
    ...shortened(leavingOf(response, () => route.stopping.aborted)),
    receive: (inTurn) => {
      received ??= receiveOperation(request, url, route.uploads, route.limits, inTurn);
      return received;
    },
    accountOf: (actor) => {
      if (opened !== undefined && hasSameRights(opened.actor, actor)) return opened.account;
      closeAccount();
      const account = route.rates.open(actor, response);
      account.charge(REQUEST_POINTS);
      // An operation is paid for once, whichever of two ways has answered it.
      opened = { actor, account: { charge: once(account.charge), received: once(account.received) } };
      return opened.account;
    },
    closeAccount,
    drop: async () => {
      const came = await received?.catch(() => undefined);
      if (came !== undefined) await dropUploads(came.uploads);
    },
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
