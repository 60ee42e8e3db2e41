/** A subscription holds a connection for as long as its client likes: bounded in number, in time and by its client's rights. */
import { AppError } from '../kernel/errors.ts';

export interface SubscriptionLimits {
  readonly perActor: number;
  readonly total: number;
  /** Milliseconds after which a client has to subscribe anew. */
  readonly age: number;
  /** Milliseconds between two looks at a silent client's rights: what ends by itself, such as a token that expires, is not told. */
  readonly check: number;
}

export const SUBSCRIPTION_LIMITS: SubscriptionLimits = { perActor: 5, total: 500, age: 3_600_000, check: 15_000 };

export interface SubscriptionGate {
  /**
   * Counts one more subscription of this actor. Returns what ends it, to be called once or more.
   * @throws AppError RATE_LIMITED
   */
  readonly enter: (actorLabel: string) => () => void;
}

export function createSubscriptionGate(limits: SubscriptionLimits): SubscriptionGate {
  const open = new Map<string, number>();
  let total = 0;
  return {
    enter: (actorLabel) => {
      const own = open.get(actorLabel) ?? 0;
      if (own >= limits.perActor || total >= limits.total) {
        throw new AppError('RATE_LIMITED', `No more than ${limits.perActor} subscriptions may be open at once`, {
          hint: 'End one, then subscribe again.',
        });
      }
      open.set(actorLabel, own + 1);
      total += 1;
      let left = false;
      return () => {
        if (left) return;
        left = true;
        total -= 1;
        const rest = (open.get(actorLabel) ?? 1) - 1;
        if (rest > 0) open.set(actorLabel, rest);
        else open.delete(actorLabel);
      };
    },
  };
}
