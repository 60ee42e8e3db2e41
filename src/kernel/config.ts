/** The settings, read in this one place so that a start reports every fault at once and no module reaches for the environment. */
import { readFileSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { parseEnv } from 'node:util';
import { type CrashSetting, readCrashSetting } from './crash-point.ts';
import { AppError } from './errors.ts';
import { type LimitSettings, readLimitSettings } from './limit-settings.ts';
import { readSignInSettings, type SignInSettings } from './sign-in-settings.ts';
import { readSourceSettings, type SourceSettings, sourceSecretsOf } from './source-settings.ts';
import { readTracing, type TracingSettings } from './tracing-settings.ts';

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** What one process does: answer requests, or run jobs and look after what nobody asks for. Several may share one database. */
export const SERVE_ROLES = ['web', 'worker'] as const;
export type ServeRole = (typeof SERVE_ROLES)[number];

export interface Config extends LimitSettings, SignInSettings, SourceSettings {
  /** TCP port of the HTTP server; 0 lets the system choose. */
  readonly port: number;
  readonly host: string;
  /** TCP port on which a process that only works answers /health and /metrics; 0 lets the system choose. */
  readonly workerPort?: number | undefined;
  /** The owner's connection to a server of the user's own; undefined means the embedded server. */
  readonly databaseUrl: string | undefined;
  /** Absolute. Holds the embedded cluster, uploaded files and exports. */
  readonly dataDir: string;
  /** A bearer token with every right, for first set-up and scripts. */
  readonly adminToken: string | undefined;
  /** Absolute folders that imports by path through the API may read. */
  readonly importRoots: readonly string[];
  readonly logLevel: LogLevel;
  /** What `serve` does unless its command line says otherwise; both unless set. */
  readonly roles: readonly ServeRole[];
  /** Where traces are sent; undefined for nowhere. */
  readonly tracing?: TracingSettings | undefined;
  /** Where this process kills itself, for those who test that nothing comes of it. */
  readonly crash?: CrashSetting | undefined;
}

/** The project's own folder: `samples/`, `prisma/` and `package.json` live there. */
export const PROJECT_ROOT = resolve(import.meta.dirname, '..', '..');

/** The process's environment, over the `.env` file of `folder` if there is one. */
export function readEnvironment(folder: string = PROJECT_ROOT): Record<string, string | undefined> {
  let file = '';
  try {
    file = readFileSync(join(folder, '.env'), 'utf8');
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause && cause.code === 'ENOENT')) throw cause;
  }
  return { ...parseEnv(file), ...process.env };
}

/** A shorter one can be guessed, and the token opens everything: the server warns of it. */
export const SAFE_TOKEN_LENGTH = 16;

/**
 * Reads every setting from `env`; an empty value counts as unset. Relative paths are relative to `cwd`.
 * @throws AppError CONFIG_INVALID naming every faulty setting, without its value (it may be a secret).
 */
export function readConfig(env: Readonly<Record<string, string | undefined>>, cwd: string = process.cwd()): Config {
  const faults: string[] = [];
  const read = (name: string): string | undefined => env[name]?.trim() || undefined;
  const dataDir = resolve(cwd, read('CAIRN_DATA_DIR') ?? '.cairn');
  const config: Config = {
    port: readPort('PORT', read('PORT'), 4000, faults),
    host: readHost(read('HOST'), faults),
    workerPort: readPort('CAIRN_WORKER_PORT', read('CAIRN_WORKER_PORT'), 4001, faults),
    databaseUrl: readDatabaseUrl(read('DATABASE_URL'), faults),
    dataDir,
    adminToken: readToken(read('CAIRN_ADMIN_TOKEN'), faults),
    importRoots: readRoots(read('CAIRN_IMPORT_ROOTS'), cwd, dataDir),
    logLevel: readLevel(read('CAIRN_LOG_LEVEL'), faults),
    roles: readRoles(read('CAIRN_ROLES'), faults),
    tracing: readTracing(read, faults),
    crash: readCrashSetting(read('CAIRN_CRASH'), faults),
    ...readLimitSettings(read, cwd, faults),
    ...readSignInSettings(read, faults),
    ...readSourceSettings(read, faults),
  };
  if (faults.length === 0) return config;
  throw new AppError(
    'CONFIG_INVALID',
    `Settings that cannot be used:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`,
    {
      hint: 'Correct them in the environment or in .env (see .env.example) and start again.',
    },
  );
}

/** The values that no log line may ever hold. */
export function secretsOf(config: Config): string[] {
  const password = config.databaseUrl === undefined ? '' : new URL(config.databaseUrl).password;
  // A header's short value is no secret, and would be cut out of the middle of words.
  const headers = Object.values(config.tracing?.headers ?? {}).filter((value) => value.length >= 8);
  const settings = [config.adminToken, config.oidc?.clientSecret, password, decodeURIComponent(password)];
  return [...settings, ...headers, ...sourceSecretsOf(config)].filter(
    (secret): secret is string => secret !== undefined && secret !== '',
  );
}

function readPort(name: string, text: string | undefined, standard: number, faults: string[]): number {
  if (text === undefined) return standard;
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (port <= 65_535) return port;
  faults.push(`${name} must be a whole number from 0 to 65535`);
  return 0;
}

function readHost(text: string | undefined, faults: string[]): string {
  if (text !== undefined && /[\s/]/.test(text))
    faults.push('HOST must be a host name or an address, without a scheme or a path');
  return text ?? '127.0.0.1';
}

function readDatabaseUrl(text: string | undefined, faults: string[]): string | undefined {
  if (text === undefined) return undefined;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^postgres(ql)?:$/.test(url.protocol)) {
    faults.push('DATABASE_URL must read postgresql://user:password@host:port/database');
    return undefined;
  }
  if (url.username === '') faults.push('DATABASE_URL must name the user that owns the tables');
  // The application role's password is derived from this one; without it that password could be computed by anyone.
  if (url.password === '') faults.push('DATABASE_URL must carry the password of its user');
  if (![url.username, url.password, url.pathname].every(isPercentEncoded))
    faults.push('DATABASE_URL must write a % of its user, password or database as %25');
  if (url.pathname.length < 2) faults.push('DATABASE_URL must name a database after the host');
  return text;
}

/** Whether every % in a part of an address begins a code of a character. */
function isPercentEncoded(part: string): boolean {
  try {
    decodeURIComponent(part);
    return true;
  } catch {
    return false;
  }
}

function readToken(text: string | undefined, faults: string[]): string | undefined {
  if (text === undefined) return undefined;
  if (/[^\x21-\x7e]/.test(text))
    faults.push('CAIRN_ADMIN_TOKEN must be printable ASCII without spaces, as it travels in a header');
  return text;
}

function readRoots(text: string | undefined, cwd: string, dataDir: string): string[] {
  const listed = (text ?? '').split(delimiter).filter((part) => part.trim() !== '');
  return listed.length === 0
    ? [join(dataDir, 'inbox'), join(PROJECT_ROOT, 'samples')]
    : listed.map((part) => resolve(cwd, part.trim()));
}

function readLevel(text: string | undefined, faults: string[]): LogLevel {
  const level = LOG_LEVELS.find((known) => known === (text ?? 'info').toLowerCase());
  if (level === undefined) faults.push(`CAIRN_LOG_LEVEL must be one of ${LOG_LEVELS.join(', ')}`);
  return level ?? 'info';
}

function readRoles(text: string | undefined, faults: string[]): readonly ServeRole[] {
  const listed = (text ?? SERVE_ROLES.join()).split(/[\s,]+/).filter((part) => part !== '');
  const roles = SERVE_ROLES.filter((role) => listed.includes(role));
  if (roles.length > 0 && listed.every((part) => SERVE_ROLES.some((role) => role === part))) return roles;
  faults.push(`CAIRN_ROLES must list one or more of ${SERVE_ROLES.join(', ')}`);
  return SERVE_ROLES;
}
