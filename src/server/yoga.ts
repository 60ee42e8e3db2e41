/** The GraphQL server: Yoga with everything closed that a browser or a large document could open. */
import type { DocumentNode, ExecutionResult, GraphQLSchema } from 'graphql';
import { createYoga, type Plugin, type YogaServerInstance, type YogaServerOptions } from 'graphql-yoga';
import type { Telling } from '../database/actors-query.ts';
import type { Database } from '../database/connect.ts';
import { useCompiledExecution } from '../graphql/compiled.ts';
import { createContext, fillLater, type GraphqlContext } from '../graphql/context.ts';
import { type Answered, createDocuments, type Documents } from '../graphql/documents/documents.ts';
import { clientError } from '../graphql/errors.ts';
import { useOperation } from '../graphql/operation.ts';
import { type InTurn, setTurn } from '../graphql/turn.ts';
import type { Actor } from '../kernel/actor.ts';
import { AppError } from '../kernel/errors.ts';
import type { Log } from '../kernel/log.ts';
import { createRecent } from '../kernel/recent.ts';
import { useTurns } from './fair-operations.ts';
import type { GraphqlParams } from './graphql-params.ts';
import { useGuardedSubscriptions } from './guarded-subscriptions.ts';
import { useIdempotency } from './idempotent-operations.ts';
import { useDocumentLimits } from './limited-documents.ts';
import { useObservedOperations } from './observed-operations.ts';
import type { OperationSeen } from './operations-seen.ts';
import { SUBSCRIPTION_LIMITS, type SubscriptionLimits } from './subscription-limits.ts';

/** What one request brings along. */
export interface RequestParts {
  readonly actor: Actor;
  readonly requestId: string;
  readonly params: GraphqlParams;
  /** The header under which a mutation may be sent again. */
  readonly idempotencyKey: string | undefined;
  /** Whether the request's token or session still opens what it opened. */
  readonly mayStillRead: () => Promise<boolean>;
  /** Aborted when the client leaves before it has its answer. */
  readonly left: AbortSignal;
  /** Takes points from what the actor may spend. @throws AppError RATE_LIMITED */
  readonly charge: (points: number) => void;
  /** Resolved when the document has been parsed and validated. */
  readonly read: PromiseWithResolvers<void>;
  /** Runs what asks the database when the actor's turn has come. @throws AppError RATE_LIMITED */
  readonly inTurn: InTurn;
  /** What is told of the operation to whoever watches; filled in as far as it becomes known. */
  readonly seen: OperationSeen;
}

export interface GraphqlOptions {
  readonly schema: GraphQLSchema;
  readonly database: Database;
  readonly log: Log;
  /** Fills the context's slots with what higher layers bring along. */
  readonly fillContext: (context: GraphqlContext) => void;
  readonly subscriptions?: SubscriptionLimits;
  /** Calls `look` whenever somebody's rights were changed; returns what ends that. */
  readonly onAccessChange: (look: () => void) => () => void;
}

export interface GraphqlServer {
  /**
   * The answer to a query that was executed before and compiled since; undefined for what is to be executed. Of an actor that
   * is presumed `telling` asks whether it still is who it was: undefined as well where it is not.
   */
  readonly answer: (parts: RequestParts, telling?: Telling) => Promise<Answered | undefined>;
  /** Executes an operation. */
  readonly yoga: YogaServerInstance<RequestParts, GraphqlContext>;
}

type ServerPlugin = Plugin<GraphqlContext & RequestParts, RequestParts>;

/** Enough to see what is wrong; a document with thousands of faults must not be answered by thousands of errors. */
const MOST_ERRORS = 5;

/** Characters of documents that are kept parsed. A dashboard's are a hundred thousand; each takes some fifty bytes. */
const MOST_DOCUMENT_TEXT = 300_000;

/** Builds the server. Requests come to it authenticated, read and parsed: it sees no body. */
export function createGraphqlServer(options: GraphqlOptions): GraphqlServer {
  const { schema, database, log, fillContext } = options;
  const documents = createDocuments();
  const contextFor = ({ actor, requestId, left, charge, inTurn }: RequestParts, telling?: Telling): GraphqlContext => {
    const context = createContext({ actor, requestId, log, database, left, charge, ...(telling && { telling }) });
    setTurn(context, inTurn);
    fillLater(context, fillContext);
    return context;
  };
  const yoga = createYoga<RequestParts, GraphqlContext>({
    schema,
    cors: false,
    batching: false,
    multipart: false,
    graphiql: false,
    landingPage: false,
    maxRequestBodySize: false,
    logging: {
      debug: (...parts) => log.trace({ parts }, 'yoga'),
      info: (...parts) => log.debug({ parts }, 'yoga'),
      warn: (...parts) => log.warn({ parts }, 'yoga'),
      // What it logs as an error is masked and logged below, with the request's id.
      error: (...parts) => log.debug({ parts }, 'yoga'),
    },
    // Ours masks, and knows the request's id; Yoga's would put its own text over it.
    parserAndValidationCache: keptDocuments(),
    maskedErrors: { isDev: false, maskError: (error) => asError(error) },
    context: (parts) => contextFor(parts),
    plugins: [
      useReceivedParams(),
      useRead(),
      useDocumentLimits(),
      useOperation(),
      useGuardedSubscriptions(options.subscriptions ?? SUBSCRIPTION_LIMITS, options.onAccessChange),
      useIdempotency(),
      useCompiledExecution(),
      useTurns(),
      useRemembered(documents),
      useClientErrors(log),
      useObservedOperations(),
    ],
  });
  return { yoga, answer: (parts, telling) => documents.answer(parts.params, contextFor(parts, telling)) };
}

/**
 * Parsed documents, each with what validation and compiling made of it, for some kilobytes of text each. By number alone, as
 * Yoga keeps them, a thousand of the largest would take gigabytes. What cannot be parsed is parsed again: an error holds on
 * to whatever was called when it was made.
 */
function keptDocuments(): YogaServerOptions<RequestParts, GraphqlContext>['parserAndValidationCache'] {
  return {
    documentCache: createRecent<DocumentNode>(MOST_DOCUMENT_TEXT, (text) => text.length),
    errorCache: { get: () => undefined, set: () => undefined },
    validationCache: true,
  };
}

/** Tells that a document has been read. */
function useRead(): ServerPlugin {
  return {
    onExecute: ({ context }) => context.read.resolve(),
    onSubscribe: ({ args }) => args.contextValue.read.resolve(),
  };
}

/** Documents that have come as far as their execution are compiled when they are sent again. */
function useRemembered(documents: Documents): ServerPlugin {
  return { onExecute: ({ args, context }) => documents.remember(args, context.params.query) };
}

/** The operation comes parsed with the request, so that no parser of Yoga's reads (or quotes) a body. */
function useReceivedParams(): ServerPlugin {
  return {
    onRequestParse: ({ serverContext, setRequestParser }) => setRequestParser(() => ({ ...serverContext.params })),
  };
}

const STATUS: Readonly<Record<string, number>> = {
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  RATE_LIMITED: 429,
  INTERNAL: 500,
};

/** The last word on every answer: errors that no one has masked yet, at most five, and a status where nothing was executed. */
function useClientErrors(log: Log): ServerPlugin {
  return {
    onExecutionResult: ({ result, setResult, context }) => {
      if (result === undefined || Symbol.asyncIterator in result || result.errors === undefined) return;
      // Beside a limit the other rules' complaints about the same document say nothing.
      const limit = result.errors.find((error) => error.extensions?.['code'] === 'LIMIT_EXCEEDED');
      const errors = (limit === undefined ? result.errors.slice(0, MOST_ERRORS) : [limit]).map((error) =>
        error.extensions?.['requestId'] === undefined ? clientError(error, context.requestId, log) : error,
      );
      const { data, extensions } = result;
      setResult(withStatus({ errors, ...(data !== undefined && { data }), ...(extensions && { extensions }) }));
    },
  };
}

/** An operation that was refused whole is answered by a 4xx; one that answered in part is a 200, as the specification says. */
function withStatus(result: ExecutionResult): ExecutionResult {
  const code = result.errors?.[0]?.extensions['code'];
  const refused = result.data === undefined || (result.data === null && code === 'LIMIT_EXCEEDED');
  if (!refused || result.extensions?.['http'] !== undefined) return result;
  const { data: _none, ...rest } = result;
  return { ...rest, extensions: { ...result.extensions, http: { status: STATUS[String(code)] ?? 400 } } };
}

function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new AppError('INTERNAL', String(thrown));
}
