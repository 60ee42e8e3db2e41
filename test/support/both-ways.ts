/** One query answered twice: by ordinary execution, and as a compiled document. */
import type { ExecutionArgs } from 'graphql';
import { createYoga, type Plugin } from 'graphql-yoga';
import { afterAll } from 'vitest';
import { createContext, type GraphqlContext } from '../../src/graphql/context.ts';
import { createDocuments } from '../../src/graphql/documents/documents.ts';
import { useOperation } from '../../src/graphql/operation.ts';
import type { Actor } from '../../src/kernel/actor.ts';
import { createLog } from '../../src/kernel/log.ts';
import { loadSchema } from '../../src/server/schema.ts';
import { TESTER, type TestDatabase } from './database.ts';
import { recordQueries } from './queries.ts';

export interface BothAnswers {
  /** The body as graphql's own execution gives it. */
  readonly ordinary: string;
  /** The body as the compiled document gives it; undefined where that leaves it to the other. */
  readonly compiled: string | undefined;
  /** What the compiled way sent to the database. */
  readonly statements: readonly string[];
}

export type AskBoth = (
  query: string,
  variables?: Readonly<Record<string, unknown>>,
  actor?: Actor,
) => Promise<BothAnswers>;

const schema = await loadSchema();
const silent = createLog({ level: 'fatal' });

/** A function that asks `database` both ways. Every document is known to the compiled way when that is asked. */
export function askBothWays(database: TestDatabase): AskBoth {
  const documents = createDocuments();
  const sent = recordQueries(database.read);
  afterAll(sent.stop);
  let executed: ExecutionArgs | undefined;
  const noted: Plugin<GraphqlContext> = {
    onExecute: ({ args }) => {
      executed = args;
    },
  };
  const yoga = createYoga<GraphqlContext>({
    schema,
    logging: false,
    maskedErrors: false,
    plugins: [useOperation(), noted],
  });
  return async (query, variables = {}, actor = TESTER) => {
    const parts = { actor, requestId: 'test', log: silent, database };
    executed = undefined;
    const context = createContext(parts);
    const response = await yoga.fetch(
      'http://test/graphql',
      {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'application/json' },
        body: JSON.stringify({ query, variables }),
      },
      context,
    );
    const ordinary = await response.text();
    // The snapshot's end is not waited for by the answer; the next test looks for connections left open.
    await context.reads.refresh();
    if (executed !== undefined) documents.remember(executed, query);
    sent.clear();
    const answered = await documents.answer({ query, variables }, createContext(parts));
    return { ordinary, compiled: answered?.text.toString(), statements: sent.statements() };
  };
}
