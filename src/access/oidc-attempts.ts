/** Browsers on their way to the OpenID provider and back: each may come back once, within ten minutes. */
import type { Database } from '../database/connect.ts';
import { AppError } from '../kernel/errors.ts';
import { newSecret, secretHash } from './secret.ts';
import { ask } from './statement.ts';

type Pools = Pick<Database, 'write'>;

export const ATTEMPT_MINUTES = 10;

/** Far more than people sign in at once; who asks for more fills the table. */
const MOST_ATTEMPTS = 10_000;

/** Remembers one more; returns its secret, for the browser's cookie. @throws AppError RATE_LIMITED */
export async function beginAttempt({ write }: Pools): Promise<string> {
  const secret = newSecret();
  const begun = await ask(
    write,
    'attempt begin',
    `WITH given_up AS (DELETE FROM sign_in_attempts WHERE expires_at < now())
     INSERT INTO sign_in_attempts (hash, expires_at)
     SELECT $1, now() + interval '${ATTEMPT_MINUTES} minutes'
      WHERE (SELECT count(*) FROM sign_in_attempts WHERE expires_at > now()) < ${MOST_ATTEMPTS}
     RETURNING id`,
    [secretHash(secret)],
  );
  if (begun.length === 1) return secret;
  throw new AppError('RATE_LIMITED', 'Too many people are signing in at once', { hint: 'Try again in a few minutes.' });
}

/** Uses the attempt of a secret up. @throws AppError UNAUTHENTICATED when there is none, or no more */
export async function endAttempt({ write }: Pools, secret: string | undefined): Promise<string> {
  const ended =
    secret === undefined
      ? []
      : await ask(
          write,
          'attempt end',
          'DELETE FROM sign_in_attempts WHERE hash = $1 AND expires_at > now() RETURNING id',
          [secretHash(secret)],
        );
  if (secret !== undefined && ended.length === 1) return secret;
  throw new AppError('UNAUTHENTICATED', 'This sign-in was not begun in this browser, or is over already', {
    hint: `Sign in again; it may take ${ATTEMPT_MINUTES} minutes.`,
  });
}
