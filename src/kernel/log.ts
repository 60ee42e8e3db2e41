/** Structured logs on stderr (stdout belongs to a command's own answer): pretty on a terminal, JSON lines elsewhere. */
import { createRequire } from 'node:module';
import { type DestinationStream, destination, type Logger, pino, stdSerializers } from 'pino';
import type { LogLevel } from './config.ts';
import { AppError } from './errors.ts';

export type Log = Logger;

export interface LogOptions {
  readonly level: LogLevel;
  /** Values that are cut out of every line, wherever they stand: a driver's message may quote a connection string. */
  readonly secrets?: readonly string[];
  readonly pretty?: boolean;
  /** Where lines go; stderr unless given. */
  readonly stream?: DestinationStream;
}

/** Keys that carry secrets by their name, at the top of a line or one level down. */
const SECRET_KEYS = [
  'password',
  'token',
  'adminToken',
  'authorization',
  'cookie',
  'secret',
  'databaseUrl',
  'ownerUrl',
  'apiUrl',
];
const REDACTED = '[redacted]';
/** The password within any URL: `scheme://user:password@`. */
const URL_PASSWORD = /(\b[a-z][a-z0-9+.-]*:\/\/[^\s:/@"]+:)[^\s@"]+@/gi;

/** A logger. Lines are written before the call returns, so that the last words of a dying process are not lost. */
export function createLog(options: LogOptions): Log {
  const secrets = (options.secrets ?? []).filter((secret) => secret !== '');
  const stream = options.stream ?? (options.pretty ? prettyStream() : destination({ dest: 2, sync: true }));
  return pino(
    {
      level: options.level,
      base: null,
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      serializers: { err: serialiseError },
      redact: { paths: SECRET_KEYS.flatMap((key) => [key, `*.${key}`, `*.*.${key}`]), censor: REDACTED },
      hooks: { streamWrite: (line) => withoutSecrets(line, secrets) },
    },
    stream,
  );
}

/** For a terminal; loaded when there is one. */
function prettyStream(): DestinationStream {
  const { PinoPretty }: typeof import('pino-pretty') = createRequire(import.meta.url)('pino-pretty');
  return PinoPretty({ destination: 2, sync: true });
}

/** Nothing is written: for tests and for callers that have no log. */
export function silentLog(): Log {
  return pino({ level: 'silent' });
}

function withoutSecrets(line: string, secrets: readonly string[]): string {
  const withoutKnown = secrets.reduce((text, secret) => text.replaceAll(secret, REDACTED), line);
  return withoutKnown.replace(URL_PASSWORD, `$1${REDACTED}@`);
}

function serialiseError(error: Error): object {
  const plain = stdSerializers.errWithCause(error);
  return error instanceof AppError ? { ...plain, code: error.code, kind: error.kind, hint: error.hint } : plain;
}
