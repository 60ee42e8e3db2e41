/** For a GraphQL server: subscriptions counted when they open and guarded while they last. */
import type { Plugin } from 'graphql-yoga';
import type { GraphqlContext } from '../graphql/context.ts';
import { clientError } from '../graphql/errors.ts';
import { type EventGuard, guardEvents } from './guarded-events.ts';
import { createSubscriptionGate, type SubscriptionLimits } from './subscription-limits.ts';

type GuardedContext = GraphqlContext & Pick<EventGuard, 'mayStillRead'>;

export function useGuardedSubscriptions(
  limits: SubscriptionLimits,
  onAccessChange: EventGuard['onAccessChange'],
): Plugin<GuardedContext> {
  const gate = createSubscriptionGate(limits);
  return {
    onSubscribe: ({ args, setResultAndStopExecution }) => {
      const context: GuardedContext = args.contextValue;
      let leave: () => void;
      try {
        leave = gate.enter(context.actor.label);
      } catch (thrown) {
        const error = clientError(thrown, context.requestId, context.log);
        setResultAndStopExecution({ errors: [error], extensions: { http: { status: 429 } } });
        return;
      }
      return {
        onSubscribeResult: ({ result, setResult }) => {
          if (!(Symbol.asyncIterator in result)) return leave();
          const { mayStillRead, left } = context;
          const { age, check } = limits;
          const answered = (): void => void context.reads.refresh();
          const end = (): void => {
            leave();
            // Whoever sends the events hears of no end if its client leaves before the first of them.
            void context.reads.end();
          };
          setResult(guardEvents(result, { mayStillRead, left, age, check, onAccessChange, answered, leave: end }));
        },
        onSubscribeError: leave,
      };
    },
  };
}
