import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Database } from '../database/connect.ts';
import { PROJECT_ROOT } from '../kernel/config.ts';
import type { Log } from '../kernel/log.ts';

export interface Health {
  readonly status: 'ok' | 'unavailable';
  readonly version: string;
  readonly database: 'ok' | 'unreachable';
}

/** The version in package.json. */
export function readVersion(): string {
  const parsed: unknown = JSON.parse(readFileSync(join(PROJECT_ROOT, 'package.json'), 'utf8'));
  const version: unknown = typeof parsed === 'object' && parsed !== null ? Reflect.get(parsed, 'version') : undefined;
  return typeof version === 'string' ? version : 'unknown';
}

/** Whether the database answers; why it does not is for the log, not for whoever asks without a token. */
export async function checkHealth(database: Pick<Database, 'read'>, version: string, log: Log): Promise<Health> {
  try {
    await database.read.query('SELECT 1');
    return { status: 'ok', version, database: 'ok' };
  } catch (err) {
    log.warn({ err }, 'the database does not answer');
    return { status: 'unavailable', version, database: 'unreachable' };
  }
}
