/** The schema answering as the server has it answer, without HTTP: parsed, validated, compiled, errors masked. */
import { GraphQLError } from 'graphql';
import { createYoga } from 'graphql-yoga';
import { useCompiledExecution } from '../../src/graphql/compiled.ts';
import { createContext, type GraphqlContext } from '../../src/graphql/context.ts';
import { clientError } from '../../src/graphql/errors.ts';
import { useOperation } from '../../src/graphql/operation.ts';
import { registrySlot } from '../../src/ingest/by-hand.ts';
import { loadRegistry } from '../../src/ingest/registry.ts';
import type { Actor } from '../../src/kernel/actor.ts';
import { createLog, type Log } from '../../src/kernel/log.ts';
import { loadSchema } from '../../src/server/schema.ts';
import { TESTER, type TestDatabase } from './database.ts';

export interface Answer {
  readonly data?: unknown;
  readonly errors?: readonly {
    readonly message: string;
    readonly path?: readonly (string | number)[];
    readonly extensions: Readonly<Record<string, unknown>>;
  }[];
}

export type Ask = (
  document: string,
  variables?: Readonly<Record<string, unknown>>,
  operationName?: string,
) => Promise<Answer>;

export interface GraphqlOptions {
  readonly actor?: Actor;
  readonly log?: Log;
  /** False: graphql executes documents itself. */
  readonly compiled?: boolean;
}

const schema = await loadSchema();
const registry = await loadRegistry();

const isMasked = (error: unknown): error is GraphQLError =>
  error instanceof GraphQLError && error.extensions['requestId'] !== undefined;

/** A function that asks the schema over `database`, every operation with a context of its own. */
export function graphqlOver(database: TestDatabase, options: GraphqlOptions = {}): Ask {
  const { actor = TESTER, log = createLog({ level: 'error' }), compiled = true } = options;
  const yoga = createYoga<GraphqlContext>({
    schema,
    logging: false,
    plugins: [useOperation(), ...(compiled ? [useCompiledExecution()] : [])],
    // What the operation masked already keeps what it says, as in the server.
    maskedErrors: { maskError: (error) => (isMasked(error) ? error : clientError(error, 'test', log)) },
  });
  return async (query, variables = {}, operationName) => {
    const context = createContext({ actor, requestId: 'test', log, database });
    registrySlot.set(context, registry);
    const response = await yoga.fetch(
      'http://test/graphql',
      {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'application/json' },
        body: JSON.stringify({ query, variables, operationName }),
      },
      context,
    );
    const answer: Answer = await response.json();
    // The snapshot's end is not waited for by the answer; the next test looks for connections left open.
    await context.reads.refresh();
    return answer;
  };
}

/** The data of an answer without errors, at a path of names and indexes such as `researches.edges.0.node`. */
export function dataAt(answer: Answer, path: string): unknown {
  if (answer.errors !== undefined) throw new Error(`Errors: ${JSON.stringify(answer.errors)}`);
  return path
    .split('.')
    .reduce<unknown>(
      (value, name) => (typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined),
      answer.data,
    );
}

/** The codes of an answer's errors. */
export const codesOf = (answer: Answer): unknown[] => (answer.errors ?? []).map(({ extensions }) => extensions['code']);
