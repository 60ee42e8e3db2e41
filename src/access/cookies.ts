/** The cookies: of a session, and of a browser on its way to the OpenID provider. */
import { ATTEMPT_MINUTES } from './oidc-attempts.ts';
import { SESSION_DAYS } from './sessions.ts';

type CookieName = 'session' | 'attempt';

const AGE_SECONDS: Record<CookieName, number> = { session: SESSION_DAYS * 86_400, attempt: ATTEMPT_MINUTES * 60 };

/** Browsers accept `__Host-` only with Secure, so it stands on https alone; it keeps sibling hosts from planting a cookie. */
function fullName(name: CookieName, secure: boolean): string {
  return `${secure ? '__Host-' : ''}cairn_${name}`;
}

function readCookie(name: CookieName, header: string | undefined, secure: boolean): string | undefined {
  const start = `${fullName(name, secure)}=`;
  return header
    ?.split(';')
    .map((part) => part.trim())
    .find((part) => part.startsWith(start))
    ?.slice(start.length);
}

/** Lax, not Strict: coming back from the provider a browser sends no Strict cookie. */
function writeCookie(name: CookieName, secret: string | undefined, secure: boolean): string {
  const age = secret === undefined ? 0 : AGE_SECONDS[name];
  const attributes = `Path=/; HttpOnly; SameSite=Lax; Max-Age=${age}${secure ? '; Secure' : ''}`;
  return `${fullName(name, secure)}=${secret ?? ''}; ${attributes}`;
}

/** The session's secret in a Cookie header, or undefined. */
export const readSessionCookie = (header: string | undefined, secure: boolean): string | undefined =>
  readCookie('session', header, secure);

/** The Set-Cookie header that keeps a session's `secret`, or, without one, that forgets it. */
export const sessionCookie = (secret: string | undefined, secure: boolean): string =>
  writeCookie('session', secret, secure);

/** The secret of an attempt to sign in, or undefined. */
export const readAttemptCookie = (header: string | undefined, secure: boolean): string | undefined =>
  readCookie('attempt', header, secure);

/** The Set-Cookie header that keeps an attempt's `secret`, or, without one, that forgets it. */
export const attemptCookie = (secret: string | undefined, secure: boolean): string =>
  writeCookie('attempt', secret, secure);
