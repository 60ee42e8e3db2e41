import { isText, readPlace, writePlace } from '../graphql/cursor.ts';
import { AppError } from '../kernel/errors.ts';
import type { Hit } from './hits.read.ts';

/** The place of a hit among the hits of its query. */
export const encodeHit = ({ rank, type, key }: Hit): string => writePlace([rank, type, key]);

/** @throws AppError BAD_USER_INPUT for what is no cursor of a search */
export function decodeHit(cursor: string): Hit {
  const place = readPlace(cursor);
  if (Array.isArray(place) && place.length === 3) {
    const [rank, type, key]: unknown[] = place;
    if (typeof rank === 'number' && isText(type) && isText(key)) return { rank, type, key };
  }
  throw new AppError('BAD_USER_INPUT', '`after` is not a cursor of a search', { path: 'after' });
}
