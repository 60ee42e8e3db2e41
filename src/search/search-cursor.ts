import { AppError } from '../kernel/errors.ts';
import type { Hit } from './search.read.ts';

/** The place of a hit among the hits of its query. */
export function encodeHit({ rank, type, key }: Hit): string {
  return Buffer.from(JSON.stringify([rank, type, key])).toString('base64url');
}

/** @throws AppError BAD_USER_INPUT for what is no cursor of a search */
export function decodeHit(cursor: string): Hit {
  const parsed = parse(cursor);
  if (Array.isArray(parsed) && parsed.length === 3) {
    const [rank, type, key]: unknown[] = parsed;
    if (typeof rank === 'number' && isText(type) && isText(key)) return { rank, type, key };
  }
  throw new AppError('BAD_USER_INPUT', '`after` is not a cursor of a search', { path: 'after' });
}

const isText = (value: unknown): value is string =>
  typeof value === 'string' && value.isWellFormed() && !value.includes('\0');

function parse(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    return undefined;
  }
}
