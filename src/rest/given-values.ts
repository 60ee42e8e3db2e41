/** Texts of a query as values: dates as GraphQL reads them, and JSON. */
import { GraphQLError } from 'graphql';
import { parseDateTime, parseJson } from '../graphql/scalars.ts';
import { repeatedKey } from '../http/repeated-key.ts';
import { AppError } from '../kernel/errors.ts';
import type { JsonValue } from '../kernel/json.ts';

/** @throws AppError BAD_USER_INPUT for what is no date, or one that there is not */
export const instantOf = (value: unknown, place: string): Date => inWords(place, () => parseDateTime(value));

/** @throws AppError BAD_USER_INPUT for what is no JSON, gives a key twice, or is nested too deep */
export const jsonOf = (value: unknown, place: string): JsonValue =>
  inWords(place, () => parseJson(jsonText(String(value), place)));

/** The value of a JSON text. @throws AppError BAD_USER_INPUT for what is no JSON, or gives a key twice */
export function jsonText(text: string, place: string): unknown {
  const value = parsed(text, place);
  const twice = repeatedKey(text);
  if (twice === undefined) return value;
  throw new AppError('BAD_USER_INPUT', `\`${place}\` gives the key ${JSON.stringify(shownKey(twice))} twice`, {
    path: place,
    hint: 'Give each key once: only the last one would count.',
  });
}

function parsed(text: string, place: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new AppError('BAD_USER_INPUT', `\`${place}\` is no JSON`, { path: place, cause });
  }
}

const shownKey = (key: string): string => key.slice(0, 100).toWellFormed();

/** Scalars complain in GraphQL's form. */
function inWords<T>(place: string, read: () => T): T {
  try {
    return read();
  } catch (thrown) {
    if (!(thrown instanceof GraphQLError)) throw thrown;
    throw new AppError('BAD_USER_INPUT', `\`${place}\`: ${thrown.message}`, { path: place, cause: thrown });
  }
}
