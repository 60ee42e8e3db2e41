/** The settings of who may sign in, and where: the address that people use, and an OpenID provider. */
import { ROLES, type Role } from './actor.ts';

export interface OidcSettings {
  /** `https://accounts.example.org`, as the provider's own documents spell it. */
  readonly issuer: string;
  readonly clientId: string;
  /** Undefined for a client without one. */
  readonly clientSecret: string | undefined;
  /** The role of a user made at the first sign-in; undefined: only users that are known come in. */
  readonly defaultRole: Role | undefined;
}

export interface SignInSettings {
  /** Where people reach the server, without a slash at its end; undefined for the address that it listens on. */
  readonly publicUrl: string | undefined;
  readonly oidc: OidcSettings | undefined;
}

type Read = (name: string) => string | undefined;

/** Reads them through `read`, which gives a setting's text or undefined; what cannot be used is added to `faults`. */
export function readSignInSettings(read: Read, faults: string[]): SignInSettings {
  return { publicUrl: readPublicUrl(read('CAIRN_PUBLIC_URL'), faults), oidc: readOidc(read, faults) };
}

function readPublicUrl(text: string | undefined, faults: string[]): string | undefined {
  if (text === undefined) return undefined;
  const url = webAddress(text);
  if (url !== undefined && url.pathname === '/' && url.search === '' && url.hash === '') return url.origin;
  faults.push('CAIRN_PUBLIC_URL must read https://cairn.example.org, without a path');
  return undefined;
}

function readOidc(read: Read, faults: string[]): OidcSettings | undefined {
  const issuer = read('CAIRN_OIDC_ISSUER');
  const clientId = read('CAIRN_OIDC_CLIENT_ID');
  const clientSecret = read('CAIRN_OIDC_CLIENT_SECRET');
  const role = read('CAIRN_OIDC_DEFAULT_ROLE')?.toLowerCase();
  if (issuer === undefined) {
    if (clientId !== undefined || clientSecret !== undefined || role !== undefined)
      faults.push('CAIRN_OIDC_ISSUER must be set where another CAIRN_OIDC_ setting is');
    return undefined;
  }
  const url = webAddress(issuer);
  // Whoever can listen in on a provider without https can sign in as anybody.
  if (url === undefined || (url.protocol === 'http:' && !isLoopback(url)))
    faults.push('CAIRN_OIDC_ISSUER must be an https address (http on this machine alone)');
  if (clientId === undefined) faults.push('CAIRN_OIDC_CLIENT_ID must be set where CAIRN_OIDC_ISSUER is');
  // Everybody whom the provider knows would run the hub.
  const defaultRole = ROLES.find((known) => known === role && known !== 'admin');
  if (role !== undefined && defaultRole === undefined)
    faults.push(`CAIRN_OIDC_DEFAULT_ROLE must be viewer, importer or editor`);
  return { issuer, clientId: clientId ?? '', clientSecret, defaultRole };
}

function webAddress(text: string): URL | undefined {
  const url = /^https?:\/\//i.test(text) && URL.canParse(text) ? new URL(text) : undefined;
  return url?.username === '' && url.password === '' ? url : undefined;
}

/** Whether an address is this machine's own. */
export function isLoopback({ hostname }: URL): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
}
