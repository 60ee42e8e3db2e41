/** Access tokens of a fake: one opens the place, the ones before it are refused, and a grant can be gone. */
import { ConnectorError, type TokenSource } from '../../src/sources/connector.ts';

export interface FakeTokens {
  /** What a connector's context has: a new token only for one that was refused, none once the grant is gone. */
  readonly auth: TokenSource;
  readonly expire: () => void;
  readonly revoke: () => void;
  readonly heal: () => void;
  /** Why this token does not open the place; undefined where it does. */
  readonly refusal: (token: string | undefined) => 'expired-token' | 'revoked-token' | undefined;
}

export function createFakeTokens(): FakeTokens {
  let number = 1;
  let given = 1;
  let isRevoked = false;
  const name = (of: number): string => `fake-token-${of}`;
  return {
    auth: {
      get: async (options) => {
        if (options?.rejected === name(given)) {
          if (isRevoked) throw new ConnectorError('auth-revoked', 'The grant is gone', { hint: 'Connect it again.' });
          given = number;
        }
        return { accessToken: name(given), expiresAt: new Date(Date.now() + 3_600_000) };
      },
    },
    expire: () => {
      number += 1;
    },
    revoke: () => {
      isRevoked = true;
    },
    heal: () => {
      isRevoked = false;
    },
    refusal: (token) => {
      if (isRevoked) return 'revoked-token';
      return token === name(number) ? undefined : 'expired-token';
    },
  };
}
