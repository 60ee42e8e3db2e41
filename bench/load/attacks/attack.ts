/** What a hostile client is. Each class is one {@link Attack}, repeated on its lanes until the time is up. */
import type { Agent } from 'node:http';
import { ask } from '../../clients/ask.ts';
import type { Random } from '../../random.ts';

/** The HTTP status; `closed` where the server ended the connection instead; `left` where the client broke off itself. */
export type Outcome = number | 'closed' | 'left';

export interface Field {
  readonly url: string;
  /** Tokens of hostile viewers and of a hostile editor. */
  readonly viewers: readonly [string, ...string[]];
  readonly editor: string;
  readonly random: Random;
  readonly agent: Agent;
  /** Aborted when the time is up. */
  readonly signal: AbortSignal;
}

export interface Attack {
  readonly name: string;
  /** So many do it at once. */
  readonly lanes: number;
  /** What the server may make of it, beside 429 and 503 (too much at once) and 413 and 408 (too large or too slow). */
  readonly may: readonly Outcome[];
  readonly run: (field: Field) => Promise<Outcome>;
}

/** What any attack may be answered: that it is too much. */
export const TOO_MUCH: readonly Outcome[] = [429, 503, 413, 408];

export const bearer = (token: string): Record<string, string> => ({
  authorization: `Bearer ${token}`,
  'content-type': 'application/json',
});

/** Sends a body to /graphql, as one of the viewers unless told otherwise. */
export async function post(
  field: Field,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<Outcome> {
  const { agent, random, signal, url, viewers } = field;
  const all = { ...bearer(random.pick(viewers)), ...headers };
  try {
    const target = new URL('/graphql', url);
    return (await ask({ agent, url: target, headers: all, body: Buffer.from(body), signal })).status;
  } catch {
    return signal.aborted ? 'left' : 'closed';
  }
}

/** Sends an operation. */
export const postQuery = (field: Field, query: string, variables: object = {}, token?: string): Promise<Outcome> =>
  post(field, JSON.stringify({ query, variables }), token === undefined ? {} : bearer(token));

/** `count` pieces of text, one after the other. */
export const repeat = (count: number, piece: (number: number) => string, between = ' '): string =>
  Array.from({ length: count }, (_, number) => piece(number)).join(between);
