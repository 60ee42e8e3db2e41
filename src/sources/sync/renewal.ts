/** A token that the place refuses is renewed once: the second refusal is no matter of time. */
import { type ConnectorContext, ConnectorError } from '../connector.ts';

export interface Renewable {
  readonly context: ConnectorContext;
  /** Does `work`, and once more with another token where the first was refused. @throws ConnectorError auth-revoked after that */
  readonly renewing: <T>(work: () => Promise<T>) => Promise<T>;
}

export function renewable(context: ConnectorContext): Renewable {
  let last: string | undefined;
  let rejected: string | undefined;
  const auth: ConnectorContext['auth'] = {
    get: async (options) => {
      const refused = options?.rejected ?? rejected;
      const token = await context.auth.get(refused === undefined ? {} : { rejected: refused });
      last = token.accessToken;
      return token;
    },
  };
  const isExpired = (thrown: unknown): thrown is ConnectorError =>
    thrown instanceof ConnectorError && thrown.kind === 'auth-expired';
  return {
    context: { ...context, auth },
    renewing: async (work) => {
      const before = last;
      try {
        return await work();
      } catch (thrown) {
        if (!isExpired(thrown)) throw thrown;
        // Of those that were refused at once, one is renewed for all.
        rejected = before === last || before === undefined ? last : before;
        try {
          return await work();
        } catch (again) {
          if (!isExpired(again)) throw again;
          throw new ConnectorError('auth-revoked', again.message, {
            cause: again,
            status: again.status,
            hint: again.hint,
          });
        }
      }
    },
  };
}
