/** What a GraphQL server runs around every operation: text checked, snapshots ended, errors made fit to be seen. */
import type { ExecutionResult } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { GraphqlContext } from './context.ts';
import { clientError, inputError } from './errors.ts';
import { TextRule, variablesFault } from './text-rule.ts';

const isStream = (result: unknown): result is AsyncIterable<unknown> =>
  typeof result === 'object' && result !== null && Symbol.asyncIterator in result;

/** The result with its errors as the client may see them. */
export function clientResult(result: ExecutionResult, { requestId, log }: GraphqlContext): ExecutionResult {
  if (result.errors === undefined) return result;
  return { ...result, errors: result.errors.map((error) => clientError(error, requestId, log)) };
}

/** The answer to an operation whose variables hold text that cannot be kept; undefined where they do not. */
function refusalOf(
  variables: Readonly<Record<string, unknown>> | null | undefined,
  context: GraphqlContext,
): ExecutionResult | undefined {
  const fault = variablesFault(variables);
  return fault === undefined ? undefined : clientResult({ errors: [inputError(fault)] }, context);
}

/**
 * For a server whose context is a {@link GraphqlContext}: refuses unfit text, ends the operation's snapshot when it is
 * answered (a subscription's after each event) and masks errors.
 */
export function useOperation(): Plugin<GraphqlContext> {
  return {
    onValidate: ({ addValidationRule }) => addValidationRule(TextRule),
    onExecute: ({ args, setResultAndStopExecution }) => {
      const context = args.contextValue;
      const refusal = refusalOf(args.variableValues, context);
      if (refusal !== undefined) return setResultAndStopExecution(refusal);
      return {
        onExecuteDone: ({ result, setResult }) => {
          // Not awaited: the answer need not wait for the transaction's end.
          void context.reads.refresh();
          if (!isStream(result)) setResult(clientResult(result, context));
        },
      };
    },
    onSubscribe: ({ args, setResultAndStopExecution }) => {
      const context = args.contextValue;
      const refusal = refusalOf(args.variableValues, context);
      if (refusal !== undefined) return setResultAndStopExecution(refusal);
      return {
        onSubscribeResult: ({ result, setResult }) => {
          if (!isStream(result)) setResult(clientResult(result, context));
          return {
            onNext: ({ result: event, setResult: setEvent }) => {
              void context.reads.refresh();
              if (!isStream(event)) setEvent(clientResult(event, context));
            },
            onEnd: () => void context.reads.refresh(),
          };
        },
      };
    },
  };
}
