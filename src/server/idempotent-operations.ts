/** The header Idempotency-Key: a mutation sent again under its key answers what it answered, and does nothing. */
import { type DocumentNode, type GraphQLSchema, getOperationAST, type OperationDefinitionNode } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { GraphqlContext } from '../graphql/context.ts';
import { clientError } from '../graphql/errors.ts';
import {
  type KeyedRequest,
  keepAnswer,
  keptAnswer,
  keyedRequest,
  keyRequest,
  LONGEST_ANSWER,
} from '../graphql/idempotency.ts';
import { SpooledUpload } from '../http/upload.ts';
import { AppError } from '../kernel/errors.ts';
import { hashFile } from '../kernel/hash.ts';
import type { GraphqlParams } from './graphql-params.ts';
import { rootFields } from './root-fields.ts';

/** What a request brings along. */
interface Keyed {
  readonly params: GraphqlParams;
  readonly idempotencyKey?: string | undefined;
}

export function useIdempotency(): Plugin<GraphqlContext & Keyed> {
  return {
    onExecute: async ({ args, setResultAndStopExecution }) => {
      const context: GraphqlContext & Keyed = args.contextValue;
      const key = context.idempotencyKey;
      const operation = getOperationAST(args.document, args.operationName);
      // Whatever else asks changes nothing, however often it is sent.
      if (key === undefined || operation?.operation !== 'mutation') return undefined;
      const { database, actor, log, requestId } = context;
      let request: KeyedRequest;
      try {
        requireRepeatable(args.schema, args.document, operation);
        request = keyedRequest(key, await partsOf(context.params), actor);
        const answer = await keptAnswer(database.write, actor.label, request);
        if (answer !== undefined) return setResultAndStopExecution(JSON.parse(answer));
      } catch (thrown) {
        const status = thrown instanceof AppError && thrown.code === 'CONFLICT' ? 409 : 400;
        const errors = [clientError(thrown, requestId, log)];
        return setResultAndStopExecution({ errors, extensions: { http: { status } } });
      }
      keyRequest(context, request);
      return {
        onExecuteDone: async ({ result }) => {
          if (Symbol.asyncIterator in result || result.errors !== undefined) return;
          const answer = JSON.stringify({ data: result.data });
          if (answer.length > LONGEST_ANSWER) return;
          // What was done is done: that the answer could not be kept must not make a failure of it.
          await keepAnswer(database.write, actor.label, request, answer).catch((err: unknown) =>
            log.warn({ err, requestId }, 'an answer could not be kept under its key'),
          );
        },
      };
    },
  };
}

/** Answers that hold a secret are not kept, and what is not kept cannot be answered twice. */
function requireRepeatable(schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode): void {
  const fields = schema.getMutationType()?.getFields() ?? {};
  const strange = rootFields(document, operation.selectionSet).find(
    (name) => fields[name]?.extensions['repeatable'] !== true,
  );
  if (strange !== undefined) throw badKey(`${strange} cannot be sent under an Idempotency-Key: its answer is not kept`);
}

/** What tells the request from every other. */
async function partsOf({ query, variables = {}, operationName = '' }: GraphqlParams): Promise<readonly unknown[]> {
  const files = new Map<unknown, string>();
  for (const upload of uploadsIn(variables)) files.set(upload, (await hashFile(upload.path)).hash);
  const values = JSON.stringify(variables, (_name, value: unknown) => files.get(value) ?? value);
  return [query, operationName, values];
}

function uploadsIn(value: unknown): SpooledUpload[] {
  if (value instanceof SpooledUpload) return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(uploadsIn) : [];
}

const badKey = (message: string): AppError => new AppError('BAD_USER_INPUT', message, { path: 'Idempotency-Key' });
