/** The settings of what clients may ask: how much, from which pages, and which documents. */
import { resolve } from 'node:path';

export interface LimitSettings {
  /** Points a minute that each actor but an admin may spend; 0 for no limit. */
  readonly rateLimit: number;
  /** Origins of other sites whose pages may ask, such as `https://dashboard.example.org`; none unless set. */
  readonly corsOrigins: readonly string[];
  /** Whether any document is answered, or those alone that are registered (an admin's always are). */
  readonly operations: 'any' | 'registered';
  /** Absolute folder of documents to register beside the project's own. */
  readonly operationsDir: string | undefined;
}

/** Twenty of the dearest operations at once, and a hundred thousand small ones an hour, stay far below. */
export const DEFAULT_RATE_LIMIT = 6_000_000;

/** Reads them through `read`, which gives a setting's text or undefined; what cannot be used is added to `faults`. */
export function readLimitSettings(
  read: (name: string) => string | undefined,
  cwd: string,
  faults: string[],
): LimitSettings {
  const folder = read('CAIRN_OPERATIONS_DIR');
  return {
    rateLimit: readRate(read('CAIRN_RATE_LIMIT'), faults),
    corsOrigins: readOrigins(read('CAIRN_CORS_ORIGINS'), faults),
    operations: readMode(read('CAIRN_OPERATIONS'), faults),
    operationsDir: folder === undefined ? undefined : resolve(cwd, folder),
  };
}

function readRate(text: string | undefined, faults: string[]): number {
  if (text === undefined) return DEFAULT_RATE_LIMIT;
  if (/^\d{1,12}$/.test(text)) return Number(text);
  faults.push('CAIRN_RATE_LIMIT must be a whole number of points a minute, or 0 for no limit');
  return DEFAULT_RATE_LIMIT;
}

function readOrigins(text: string | undefined, faults: string[]): string[] {
  const listed = (text ?? '').split(/[\s,]+/).filter((part) => part !== '');
  const isOrigin = (part: string): boolean =>
    /^https?:\/\//.test(part) && URL.canParse(part) && new URL(part).origin === part;
  // Browsers send an origin in this one form; `*` would open everything to every site.
  if (!listed.every(isOrigin))
    faults.push('CAIRN_CORS_ORIGINS must list origins such as https://dashboard.example.org, without a path or a *');
  return listed;
}

function readMode(text: string | undefined, faults: string[]): LimitSettings['operations'] {
  const mode = text?.toLowerCase() ?? 'any';
  if (mode === 'any' || mode === 'registered') return mode;
  faults.push('CAIRN_OPERATIONS must be any or registered');
  return 'any';
}
