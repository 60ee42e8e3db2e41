/** What of a GraphQL request is done once, whoever turns out to have sent it: received, and paid for. */
import { dropUploads } from '../http/upload.ts';
import type { Exchange } from './exchange.ts';
import { type ParamsLimits, type ParseInTurn, type ReceivedOperation, receiveOperation } from './graphql-params.ts';
import { type Shortened, shortened } from './leaving.ts';
import type { OperationSeen } from './operations-seen.ts';
import type { RateLimits } from './rate-limits.ts';
import { type RequestAccount, requestAccount } from './request-account.ts';

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
  /** Parses in a turn of the sender's where the body is large. @throws AppError BAD_USER_INPUT, LIMIT_EXCEEDED; the same each time */
  readonly receive: (inTurn: ParseInTurn) => Promise<ReceivedOperation>;
  readonly account: RequestAccount;
  /** Deletes the files that came with it. */
  readonly drop: () => Promise<void>;
}

export function openRequest(route: RequestOptions, { request, response, url }: Exchange): GraphqlRequest {
  let received: Promise<ReceivedOperation> | undefined;
  return {
    seen: { name: undefined, kind: undefined, code: undefined },
    // What is cut short by a stop was finished as an answer, but is not as a stream of events.
    ...shortened(response, () => route.stopping.aborted),
    receive: (inTurn) => {
      received ??= receiveOperation(request, url, route.uploads, route.limits, inTurn);
      return received;
    },
    account: requestAccount(route.rates, response),
    drop: async () => {
      const came = await received?.catch(() => undefined);
      if (came !== undefined) await dropUploads(came.uploads);
    },
  };
}
