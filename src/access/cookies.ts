/** The session cookie. */
import { SESSION_DAYS } from './sessions.ts';

/** Browsers accept `__Host-` only with Secure, so it stands on https alone; it keeps sibling hosts from planting a cookie. */
function cookieName(secure: boolean): string {
  return secure ? '__Host-cairn_session' : 'cairn_session';
}

/** The session's secret in a Cookie header, or undefined. */
export function readSessionCookie(header: string | undefined, secure: boolean): string | undefined {
  const start = `${cookieName(secure)}=`;
  return header
    ?.split(';')
    .map((part) => part.trim())
    .find((part) => part.startsWith(start))
    ?.slice(start.length);
}

/** The Set-Cookie header that keeps `secret`, or, without one, that forgets it. */
export function sessionCookie(secret: string | undefined, secure: boolean): string {
  const age = secret === undefined ? 0 : SESSION_DAYS * 86_400;
  const attributes = `Path=/; HttpOnly; SameSite=Lax; Max-Age=${age}${secure ? '; Secure' : ''}`;
  return `${cookieName(secure)}=${secret ?? ''}; ${attributes}`;
}
