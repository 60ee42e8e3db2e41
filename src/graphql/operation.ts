/** What a GraphQL server runs around every operation: text checked, snapshots ended, errors made fit to be seen. */
import type { ExecutionArgs, ExecutionResult } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { AppError } from '../kernel/errors.ts';
import { faultPlace, textFaultIn } from '../kernel/text-fault.ts';
import type { GraphqlContext } from './context.ts';
import { operationCost, requireAffordable } from './cost.ts';
import { clientError } from './errors.ts';
import { TextRule } from './text-rule.ts';
import { withUnfitItems } from './unfit-records.ts';

const isStream = (result: unknown): result is AsyncIterable<unknown> =>
  typeof result === 'object' && result !== null && Symbol.asyncIterator in result;

/** The result with its errors as the client may see them. */
export function clientResult(result: ExecutionResult, { requestId, log }: GraphqlContext): ExecutionResult {
  if (result.errors === undefined) return result;
  return { ...result, errors: result.errors.map((error) => clientError(error, requestId, log)) };
}

/** The answer to an operation that is not executed: its variables hold text that cannot be kept, or it costs too much. */
function refusalOf(args: ExecutionArgs, context: GraphqlContext): ExecutionResult | undefined {
  if (textFaultIn(args.variableValues) !== undefined) args.variableValues = withUnfitItems(args);
  const { variableValues } = args;
  const fault = textFaultIn(variableValues);
  try {
    if (fault !== undefined) throw new AppError('BAD_USER_INPUT', fault, { path: faultPlace(variableValues ?? {}) });
    const cost = operationCost(args);
    if (cost === undefined) return undefined;
    requireAffordable(cost);
    context.charge?.(cost);
    return undefined;
  } catch (thrown) {
    return { errors: [clientError(thrown, context.requestId, context.log)] };
  }
}

/**
 * For a server whose context is a {@link GraphqlContext}: refuses unfit text and what costs too much, ends the operation's
 * snapshot when it is answered (a subscription's after each event) and masks errors.
 */
export function useOperation(): Plugin<GraphqlContext> {
  return {
    onValidate: ({ addValidationRule }) => addValidationRule(TextRule),
    onExecute: ({ args, setResultAndStopExecution }) => {
      const context = args.contextValue;
      const refusal = refusalOf(args, context);
      if (refusal !== undefined) return setResultAndStopExecution(refusal);
      return {
        onExecuteDone: ({ result, setResult }) => {
          // Not awaited: the answer need not wait for the transaction's end.
          void context.reads.end();
          if (!isStream(result)) setResult(clientResult(result, context));
        },
      };
    },
    onSubscribe: ({ args, setResultAndStopExecution }) => {
      const context = args.contextValue;
      const refusal = refusalOf(args, context);
      if (refusal !== undefined) return setResultAndStopExecution(refusal);
      return {
        onSubscribeResult: ({ result, setResult }) => {
          if (!isStream(result)) {
            // Also of a client that left while its list was read: nobody will end the snapshot for it.
            void context.reads.end();
            setResult(clientResult(result, context));
            return undefined;
          }
          return {
            onNext: ({ result: event, setResult: setEvent }) => {
              void context.reads.refresh();
              if (!isStream(event)) setEvent(clientResult(event, context));
            },
            onEnd: () => void context.reads.end(),
          };
        },
      };
    },
  };
}
