/** Texts of a query as values: dates as GraphQL reads them, and JSON. */
import { GraphQLError } from 'graphql';
import { parseDateTime, parseJson } from '../graphql/scalars.ts';
import { AppError } from '../kernel/errors.ts';
import type { JsonValue } from '../kernel/json.ts';

/** @throws AppError BAD_USER_INPUT for what is no date, or one that there is not */
export const instantOf = (value: unknown, place: string): Date => inWords(place, () => parseDateTime(value));

/** @throws AppError BAD_USER_INPUT for what is no JSON, or nested too deep */
export const jsonOf = (value: unknown, place: string): JsonValue => inWords(place, () => parseJson(parsed(value)));

function parsed(value: unknown): unknown {
  try {
    return JSON.parse(String(value));
  } catch {
    throw new GraphQLError('This is no JSON');
  }
}

/** Scalars complain in GraphQL's form. */
function inWords<T>(place: string, read: () => T): T {
  try {
    return read();
  } catch (thrown) {
    if (!(thrown instanceof GraphQLError)) throw thrown;
    throw new AppError('BAD_USER_INPUT', `\`${place}\`: ${thrown.message}`, { path: place, cause: thrown });
  }
}
