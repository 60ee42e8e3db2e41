/** GraphQL operations and subscriptions, told to whoever watches. */
import { getOperationAST } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { type OperationSeen, subscriptionsSeen } from './operations-seen.ts';

/** What a request brings along. */
interface Observed {
  readonly seen: OperationSeen;
  /** Aborted when the client leaves. */
  readonly left: AbortSignal;
}

/** For a server: put it last, where errors have their codes. Fills in what each request's `seen` tells. */
export function useObservedOperations(): Plugin<Observed, Observed> {
  return {
    onParse: ({ context: { seen, params } }) => {
      return ({ result }) => {
        if (result === null || result instanceof Error) return;
        const operation = getOperationAST(result, params.operationName);
        seen.name = operation?.name?.value;
        seen.kind = operation?.operation;
      };
    },
    onExecutionResult: ({ context: { seen }, result }) => {
      if (result === undefined || Symbol.asyncIterator in result) return;
      const code: unknown = result.errors?.[0]?.extensions?.['code'];
      if (result.errors !== undefined) seen.code = typeof code === 'string' ? code : 'INTERNAL';
    },
    onSubscribe: ({ args }) => ({
      onSubscribeResult: ({ result }) => {
        if (!(Symbol.asyncIterator in result)) return undefined;
        const ended = Promise.withResolvers<void>();
        void subscriptionsSeen.observe({ name: args.operationName ?? undefined }, () => ended.promise);
        // A stream that its client left before the first event is never asked for one, and so never ends.
        const { left }: Observed = args.contextValue;
        if (left.aborted) ended.resolve();
        else left.addEventListener('abort', () => ended.resolve(), { once: true });
        return { onEnd: ended.resolve };
      },
    }),
  };
}
