/** The settings of what lies outside: who may be spoken with, which keys seal secrets, and as whom the hub asks providers. */
import { isIP } from 'node:net';

/** Providers that sources sign in at; each has settings of its own. */
export const OAUTH_PROVIDERS = ['dropbox', 'google', 'microsoft', 'slack', 'notion'] as const;
export type OauthProvider = (typeof OAUTH_PROVIDERS)[number];

/** The hub's registration at a provider. */
export interface OauthClient {
  readonly clientId: string;
  readonly clientSecret: string | undefined;
  /** What signs its webhooks, where that is not the client's secret. */
  readonly signingSecret: string | undefined;
  /** As whom its webhooks are signed, where an account of the customer's own signs them (Google): its e-mail. */
  readonly pushAccount?: string | undefined;
  /** Whose accounts sign in, where the provider asks for that (Microsoft). */
  readonly tenant: string | undefined;
}

export interface SealingKey {
  /** Written into what it seals, such as `k1`. */
  readonly id: string;
  /** 32 bytes. */
  readonly key: Buffer;
}

export interface SourceSettings {
  /** Hosts, addresses and ranges of private networks that may be spoken with. */
  readonly allowPrivate: readonly string[];
  /** Origins of providers and where they are led. */
  readonly outboundRoutes: Readonly<Record<string, string>>;
  /** The first seals; all open. None: a key of the data folder's own. */
  readonly keys: readonly SealingKey[];
  readonly oauthClients: Readonly<Partial<Record<OauthProvider, OauthClient>>>;
}

/** What these sign their webhooks with, or show in them, is neither the client's secret nor made by us. */
const SIGNING: readonly OauthProvider[] = ['slack', 'notion', 'google'];
const WITH_ACCOUNTS: readonly OauthProvider[] = ['google'];
const WITH_TENANTS: readonly OauthProvider[] = ['microsoft'];

type Read = (name: string) => string | undefined;

/** Reads them through `read`, which gives a setting's text or undefined; what cannot be used is added to `faults`. */
export function readSourceSettings(read: Read, faults: string[]): SourceSettings {
  return {
    allowPrivate: readAllowed(read('CAIRN_ALLOW_PRIVATE'), faults),
    outboundRoutes: readRoutes(read('CAIRN_OUTBOUND_ROUTES'), faults),
    keys: readKeys(read('CAIRN_KEYS'), faults),
    oauthClients: Object.fromEntries(
      OAUTH_PROVIDERS.flatMap((provider) => {
        const client = readClient(provider, read, faults);
        return client === undefined ? [] : [[provider, client]];
      }),
    ),
  };
}

/** The values among them that no log line may ever hold. */
export function sourceSecretsOf({ keys, oauthClients }: SourceSettings): string[] {
  const clients = Object.values(oauthClients).flatMap(({ clientSecret, signingSecret }) => [
    clientSecret,
    signingSecret,
  ]);
  return [...keys.map(({ key }) => key.toString('base64')), ...clients].filter((secret) => secret !== undefined);
}

function readAllowed(text: string | undefined, faults: string[]): string[] {
  const listed = (text ?? '').split(/[\s,]+/).filter((part) => part !== '');
  const isUsable = (part: string): boolean => {
    const [address = '', prefix, ...rest] = part.split('/');
    const family = isIP(address);
    if (family === 0) return /^[a-z0-9_-]+(\.[a-z0-9_-]+)*\.?$/i.test(part);
    if (prefix === undefined) return true;
    return rest.length === 0 && /^\d{1,3}$/.test(prefix) && Number(prefix) <= (family === 4 ? 32 : 128);
  };
  if (listed.every(isUsable)) return listed;
  faults.push('CAIRN_ALLOW_PRIVATE must list hosts, addresses or ranges, such as minio.example.org, 10.1.0.0/16');
  return [];
}

function readRoutes(text: string | undefined, faults: string[]): Record<string, string> {
  if (text === undefined) return {};
  const routes = parsedObject(text);
  const isOrigin = (origin: string): boolean => isWeb(origin) && new URL(origin).origin === origin;
  const entries = Object.entries(routes ?? { '': undefined });
  const isTarget = (target: unknown): target is string => typeof target === 'string' && isWeb(target);
  const usable = entries.filter((entry): entry is [string, string] => isOrigin(entry[0]) && isTarget(entry[1]));
  if (usable.length !== entries.length)
    faults.push('CAIRN_OUTBOUND_ROUTES must be a JSON object of origins and addresses, both with http or https');
  return Object.fromEntries(usable);
}

function parsedObject(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

const isWeb = (address: string): boolean => {
  const url = /^https?:\/\//i.test(address) && URL.canParse(address) ? new URL(address) : undefined;
  return url !== undefined && url.username === '' && url.password === '';
};

const KEY_FORM = /^([a-z0-9-]{1,20}):([A-Za-z0-9+/_-]{43}=?)$/;

function readKeys(text: string | undefined, faults: string[]): SealingKey[] {
  if (text === undefined) return [];
  const keys = readKeyList(text);
  if (keys !== undefined) return keys;
  faults.push(
    'CAIRN_KEYS must list keys such as k2:BASE64,k1:BASE64, each with a name of its own and 32 bytes in base64',
  );
  return [];
}

/** Keys as the setting and the key file write them; undefined where they cannot be read. */
export function readKeyList(text: string): SealingKey[] | undefined {
  const listed = text.split(/[\s,]+/).filter((part) => part !== '');
  const keys = listed.flatMap((part) => {
    const [, id, key] = KEY_FORM.exec(part) ?? [];
    return id === undefined || key === undefined ? [] : [{ id, key: Buffer.from(key, 'base64') }];
  });
  const isWhole = keys.length === listed.length && keys.every(({ key }) => key.length === 32);
  return isWhole && keys.length > 0 && new Set(keys.map(({ id }) => id)).size === keys.length ? keys : undefined;
}

function readClient(provider: OauthProvider, read: Read, faults: string[]): OauthClient | undefined {
  const name = `CAIRN_OAUTH_${provider.toUpperCase()}`;
  const clientId = read(`${name}_CLIENT_ID`);
  const clientSecret = read(`${name}_CLIENT_SECRET`);
  const signingSecret = SIGNING.includes(provider) ? read(`${name}_SIGNING_SECRET`) : undefined;
  const pushAccount = WITH_ACCOUNTS.includes(provider) ? read(`${name}_PUSH_ACCOUNT`)?.toLowerCase() : undefined;
  const tenant = WITH_TENANTS.includes(provider) ? read(`${name}_TENANT`) : undefined;
  if (clientId !== undefined) {
    if (tenant !== undefined && !/^[\w.-]+$/.test(tenant))
      faults.push(`${name}_TENANT must be a tenant's id or domain`);
    if (pushAccount !== undefined && !/^[^\s@]+@[^\s@]+$/.test(pushAccount))
      faults.push(`${name}_PUSH_ACCOUNT must be the e-mail of a service account`);
    if (pushAccount !== undefined && read('CAIRN_PUBLIC_URL') === undefined)
      faults.push(`CAIRN_PUBLIC_URL must be set where ${name}_PUSH_ACCOUNT is: the calls are signed for that address`);
    return { clientId, clientSecret, signingSecret, tenant, ...(pushAccount !== undefined && { pushAccount }) };
  }
  if ([clientSecret, signingSecret, pushAccount, tenant].some((setting) => setting !== undefined))
    faults.push(`${name}_CLIENT_ID must be set where another ${name}_ setting is`);
  return undefined;
}
