/** Whether a client still waits for its answer. */
import type { ServerResponse } from 'node:http';

/**
 * Aborted when the client leaves before it has its answer, also where it left before anybody asked. `isCut` says of an
 * answer that was ended as one whether it was cut short all the same.
 */
export function leavingOf(response: ServerResponse, isCut: () => boolean = () => false): AbortSignal {
  const left = new AbortController();
  const look = (): void => {
    if (!response.writableFinished || isCut()) left.abort();
  };
  if (response.destroyed) look();
  else response.on('close', look);
  return left.signal;
}

export interface Shortened {
  /** Aborted when the client leaves, and when its request is cut short. */
  readonly left: AbortSignal;
  readonly cut: () => void;
  readonly isCut: () => boolean;
}

/** What ends a request's work although its client still waits. */
export function shortened(left: AbortSignal): Shortened {
  const either = new AbortController();
  const abort = (): void => either.abort();
  if (left.aborted) abort();
  else left.addEventListener('abort', abort, { once: true });
  let isCut = false;
  return {
    left: either.signal,
    cut: () => {
      isCut = true;
      abort();
    },
    isCut: () => isCut,
  };
}
