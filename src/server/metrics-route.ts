/** /metrics: for whoever has a token or session, also while the database that would vouch for it does not answer. */
import { type AccessOptions, type Authentication, authenticate } from '../access/authenticate.ts';
import { HttpError } from '../http/http-error.ts';
import { send } from '../http/respond.ts';
import { AppError, asAppError } from '../kernel/errors.ts';
import { hashBytes } from '../kernel/hash.ts';
import type { Exchange } from './exchange.ts';
import type { Metrics } from './metrics/metrics.ts';
import { withPatience } from './patience.ts';

/** A database that hangs must not make whoever scrapes give up first. */
const PATIENCE_MS = 3_000;
/** For this long a token that opened the metrics opens them again while it cannot be looked up. */
const REMEMBERED_MS = 3_600_000;
const MOST_REMEMBERED = 16;

export interface MetricsRoute {
  /**
   * Answers a scrape, or leaves it to `stranger` to answer whoever has neither token nor session.
   * @throws AppError FORBIDDEN for an actor limited to some contexts, DATABASE_UNREACHABLE
   */
  readonly answer: (exchange: Exchange, stranger: (exchange: Exchange) => void) => Promise<void>;
}

/** What a scrape needs: any role, and no limit to contexts, since the figures are of all of them. */
export function createMetricsRoute(
  access: AccessOptions,
  metrics: Metrics,
  now: () => number = Date.now,
): MetricsRoute {
  /** By the hash of what was sent. */
  const admitted = new Map<string, number>();
  const admit = async (exchange: Exchange): Promise<Authentication | null | 'remembered'> => {
    const { request, secure } = exchange;
    const { authorization } = request.headers;
    const key = authorization === undefined ? undefined : hashBytes(authorization);
    const since = key === undefined ? undefined : admitted.get(key);
    try {
      const asked = authenticate(access, request.headers, secure);
      const authentication = await (since === undefined ? asked : withPatience(asked, PATIENCE_MS));
      if (key !== undefined) remember(admitted, key, authentication !== null && mayRead(authentication), now());
      return authentication;
    } catch (thrown) {
      if (asAppError(thrown).kind !== 'transient' || since === undefined || now() - since > REMEMBERED_MS) throw thrown;
      return 'remembered';
    }
  };
  return {
    answer: async (exchange, stranger) => {
      const { method } = exchange.request;
      const admission = await admit(exchange);
      if (admission === null) return stranger(exchange);
      if (admission !== 'remembered' && !mayRead(admission)) {
        throw new AppError('FORBIDDEN', 'The metrics are of all contexts, and this token is limited to some', {
          hint: 'Use a token without scopes.',
        });
      }
      if (method !== 'GET' && method !== 'HEAD') throw new HttpError(405, 'BAD_USER_INPUT', '/metrics answers GET');
      send(exchange.response, { status: 200, ...(await metrics.render()) });
    },
  };
}

function mayRead({ actor }: Authentication): boolean {
  return actor.scopes === undefined;
}

function remember(admitted: Map<string, number>, key: string, may: boolean, at: number): void {
  admitted.delete(key);
  if (!may) return;
  const oldest = admitted.keys().next().value;
  if (admitted.size >= MOST_REMEMBERED && oldest !== undefined) admitted.delete(oldest);
  admitted.set(key, at);
}
