/** What goes wrong with one item: a line that says why and when it is tried again, never a failed run. */
import type { ConnectorError, ConnectorErrorKind } from '../connector.ts';

export interface FaultLine {
  readonly error: { readonly code: string; readonly message: string; readonly hint: string | null };
  /** From now on; null where trying again alone would change nothing. */
  readonly retrySeconds: number | null;
}

const HOUR = 3_600;
const DAY = 86_400;

/** Of one item; every other kind is about the whole place. */
const OF_ITEMS: ReadonlySet<ConnectorErrorKind> = new Set([
  'forbidden',
  'not-found',
  'too-large',
  'conflict',
  'quota',
  'transient',
]);

/** Whether the fault is the item's own. */
export const isOfItem = ({ kind }: ConnectorError): boolean => OF_ITEMS.has(kind);

/** `attempts` counts this one. What the place could not do just now is tried soon; what it refused in an hour, then twice as late each time. */
export function faultLine({ kind, message, hint }: ConnectorError, attempts: number): FaultLine {
  const soon = kind === 'transient' || kind === 'conflict';
  const doubled = (soon ? 60 : HOUR) * 2 ** Math.min(attempts - 1, 12);
  return {
    error: {
      code: kind.replace('-', '_').toUpperCase(),
      message: message.slice(0, 1_000).toWellFormed().replaceAll('\0', ''),
      hint: hint ?? null,
    },
    retrySeconds: Math.min(doubled, DAY),
  };
}
