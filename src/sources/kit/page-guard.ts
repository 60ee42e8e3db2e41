/** A listing that never ends is a fault of the place, not work. */
import { ConnectorError } from '../connector.ts';

/** A token that stays is asked for again twice, as a place that repeats a page by mistake may do once. */
const REPEATS = 3;

export interface PageGuard {
  /**
   * To be asked before each further page, with the token that leads there.
   * @throws ConnectorError transient when it was asked for three times, at once or in a circle
   */
  next(token: string): void;
}

/** One for each pass. `provider` is named in the fault. */
export function createPageGuard(provider: string): PageGuard {
  const seen = new Map<string, number>();
  return {
    next(token) {
      const times = (seen.get(token) ?? 0) + 1;
      seen.set(token, times);
      if (times < REPEATS) return;
      throw new ConnectorError('transient', `${provider} leads to the same page again and again`, {
        hint: 'The listing was ended: it would go on for ever. Nothing is taken as gone.',
      });
    },
  };
}
